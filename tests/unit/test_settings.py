from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.errors import SettingError
from bot.settings import ROOT, LineCredentials, Settings, load_line_credentials, load_settings

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


def test_an_empty_value_is_the_default() -> None:
    assert load_settings({"WEB_PORT": "  ", "SECRET_KEY": "k"}).web_port == 8000


def test_production_needs_a_secret_key() -> None:
    with pytest.raises(SettingError, match="SECRET_KEY is required"):
        load_settings({"MADOGUCHI_ENV": "production"})


def test_development_makes_a_secret_key_once_and_keeps_it_from_others(tmp_path: Path) -> None:
    first = load_settings({"VAR_DIR": str(tmp_path / "var")})
    second = load_settings({"VAR_DIR": str(tmp_path / "var")})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


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
