from __future__ import annotations

from datetime import datetime

import pytest

from bot.errors import Unavailable
from bot.services.notifier import LocalNotifier
from bot.storage.store import SqlStore
from bot.web.catching_up import LOOK_BACK, CatchingUp
from tests.conftest import FixedClock
from tests.records import NOW, conversation, message
from tests.waiting import until


class Deaf(LocalNotifier):
    """Hears the others or not, as a test wants it; counts what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.hears_others = False
        self.asked = 0

    def listened_to(self) -> bool:
        self.asked += 1
        return super().listened_to()


@pytest.fixture
def notifier() -> Deaf:
    return Deaf()


@pytest.fixture
def catching_up(sqlite_store: SqlStore, notifier: Deaf, clock: FixedClock) -> CatchingUp:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(conversation(updated_at=NOW - 2 * LOOK_BACK))
    return CatchingUp(sqlite_store, notifier, clock, every_s=0.01)


def store_elsewhere(store: SqlStore, at: datetime, message_id: str = "m1") -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message(message_id, created_at=at))


async def test_what_another_process_stored_wakes_the_stream_once(
    catching_up: CatchingUp, notifier: Deaf, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    with notifier.subscribe("c1") as mine, notifier.subscribe("c2") as other:
        async with catching_up.running():
            assert not await mine.wait(0.05)
            store_elsewhere(sqlite_store, clock.now())
            clock.advance(seconds=1)
            assert await mine.wait(10)
            assert not await mine.wait(0.05)
            assert not await other.wait(0)


async def test_what_waited_long_to_be_stored_is_shown_all_the_same(
    catching_up: CatchingUp, notifier: Deaf, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    written = clock.now()
    clock.advance(seconds=2 * LOOK_BACK.total_seconds())
    with notifier.subscribe("c1") as mine:
        async with catching_up.running():
            notifier.publish("c1")
            assert await mine.wait(1)
            store_elsewhere(sqlite_store, written)
            assert await mine.wait(10)
            assert not await mine.wait(0.05)


async def test_nobody_is_asked_while_wake_ups_arrive_or_nobody_listens(
    catching_up: CatchingUp, notifier: Deaf, sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(read_only: bool = False, durable: bool = True) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(sqlite_store, "transaction", refuse)
    async with catching_up.running():
        await until(lambda: notifier.asked > 3)
        notifier.hears_others = True
        with notifier.subscribe("c1") as mine:
            assert not await mine.wait(0.05)


@pytest.mark.parametrize("error", [Unavailable("the database is gone"), RuntimeError("can't start new thread")])
async def test_a_look_in_vain_is_not_the_last(
    catching_up: CatchingUp,
    notifier: Deaf,
    sqlite_store: SqlStore,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    whole, tries = sqlite_store.transaction, []

    def gone(read_only: bool = False, durable: bool = True) -> object:
        tries.append(read_only)
        if len(tries) < 3:
            raise error
        return whole(read_only, durable)

    store_elsewhere(sqlite_store, clock.now())
    monkeypatch.setattr(sqlite_store, "transaction", gone)
    with notifier.subscribe("c1") as mine:
        async with catching_up.running():
            assert await mine.wait(10)
