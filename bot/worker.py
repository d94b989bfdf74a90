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

LEFT_BEHIND = timedelta(seconds=60)
"""After that long nobody is at work on a message any more: the engine's time-out and its caller's are over."""


async def answer_leftovers(store: Store, desk: Desk, clock: Clock) -> int:
    """Answer what was accepted and then forgotten by a process that died; return in how many conversations."""
    conversations = await asyncio.to_thread(_left_behind, store, clock)
    for conversation in conversations:
        await desk.work(conversation)
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
