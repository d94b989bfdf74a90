"""What tells an open page that something changed: names of what to fetch again, never content."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

import anyio
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.case_words import worker_of
from bot.console.page import Page
from bot.errors import NotFound, Unavailable
from bot.services.casework import Casework
from bot.services.casework.worker import Worker
from bot.services.notifier import TYPING, Notifier, Subscription
from bot.services.staff.roles import EVERYONE

LOOK_EVERY_S = 2.0
"""How soon a change that no wake-up told of is seen."""
LOOKING_EVERY_S = 20.0
LIFE_S = 300.0
"""A stream ends then and the browser opens another, which the guard lets in only while the session is good."""


class LivePages:
    """One stream for each open page."""

    def __init__(self, casework: Casework, notifier: Notifier, look_every_s: float = LOOK_EVERY_S) -> None:
        self._casework = casework
        self._notifier = notifier
        self._look_every_s = look_every_s

    def pages(self) -> list[Page]:
        """The stream; `?conversation=` watches that conversation besides, `?request=` says that one looks at it."""
        return [Page("/live", self.stream, EVERYONE, quiet=True)]

    async def stream(self, request: Request) -> Response:
        """Begin a stream; a conversation that isn't theirs to see is not found."""
        worker, conversation = worker_of(request), request.query_params.get("conversation", "")[:100]
        subject = request.query_params.get("request", "")[:100]
        if conversation:
            await run_in_threadpool(self._casework.files.check, worker, conversation)
            subject = f"conversation:{conversation}"
        elif subject:
            await run_in_threadpool(self._casework.files.check_request, worker, subject)
            subject = f"request:{subject}"
        return EventSourceResponse(self._events(worker, conversation, subject), ping=15)

    async def _events(self, worker: Worker, conversation: str, subject: str) -> AsyncIterator[ServerSentEvent]:
        queue = self._casework.queue
        try:
            subscribe = self._notifier.subscribe
            with (
                subscribe(conversation or f"queue:{worker.company}") as wake_ups,
                subscribe(f"{TYPING}{conversation}") as typed,
            ):
                watch = _Watch(self._casework, worker, conversation, subject)
                while not watch.over:
                    for event in await run_in_threadpool(watch.look):
                        yield event
                    if await _typed(typed, wake_ups, self._look_every_s):
                        yield ServerSentEvent(event="typing", data="")
        finally:
            if subject:
                # The browser is gone and with it whoever waits for this; it is to be done all the same.
                with anyio.CancelScope(shield=True):
                    await run_in_threadpool(queue.look_away, worker, subject)


async def _typed(typed: Subscription, wake_ups: Subscription, timeout_s: float) -> bool:
    """Wait for either; tell whether the customer is writing."""
    writing = asyncio.create_task(typed.wait(timeout_s))
    changed = asyncio.create_task(wake_ups.wait(timeout_s))
    try:
        await asyncio.wait((writing, changed), return_when=asyncio.FIRST_COMPLETED)
    finally:
        writing.cancel()
        changed.cancel()
        ended = await asyncio.gather(writing, changed, return_exceptions=True)
    return ended[0] is True


class _Watch:
    """What one page knows by now."""

    def __init__(self, casework: Casework, worker: Worker, conversation: str, subject: str) -> None:
        self._casework = casework
        self._worker = worker
        self._conversation = conversation
        self._subject = subject
        self._began = time.monotonic()
        self._looked = float("-inf")
        self._pulse = ""
        self._touched = ""
        self.over = False

    def look(self) -> list[ServerSentEvent]:
        """Note that the page is open; tell what changed since the last look."""
        try:
            self._say_looking()
            events = [*self._queue(), *self._said()]
        except Unavailable:
            # What was noted as told may not have been.
            self._pulse = self._touched = ""
            return []
        except NotFound:  # The conversation was erased.
            self.over = True
            return [ServerSentEvent(event="said", data="")]
        self.over = time.monotonic() - self._began > LIFE_S
        return events

    def _say_looking(self) -> None:
        now = time.monotonic()
        if self._subject and now - self._looked >= LOOKING_EVERY_S:
            self._looked = now
            self._casework.queue.look_at(self._worker, self._subject)

    def _queue(self) -> list[ServerSentEvent]:
        pulse = self._casework.queue.pulse(self._worker.company)
        if pulse == self._pulse:
            return []
        self._pulse = pulse
        return [ServerSentEvent(event="queue", data=json.dumps(self._casework.queue.waiting(self._worker)))]

    def _said(self) -> list[ServerSentEvent]:
        if not self._conversation:
            return []
        touched = self._casework.files.check(self._worker, self._conversation)
        before, self._touched = self._touched, touched
        return [ServerSentEvent(event="said", data="")] if before != touched else []
