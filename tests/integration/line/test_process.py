"""The web front serves LINE's webhooks for the companies whose credentials are set, and only for those."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.process import create_app
from tests.conftest import SECRET


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    shutil.copy(migrated_file, tmp_path / "madoguchi.db")
    return Settings(secret_key=SECRET, var_dir=tmp_path, line_api_base="http://127.0.0.1:9")


def _statuses(settings: Settings) -> list[int]:
    with TestClient(create_app(settings)) as http:
        return [http.post(f"/line/{company}/webhook", content=b"{}").status_code for company in ("okura", "kagoshima")]


def test_without_an_account_there_is_no_webhook(settings: Settings) -> None:
    assert _statuses(settings) == [404, 404]


def test_an_account_that_line_does_not_answer_for_still_takes_webhooks(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINE_OKURA_CHANNEL_SECRET", "secret")
    monkeypatch.setenv("LINE_OKURA_CHANNEL_ACCESS_TOKEN", "token")
    assert _statuses(settings) == [401, 404]
