"""Lets the desk answer while the browser already has its receipt."""

from __future__ import annotations

import asyncio
import time

import structlog
from prometheus_client import Counter, Histogram

from bot.services.converse import Desk

_log = structlog.get_logger(__name__)

ANSWER_SECONDS = Histogram(
    "madoguchi_web_answer_seconds",
    "From a message's receipt until its replies are stored",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30),
)
ANSWER_FAILURES = Counter("madoguchi_web_answer_failures", "Times that a message stayed unanswered for now")


class Answering:
    """Work in progress, one task a message; what fails stays unanswered in the store and is worked on again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, conversation: str) -> None:
        """Answer what waits in a conversation; the caller doesn't wait."""
        task = asyncio.create_task(self._work(conversation))
        # The loop keeps only a weak reference to a task.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, timeout_s: float) -> None:
        """Give what is under way a moment before the process ends."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)

    async def _work(self, conversation: str) -> None:
        started = time.monotonic()
        try:
            await self._desk.work(conversation)
        except Exception as error:
            # This is an entrance: nobody above would see the error.
            ANSWER_FAILURES.inc()
            _log.error("web.answer_failed", conversation=conversation, exc_info=error)
        else:
            ANSWER_SECONDS.observe(time.monotonic() - started)
