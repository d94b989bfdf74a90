from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingError
from bot.settings import ROOT, LineCredentials, Settings, load_line_credentials, load_settings, number_of

_LINE = re.compile(r"# (?P<meaning>.+)\n#(?P<name>[A-Z_]+)=(?P<default>.*)\n")


def _written(default: Any) -> str:
    return str(default.relative_to(ROOT)) if isinstance(default, Path) else str(default)


def _example() -> Iterator[tuple[str, str, str]]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    for match in _LINE.finditer(text):
        yield match["name"], match["default"], match["meaning"]


def test_the_example_lists_every_setting_with_its_default_and_meaning() -> None:
    settings = [(item.metadata["name"], _written(item.default), item.metadata["meaning"]) for item in fields(Settings)]
    assert list(_example()) == settings


def test_the_example_as_it_stands_gives_the_defaults(tmp_path: Path) -> None:
    given = {name: default for name, default, _ in _example()}
    given |= {"SECRET_KEY": "k", "VAR_DIR": str(tmp_path)}
    assert load_settings(given) == Settings(secret_key="k", var_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "eighty"),
        ("WEB_PORT", "0"),
        ("ENGINE_PORT", "65536"),
        ("CODE_ATTEMPTS", "-1"),
        ("MADOGUCHI_ENV", "staging"),
        ("LOG_LEVEL", "debug"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}='{value}': "):
        load_settings({name: value, "SECRET_KEY": "k"})


@pytest.mark.parametrize("value", ["0", "100", "-1", "two"])
@pytest.mark.parametrize("name", ["WEB_PROCESSES", "ENGINE_PROCESSES", "ACTION_PROCESSES"])
def test_there_are_one_to_ninety_nine_processes_of_a_kind(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}='{value}': "):
        load_settings({name: value, "SECRET_KEY": "k"})


def test_several_web_processes_need_redis() -> None:
    with pytest.raises(SettingError, match=r"^WEB_PROCESSES=2 needs REDIS_URL \(redis://HOST:PORT/0\)"):
        load_settings({"WEB_PROCESSES": "2", "SECRET_KEY": "k"})
    settings = load_settings({"WEB_PROCESSES": "2", "REDIS_URL": "redis://127.0.0.1:6379/0", "SECRET_KEY": "k"})
    assert settings.web_processes == 2


def test_processes_that_would_take_each_others_ports_are_named() -> None:
    with pytest.raises(
        SettingError, match=r"^ACTION_PORT=5006 with 1 processes takes port 5006, which ENGINE_PORT has"
    ):
        load_settings({"ENGINE_PROCESSES": "2", "ACTION_PORT": "5006", "SECRET_KEY": "k"})


def test_engines_and_action_servers_have_ports_in_a_row() -> None:
    settings = load_settings({"ENGINE_PROCESSES": "2", "ACTION_PROCESSES": "3", "SECRET_KEY": "k"})
    assert settings.engine_urls == ("http://127.0.0.1:5005", "http://127.0.0.1:5006")
    assert [url.rpartition(":")[2] for url in settings.action_urls] == ["5055", "5056", "5057"]


def test_a_process_reads_its_number() -> None:
    assert number_of(["bot.engine"], 2, "ENGINE_PROCESSES") == 1
    assert number_of(["bot.engine", "2"], 2, "ENGINE_PROCESSES") == 2
    for wrong in ("0", "3", "-1", "two", ""):
        with pytest.raises(SettingError, match=f"^ENGINE_PROCESSES=2: there is no number {wrong}"):
            number_of(["bot.engine", wrong], 2, "ENGINE_PROCESSES")


def test_an_empty_value_is_the_default() -> None:
    assert load_settings({"WEB_PORT": "  ", "SECRET_KEY": "k"}).web_port == 8000


def test_production_needs_a_secret_key() -> None:
    with pytest.raises(SettingError, match="SECRET_KEY is required"):
        load_settings({"MADOGUCHI_ENV": "production"})


def test_development_has_a_secret_key_of_its_own(tmp_path: Path) -> None:
    settings = load_settings({"VAR_DIR": str(tmp_path / "var")})
    assert len(settings.secret_key) == 64
    assert load_settings({"VAR_DIR": str(tmp_path / "var")}) == settings


def test_addresses_follow_from_ports() -> None:
    settings = load_settings({"SECRET_KEY": "k", "WEB_PORT": "8080", "ENGINE_PORT": "5006"})
    assert settings.base_url == "http://127.0.0.1:8080"
    assert settings.engine_url == "http://127.0.0.1:5006"
    assert load_settings({"SECRET_KEY": "k", "PUBLIC_URL": "https://desk.example/"}).base_url == "https://desk.example"


def test_a_companys_line_account_is_found_by_its_id() -> None:
    given = {"LINE_MY_CO_CHANNEL_SECRET": " s ", "LINE_MY_CO_CHANNEL_ACCESS_TOKEN": "t", "SECRET_KEY": "k"}
    assert load_line_credentials("my-co", given) == LineCredentials("s", "t")
    assert load_line_credentials("okura", given) is None
    assert "s" not in repr(load_line_credentials("my-co", given)).partition("(")[2]


def test_half_a_line_account_is_named() -> None:
    with pytest.raises(SettingError, match="LINE_OKURA_CHANNEL_ACCESS_TOKEN is missing"):
        load_line_credentials("okura", {"LINE_OKURA_CHANNEL_SECRET": "s"})
