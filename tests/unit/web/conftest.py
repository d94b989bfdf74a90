from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.conftest import SECRET
from tests.unit.channels.web.conftest import client, engine, logged, parts, settings
from tests.unit.web.whole_front import WholeFront, whole_front

__all__ = ["client", "engine", "logged", "parts", "settings"]


@pytest.fixture
def whole_settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """Settings of a desk whose engine and action server don't answer."""
    return Settings(
        secret_key=SECRET, var_dir=tmp_path, database_url=sqlite_url, engine_port=1, action_port=1, engine_timeout_s=1
    )


@pytest.fixture
def front(whole_settings: Settings) -> Iterator[WholeFront]:
    """The whole public front."""
    front = whole_front(whole_settings)
    yield front
    front.services.store.close()
