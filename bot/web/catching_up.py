"""What other processes stored shows in an open chat within a second, though no wake-up told of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog

from bot.errors import Unavailable
from bot.services.notifier import Notifier
from bot.services.ports import Clock, Store

_log = structlog.get_logger(__name__)

EVERY_S = 1.0
LOOK_BACK = timedelta(seconds=10)
"""Longer than from the storing of a message to its commit, and than the clocks of two machines may differ."""


class CatchingUp:
    """While wake-ups of other processes don't arrive, asks the database once a second for what has changed.

    One look for all open chats together. So it is without Redis, where the worker and the action server are the other
    processes, and with Redis while that is gone.
    """

    def __init__(self, store: Store, notifier: Notifier, clock: Clock, every_s: float = EVERY_S) -> None:
        self._store = store
        self._notifier = notifier
        self._clock = clock
        self._every_s = every_s

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look for as long as the block lasts."""
        looking = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            if self._notifier.hears_others or not self._notifier.listened_to():
                continue
            try:
                for conversation, changed_at in (await asyncio.to_thread(self._changed)).items():
                    self._notifier.catch_up(conversation, changed_at)
            except Unavailable:
                continue  # Without the database nothing can be shown; the next look is soon.
            except Exception as error:  # One bad look must not end all that would follow.
                _log.error("web.catching_up_failed", exc_info=error)

    def _changed(self) -> dict[str, datetime]:
        with self._store.transaction(read_only=True) as tx:
            return tx.conversations.touched_since(self._clock.now() - LOOK_BACK)
