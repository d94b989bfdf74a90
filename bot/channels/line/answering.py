"""Works on LINE's messages while LINE already has its 200, and sends what an earlier process left unsent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

import structlog
from prometheus_client import Counter

from bot.channels.line.posting import Poster
from bot.delivery.line_client import LineClient, LineError
from bot.errors import Unavailable
from bot.services.converse import Desk
from bot.services.ports import Store
from bot.services.records import Conversation

_log = structlog.get_logger(__name__)

AT_ONCE = 8
"""Conversations worked on side by side: a batch of a hundred must not keep the engine from everybody else."""
SWEEP_EVERY_S = 2.0
"""How soon a message of staff, or an answer that LINE put off, goes out."""
LOADING_AFTER_S = 1.0
"""Most answers come sooner, and each animation is one more call."""
_LONGEST_LOADING_S = 60
_LAST_MOMENT_S = 3.0

FAILURES = Counter("madoguchi_line_answer_failures", "Times that a LINE message stayed unanswered or unsent for now")


class Answering:
    """One task a conversation that needs one; what fails stays in the store and is found by the next sweep."""

    def __init__(
        self,
        desk: Desk,
        poster: Poster,
        store: Store,
        clients: Mapping[str, LineClient],
        loading_s: int,
        loading_after_s: float = LOADING_AFTER_S,
        sweep_every_s: float = SWEEP_EVERY_S,
    ) -> None:
        """Take `loading_s`, the longest that an answer may take, for the time that the animation shows."""
        self._desk = desk
        self._poster = poster
        self._store = store
        self._clients = clients
        self._loading_s = min(_LONGEST_LOADING_S, max(5, -(-loading_s // 5) * 5))
        self._loading_after_s = loading_after_s
        self._sweep_every_s = sweep_every_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy: set[str] = set()

    def begin(self, conversation: str) -> None:
        """Answer what waits in a conversation and send it; the caller doesn't wait."""
        task = asyncio.create_task(self._work(conversation))
        # The loop keeps only a weak reference to a task.
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sweep until the block ends, then give what is under way a moment."""
        sweeping = asyncio.create_task(self._sweep_on())
        try:
            yield
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_LAST_MOMENT_S)

    async def sweep(self) -> None:
        """Take up answers that LINE doesn't have yet; a message left without one is the worker's."""
        for conversation in await asyncio.to_thread(self._poster.behind):
            if conversation not in self._busy:
                self.begin(conversation)

    async def _sweep_on(self) -> None:
        while True:
            try:
                await self.sweep()
            except Unavailable as error:
                _log.warning("line.sweep_failed", error=str(error))
            except Exception as error:  # One bad sweep must not end all that would follow.
                _log.error("line.sweep_failed", exc_info=error)
            await asyncio.sleep(self._sweep_every_s)

    async def _work(self, conversation: str) -> None:
        self._busy.add(conversation)
        try:
            async with self._loading(conversation), self._slots:
                await self._desk.work(conversation)
            await self._poster.post(conversation)
        except Exception as error:
            # This is an entrance: nobody above would see the error.
            FAILURES.inc()
            _log.error("line.answer_failed", conversation=conversation, exc_info=error)
        finally:
            self._busy.discard(conversation)

    @asynccontextmanager
    async def _loading(self, conversation: str) -> AsyncIterator[None]:
        """Let the customer see that an answer is on its way, if it takes its time."""
        showing = asyncio.create_task(self._show_loading(conversation))
        try:
            yield
        finally:
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing

    async def _show_loading(self, conversation: str) -> None:
        await asyncio.sleep(self._loading_after_s)
        thread = await asyncio.to_thread(self._thread, conversation)
        client = self._clients.get(thread.company or "") if thread else None
        # Only a person's id begins with U: a group can't be shown the animation.
        if thread is None or client is None or not (thread.external_id or "").startswith("U"):
            return
        try:
            await client.show_loading(thread.external_id or "", self._loading_s)
        except LineError as error:
            _log.info("line.loading_failed", status=error.status)

    def _thread(self, conversation: str) -> Conversation | None:
        with self._store.transaction(read_only=True) as tx:
            return tx.conversations.get(conversation)
