"""Two processes at work on the same conversations: each has leases of its own over one database."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import Unavailable
from bot.services.leases import LEASE, Leases
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import conversation, message
from tests.waiting import until


@pytest.fixture
def waiting(store: SqlStore) -> SqlStore:
    """A store with a message that waits in conversation c1."""
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.add_message(message())
    return store


def take(store: SqlStore, leases: Leases) -> bool:
    with store.transaction() as tx:
        return leases.take(tx, "c1")


def give_back(store: SqlStore, leases: Leases) -> None:
    with store.transaction() as tx:
        leases.give_back(tx, "c1")


def test_one_process_has_a_conversation_until_it_gives_it_back(waiting: SqlStore, clock: FixedClock) -> None:
    one, other = Leases(waiting, clock), Leases(waiting, clock)
    assert take(waiting, one)
    assert not take(waiting, other)
    give_back(waiting, other)
    assert not take(waiting, other)
    give_back(waiting, one)
    assert take(waiting, other)


def test_a_process_that_died_has_it_no_longer_than_its_lease(waiting: SqlStore, clock: FixedClock) -> None:
    dead, other = Leases(waiting, clock), Leases(waiting, clock)
    assert take(waiting, dead)
    clock.advance(seconds=LEASE.total_seconds())
    assert not take(waiting, other)
    clock.advance(microseconds=1)
    assert take(waiting, other)


async def test_a_long_answer_keeps_its_lease(waiting: SqlStore, clock: FixedClock) -> None:
    one, other = Leases(waiting, clock, renew_s=0.01), Leases(waiting, clock)
    async with one.alone("c1"):
        assert take(waiting, one)
        began = clock.now()
        clock.advance(seconds=LEASE.total_seconds() - 1)
        await until(lambda: not _is_free(waiting, began + LEASE + timedelta(seconds=1)))
        clock.advance(seconds=2)
        assert not take(waiting, other)


async def test_what_was_given_back_is_not_taken_again_by_a_renewal(waiting: SqlStore, clock: FixedClock) -> None:
    one, other = Leases(waiting, clock, renew_s=0.001), Leases(waiting, clock)
    async with one.alone("c1"):
        assert take(waiting, one)
        give_back(waiting, one)
        for _ in range(20):
            await asyncio.to_thread(one._prolong, "c1")
    assert take(waiting, other)


async def test_a_failure_gives_it_back(waiting: SqlStore, clock: FixedClock) -> None:
    one, other = Leases(waiting, clock), Leases(waiting, clock)

    async def fail() -> None:
        async with one.alone("c1"):
            assert take(waiting, one)
            raise Unavailable("the database is gone")

    with pytest.raises(Unavailable):
        await fail()
    assert take(waiting, other)


async def test_tasks_of_one_process_wait_for_each_other(waiting: SqlStore, clock: FixedClock) -> None:
    leases, at_work, most = Leases(waiting, clock), 0, 0

    async def work() -> None:
        nonlocal at_work, most
        async with leases.alone("c1"):
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(work() for _ in range(10)))
    assert most == 1
    assert not leases._locks


def _is_free(store: SqlStore, now: object) -> bool:
    with store.transaction(read_only=True) as tx:
        return bool(tx.conversations.unanswered(now, now))  # type: ignore[arg-type]
