from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot.cli import main
from bot.settings import Settings, load_settings
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.conftest import SECRET, FixedClock


@dataclass(frozen=True)
class Done:
    """What a command gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture
def var_dir(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """VAR_DIR of a desk that is at its newest schema and empty."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copy(migrated_file, folder / "madoguchi.db")
    monkeypatch.setenv("VAR_DIR", str(folder))
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return folder


@pytest.fixture
def settings(var_dir: Path) -> Settings:
    return load_settings()


@pytest.fixture
def desk(settings: Settings, vault: Vault, clock: FixedClock) -> Iterator[SqlStore]:
    """The store that the commands open too."""
    store = SqlStore(settings.database, vault, clock)
    yield store
    store.close()


@pytest.fixture
def run(var_dir: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run `madoguchi …` in this process; the logging it sets up is taken down again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def call(*arguments: str) -> Done:
        capsys.readouterr()
        status = main(arguments)
        printed = capsys.readouterr()
        return Done(status, printed.out, printed.err)

    yield call
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
