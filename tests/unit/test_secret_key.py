"""The key of a start in development."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from bot.secret_key import FILE_NAME, kept_key


def test_it_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    made = kept_key(tmp_path / "var")
    assert len(bytes.fromhex(made)) == 32
    assert kept_key(tmp_path / "var") == made
    assert (tmp_path / "var" / FILE_NAME).stat().st_mode & 0o077 == 0


def test_of_two_starts_at_once_the_slower_takes_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def another_is_faster(size: int) -> str:
        (tmp_path / FILE_NAME).write_text("theirs")
        return "ours"

    monkeypatch.setattr(secrets, "token_hex", another_is_faster)
    assert kept_key(tmp_path) == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
