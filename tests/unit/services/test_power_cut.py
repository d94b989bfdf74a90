"""What a customer has read is on the disk: a power cut takes back only what nobody saw."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.services.converse import Desk
from bot.storage.repository import Session
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.conftest import FixedClock
from tests.unit.services.front import CONVERSATION, exchange


class Disk:
    """Keeps a store's file as a power cut would leave it at worst: as of its last durable commit."""

    def __init__(self, store: SqlStore, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._session, self._file = store.session, file
        self.left = file.with_suffix(".left")
        monkeypatch.setattr(store, "session", self._watched)

    @contextmanager
    def _watched(self, read_only: bool = False, snapshot: bool = False, durable: bool = True) -> Iterator[Session]:
        with self._session(read_only, snapshot, durable) as session:
            yield session
        if durable and not read_only:
            with closing(sqlite3.connect(self._file)) as now, closing(sqlite3.connect(self.left)) as left:
                now.backup(left)


async def test_replies_that_were_shown_outlive_a_power_cut(
    front: Desk,
    sqlite_store: SqlStore,
    vault: Vault,
    clock: FixedClock,
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    front.open(CONVERSATION, "web", "okura")
    disk = Disk(sqlite_store, Path(sqlite_url.removeprefix("sqlite:///")), monkeypatch)
    shown = await exchange(front, "こんにちは", "e1")
    after = SqlStore(f"sqlite:///{disk.left}", vault, clock)
    with after.transaction(read_only=True) as tx:
        assert [message for message in tx.conversations.messages(CONVERSATION) if message.author == "bot"] == shown
    after.close()
