from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import MadoguchiError, SettingError
from bot.settings import Settings
from bot.supervisor.parts import Part, Port
from bot.supervisor.preflight import FileMissing, PortTaken, check_before_start, redis_state
from tests.ports import free_ports


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with every file that the check asks for."""
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        (tmp_path / name).touch()
    for name in ("data/nlu/greet.yml", "data/rules/small_talk.yml", "data/responses/ja/desk.yml"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    (tmp_path / "policies" / "okura").mkdir(parents=True)
    (tmp_path / "policies" / "okura" / "company.yml").touch()
    return tmp_path


@pytest.fixture
def check(root: Path) -> Callable[..., None]:
    def run(*parts: Part, var_dir: Path = root / "var") -> None:
        settings = Settings(secret_key="k", var_dir=var_dir, company_dir=root / "policies")
        check_before_start(settings, parts, root)

    return run


def test_a_whole_project_passes_and_gets_its_folder(check: Callable[..., None], root: Path) -> None:
    check(Part("worker", "m"))
    assert (root / "var").is_dir()


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "endpoints.yml", "credentials.yml"])
def test_a_missing_file_is_named_with_its_mend(check: Callable[..., None], root: Path, name: str) -> None:
    (root / name).unlink()
    with pytest.raises(FileMissing, match=f"^{name} is missing: .*git checkout -- {name}"):
        check()


def test_an_empty_folder_of_training_data_is_named(check: Callable[..., None], root: Path) -> None:
    (root / "data/nlu/greet.yml").unlink()
    with pytest.raises(FileMissing, match=r"data/nlu holds no \.yml file"):
        check()


def test_a_folder_without_companies_is_named(check: Callable[..., None], root: Path) -> None:
    (root / "policies" / "okura" / "company.yml").unlink()
    with pytest.raises(SettingError, match=r"^COMPANY_DIR="):
        check()


def test_a_var_dir_that_cannot_be_made_is_named(check: Callable[..., None], root: Path) -> None:
    with pytest.raises(SettingError, match=r"^VAR_DIR="):
        check(var_dir=root / "config.yml" / "var")


def test_a_taken_port_is_named_with_another(check: Callable[..., None]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            check(Part("web", "m", port=Port("WEB_PORT", "127.0.0.1", number)))
    assert f"WEB_PORT={number}: another program listens on 127.0.0.1:{number}" in str(caught.value)
    assert "make run WEB_PORT=" in str(caught.value)


def test_an_address_of_another_machine_is_named(check: Callable[..., None]) -> None:
    # 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    with pytest.raises(MadoguchiError, match=r"WEB_PORT=8000: can't listen on 192\.0\.2\.1"):
        check(Part("web", "m", port=Port("WEB_PORT", "192.0.2.1", 8000)))


def test_a_redis_that_does_not_answer_is_told_and_no_reason_not_to_start() -> None:
    (port,) = free_ports(1)
    said = redis_state(f"redis://:secret@127.0.0.1:{port}/0")
    assert said.startswith(f"nobody answers at 127.0.0.1:{port}/0 (REDIS_URL)")
    assert "secret" not in said


def test_what_cannot_be_a_redis_is_named() -> None:
    with pytest.raises(SettingError, match="REDIS_URL can't be used"):
        redis_state("localhost")
