"""Who works on a conversation: one worker at a time, whichever process it is in, so that messages stay in order.

A lease lies on the conversation's row. Whoever dies with it loses it after LEASE; until then the others wait. It keeps
double work away and the order, no more: what is answered twice all the same is kept once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta
from weakref import WeakValueDictionary

from bot.errors import MadoguchiError, Unavailable
from bot.services.ports import Clock, Store, Transaction

LEASE = timedelta(seconds=15)
RENEW_S = 5.0
"""A third of the lease, so that two renewals in a row may fail."""


class AtWorkElsewhere(MadoguchiError):
    """Another worker has the conversation just now."""


class Leases:
    """One worker's leases; within its process a lock keeps its own tasks in order."""

    def __init__(self, store: Store, clock: Clock, renew_s: float = RENEW_S) -> None:
        self._store = store
        self._clock = clock
        self._renew_s = renew_s
        self._worker = uuid.uuid4().hex
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def alone(self, conversation: str) -> AsyncIterator[None]:
        """Keep other tasks out; renew what is taken within the block, and give it back if the block fails."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        async with lock:
            try:
                with self._renewed(conversation):
                    yield
            except BaseException:
                await asyncio.to_thread(self._drop, conversation)
                raise

    def take(self, tx: Transaction, conversation: str) -> bool:
        """Have the conversation, if a message waits in it and nobody else has it."""
        now = self._clock.now()
        return tx.conversations.take(conversation, self._worker, now, now + LEASE)

    def give_back(self, tx: Transaction, conversation: str) -> None:
        """Let others have it."""
        tx.conversations.give_back(conversation, self._worker)

    @contextmanager
    def _renewed(self, conversation: str) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        renewing: list[asyncio.Task[None]] = []
        # Most answers are there in a moment: only a long one gets a task.
        begin = loop.call_later(self._renew_s, lambda: renewing.append(loop.create_task(self._renew(conversation))))
        try:
            yield
        finally:
            begin.cancel()
            for task in renewing:
                task.cancel()

    async def _renew(self, conversation: str) -> None:
        while True:
            # A database that is gone for a moment is asked again; if for long, the lease ends.
            with suppress(Unavailable):
                await asyncio.to_thread(self._prolong, conversation)
            await asyncio.sleep(self._renew_s)

    def _prolong(self, conversation: str) -> None:
        with self._store.transaction(durable=False) as tx:
            tx.conversations.prolong(conversation, self._worker, self._clock.now() + LEASE)

    def _drop(self, conversation: str) -> None:
        with suppress(Unavailable), self._store.transaction(durable=False) as tx:
            self.give_back(tx, conversation)
