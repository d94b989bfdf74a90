"""What goes on beside the conversations: delivery, messages left unanswered by a crash, reminders, forgetting."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from bot.services.converse import Desk
from bot.services.ports import Clock, Store

_log = structlog.get_logger(__name__)

LEFT_BEHIND = timedelta(seconds=5)
"""Whoever took a message in has had the time to begin; who is at work on it has a lease."""
SIDE_BY_SIDE = 8
"""Conversations answered at once: what was put off in a rush shall not wait in one line, nor keep others waiting."""


async def answer_leftovers(store: Store, desk: Desk, clock: Clock) -> int:
    """Answer what a process that died left waiting, or put off in a rush; return in how many conversations."""
    conversations = await asyncio.to_thread(_left_behind, store, clock)
    places = asyncio.Semaphore(SIDE_BY_SIDE)

    async def answer(conversation: str) -> None:
        async with places:
            await desk.work(conversation)

    await asyncio.gather(*map(answer, conversations))
    return len(conversations)


def _left_behind(store: Store, clock: Clock) -> list[str]:
    with store.transaction(read_only=True) as tx:
        messages = tx.conversations.unanswered(clock.now() - LEFT_BEHIND, clock.now())
    return list(dict.fromkeys(message.conversation for message in messages))


async def repeat(name: str, every_s: float, job: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """Do a job again and again until `stop` is set; an error is logged, and the job tried again in its turn."""
    while not stop.is_set():
        try:
            await job()
        except Exception as error:
            _log.error("worker.failed", part=name, exc_info=error)
        await wait(stop, every_s)


async def wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait that long, or less if `stop` is set."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except asyncio.TimeoutError:
        return


def stop_on_signals() -> asyncio.Event:
    """Give an event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop
