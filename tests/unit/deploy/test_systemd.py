"""deploy/systemd: systemd itself accepts the units, and what they start and set exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from typer.main import get_command

from bot.cli import app
from bot.settings import ROOT
from bot.supervisor.parts import METRICS_FOLDER, environment
from tests.unit.deploy.test_compose import SETTINGS

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
HARDENED = {
    "NoNewPrivileges=yes",
    "CapabilityBoundingSet=",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
    "SystemCallFilter=@system-service",
}


def lines(unit: Path) -> list[str]:
    return unit.read_text(encoding="utf-8").splitlines()


def values(unit: Path, key: str) -> list[str]:
    return [line.partition("=")[2] for line in lines(unit) if line.startswith(f"{key}=")]


def test_there_is_a_unit_for_every_kind_of_process() -> None:
    kinds = ("actions@", "engine@", "migrate", "web@", "worker")
    assert [unit.name for unit in UNITS] == [f"madoguchi-{kind}.service" for kind in kinds]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_what_a_unit_starts_and_sets_exists(unit: Path) -> None:
    [command] = values(unit, "ExecStart")
    if module := re.fullmatch(r"/opt/madoguchi/\.venv/bin/python -m (\S+)(?: %i)?", command):
        assert find_spec(module[1])
    else:
        name = command.removeprefix("/opt/madoguchi/.venv/bin/madoguchi ")
        assert name in get_command(app).commands  # type: ignore[attr-defined]
    given = dict(pair.split("=", 1) for line in values(unit, "Environment") for pair in line.split())
    assert {name: given.get(name) for name in environment({})} == environment({})
    assert set(given) <= SETTINGS | {*environment({}), METRICS_FOLDER}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_shut_in(unit: Path) -> None:
    assert set(lines(unit)) >= HARDENED
    assert values(unit, "User") == ["madoguchi"]


@pytest.mark.needs("systemd")
def test_systemd_accepts_them(tmp_path: Path) -> None:
    assert verified(tmp_path) == ""


@pytest.mark.needs("systemd")
def test_systemd_would_not_accept_a_mistake(tmp_path: Path) -> None:
    assert "ProtectEverything" in verified(tmp_path, "PrivateTmp=", "ProtectEverything=")


def verified(folder: Path, old: str = "", new: str = "") -> str:
    """What systemd-analyze has to say of the units, as if the desk were installed."""
    for unit in (*UNITS, ROOT / "deploy" / "systemd" / "madoguchi.target"):
        text = unit.read_text(encoding="utf-8").replace("/opt/madoguchi", str(ROOT)).replace("=madoguchi\n", "=root\n")
        (folder / unit.name.replace("@", "@1")).write_text(text.replace(old, new) if old else text)
    program = shutil.which("systemd-analyze")
    assert program
    command = [program, "verify", "--man=no", *map(str, sorted(folder.iterdir()))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    # Of other units on this machine it says what it likes.
    return "\n".join(line for line in ran.stderr.splitlines() if "madoguchi" in line)
