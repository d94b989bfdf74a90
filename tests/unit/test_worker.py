from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Sequence

import pytest

from bot.services.ports import Store
from bot.services.records import Conversation, Message
from bot.worker import LEFT_BEHIND, answer_leftovers, repeat, stop_on_signals
from tests.conftest import FixedClock


class NotedDesk:
    """Note which conversations were worked on."""

    def __init__(self) -> None:
        self.worked: list[str] = []

    async def work(self, conversation: str) -> Sequence[Message]:
        self.worked.append(conversation)
        return []


def _receive(store: Store, clock: FixedClock, conversation: str, event: str) -> None:
    now = clock.now()
    with store.transaction() as tx:
        tx.conversations.add(Conversation(conversation, "web", "okura", created_at=now, updated_at=now))
        message = Message(f"{conversation}-{event}", conversation, 0, "customer", "はい", now, event_id=event)
        tx.conversations.add_message(message)


async def test_what_a_dead_process_left_is_answered_once_its_time_is_over(
    sqlite_store: Store, clock: FixedClock
) -> None:
    desk = NotedDesk()
    _receive(sqlite_store, clock, "old", "1")
    _receive(sqlite_store, clock, "old", "2")
    clock.advance(seconds=LEFT_BEHIND.total_seconds())
    _receive(sqlite_store, clock, "young", "1")

    assert await answer_leftovers(sqlite_store, desk, clock) == 0
    clock.advance(seconds=1)
    assert await answer_leftovers(sqlite_store, desk, clock) == 1
    assert desk.worked == ["old"]


async def test_what_was_answered_is_left_alone(sqlite_store: Store, clock: FixedClock) -> None:
    desk = NotedDesk()
    _receive(sqlite_store, clock, "c", "1")
    with sqlite_store.transaction() as tx:
        tx.conversations.mark_answered("c-1", clock.now())
    clock.advance(hours=1)
    assert await answer_leftovers(sqlite_store, desk, clock) == 0
    assert desk.worked == []


async def test_a_job_that_fails_is_done_again_in_its_turn() -> None:
    stop, done = asyncio.Event(), []

    async def job() -> None:
        done.append(len(done))
        if len(done) == 1:
            raise ValueError("once")
        stop.set()

    await asyncio.wait_for(repeat("job", 0, job, stop), 5)
    assert done == [0, 1]


async def test_a_waiting_job_stops_at_once() -> None:
    stop = asyncio.Event()

    async def job() -> None:
        asyncio.get_running_loop().call_soon(stop.set)

    await asyncio.wait_for(repeat("job", 3600, job, stop), 5)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_the_worker(number: signal.Signals) -> None:
    stop = stop_on_signals()
    os.kill(os.getpid(), number)
    await asyncio.wait_for(stop.wait(), 5)
