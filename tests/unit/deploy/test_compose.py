"""deploy/compose.yaml: each command and setting in it exists, and the engines stay on loopback."""

from __future__ import annotations

import re
from dataclasses import fields
from importlib.util import find_spec
from typing import Any

import pytest
import yaml
from typer.main import get_command

from bot.cli import app
from bot.settings import ROOT, Settings, load_settings
from bot.supervisor.parts import METRICS_FOLDER, environment

DEPLOY = ROOT / "deploy"
SETTINGS = {item.metadata["name"] for item in fields(Settings)}
AROUND = {"POSTGRES_PASSWORD", "FORWARDED_ALLOW_IPS"}
"""Not the desk's own: of the database's image, and of uvicorn."""
KINDS = {"web": "WEB_PROCESSES", "engine": "ENGINE_PROCESSES", "actions": "ACTION_PROCESSES"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def ours(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The services that are made of our image."""
    return {name: service for name, service in compose["services"].items() if service["image"] == "madoguchi"}


@pytest.fixture(scope="module")
def processes(ours: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The services that are processes of the desk."""
    return {name: service for name, service in ours.items() if name not in ("place", "migrate")}


def example() -> dict[str, str]:
    """What stands in madoguchi.env.example, also behind a #."""
    text = (DEPLOY / "madoguchi.env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


def test_every_command_exists(ours: dict[str, dict[str, Any]]) -> None:
    known = get_command(app).commands  # type: ignore[attr-defined]
    for name, service in ours.items():
        match service["command"]:
            case ["python", "-m", module, *_]:
                assert find_spec(module), name
            case ["madoguchi", command]:
                assert command in known, name
            case other:
                assert other == ["sleep", "infinity"], name


def test_every_setting_exists(ours: dict[str, dict[str, Any]]) -> None:
    set_by_the_supervisor = {*environment({}), METRICS_FOLDER}
    for service in ours.values():
        assert set(service.get("environment", {})) <= SETTINGS | set_by_the_supervisor
    assert set(example()) <= SETTINGS | AROUND


def test_nothing_is_missing_that_the_supervisor_would_set(processes: dict[str, dict[str, Any]]) -> None:
    for service in processes.values():
        given = {name: service["environment"].get(name) for name in environment({})}
        assert given == environment({})
        assert service["environment"][METRICS_FOLDER] in [volume.split(":")[1] for volume in service["volumes"]]


def test_what_the_desk_is_told_is_what_it_accepts(processes: dict[str, dict[str, Any]]) -> None:
    told = {name: re.sub(r"\$\{.*?\}", "given", value) for name, value in processes["web"]["environment"].items()}
    settings = load_settings({**told, "PUBLIC_URL": example()["PUBLIC_URL"]})
    assert settings.production
    assert settings.database.startswith("postgresql")


def test_what_must_be_set_is_asked_for_and_stands_in_the_example() -> None:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    needed = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert needed == set(re.findall(r"\$\{([A-Z_]+):\?", text)) == {"SECRET_KEY", "PUBLIC_URL", "POSTGRES_PASSWORD"}
    assert needed <= set(example())


@pytest.mark.parametrize(("kind", "setting"), KINDS.items())
def test_there_are_as_many_of_a_kind_as_the_settings_say(
    processes: dict[str, dict[str, Any]], kind: str, setting: str
) -> None:
    found = [service for name, service in processes.items() if name.split("-")[0] == kind]
    assert {service["environment"][setting] for service in processes.values()} == {str(len(found))}
    if kind != "web":
        assert [service["command"][3] for service in found] == [str(number + 1) for number in range(len(found))]


def test_the_parts_share_one_loopback_and_only_the_front_is_published(
    compose: dict[str, Any], processes: dict[str, dict[str, Any]]
) -> None:
    for service in processes.values():
        assert (service["network_mode"], service["pid"]) == ("service:place", "service:place")
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}
    assert published == {"place": [f"127.0.0.1:{Settings().web_port}:{Settings().web_port}"]}


def test_all_of_ours_run_without_rights_they_do_not_need(ours: dict[str, dict[str, Any]]) -> None:
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.search(r"^USER madoguchi$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)


def test_every_name_that_is_referred_to_exists(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        assert set(service.get("depends_on", {})) <= set(compose["services"])
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert named <= set(compose["volumes"])
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_the_image_is_made_of_files_that_are_there() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert all((ROOT / name).exists() for line in copied for name in line.split())


def test_no_key_and_no_data_gets_into_the_image() -> None:
    left_out = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    kept_from_git = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    for name in ("var", ".env", ".venv", "models", "deploy/madoguchi.env"):
        assert name in left_out
        assert name in kept_from_git


def test_the_image_takes_the_lock_as_it_is() -> None:
    """It holds what uv's overrides allow and pip's own search would refuse."""
    [installed] = re.findall(r"pip install (.+) -r requirements.lock", (DEPLOY / "Dockerfile").read_text())
    assert {"--no-deps", "--require-hashes"} <= set(installed.split())
