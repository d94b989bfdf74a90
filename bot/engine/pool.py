"""Several engines as one: a bounded queue before them, a conversation's usual engine, others when that one is gone."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from bot.engine.client import EngineGone, EngineSilent
from bot.errors import Busy, Unavailable
from bot.services.ports import DialogueEngine, EngineReply

AT_ONCE = 8
"""Messages that one engine works on side by side; more would only wait in it, where nobody sees them."""
SLACK = 2
"""How many more than the least busy engine a conversation's usual one may have: it needn't read the state anew."""
GONE_REST_S = 3.0
"""An engine that was gone is asked last for so long; its supervisor starts it again."""
SILENT_REST_S = 30.0
"""One that was asked in vain cost a customer the whole time-out, so it is left alone for longer."""

WAITING = Gauge("madoguchi_engine_waiting", "Messages that wait for an engine", multiprocess_mode="livesum")
FULL = Counter("madoguchi_engine_queue_full", "Times that a message was put off, since too many waited for an engine")
SECONDS = Histogram(
    "madoguchi_engine_seconds",
    "From asking an engine to its answer, without the time in the queue",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)


class EnginePool:
    """Asks the engine that a conversation belongs to; raises Busy when as many wait as may."""

    def __init__(
        self, engines: Sequence[DialogueEngine], queue: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Take at least one engine; `queue` is how many messages may wait."""
        self._seats = [_Seat(number, engine, now) for number, engine in enumerate(engines)]
        self._queue = queue
        self._waiting = 0
        self._places = asyncio.Semaphore(AT_ONCE * len(engines))

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Let an engine work on a message; an engine that is lost over it leaves it to another one."""
        async with self._place():
            failure: Unavailable = Unavailable("there is no dialogue engine")
            for seat in self._order(conversation):
                try:
                    return await seat.respond(conversation, text, metadata)
                except EngineGone as error:
                    # It may have begun: actions know the message's id, and say and do the same again.
                    failure = error
            raise failure

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._places.locked() and self._waiting >= self._queue:
            FULL.inc()
            raise Busy(f"{self._waiting} messages wait for the dialogue engine (ENGINE_QUEUE)")
        self._waiting += 1
        with WAITING.track_inprogress():
            try:
                await self._places.acquire()
            finally:
                self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    def _order(self, conversation: str) -> list[_Seat]:
        """Those that rest come last; the usual one comes first, unless it has too much to do."""
        ranked = sorted(self._seats, key=lambda seat: (seat.rests, seat.rank(conversation)))
        awake = [seat for seat in ranked if not seat.rests] or ranked
        calmest = min(awake, key=lambda seat: seat.busy)
        if ranked[0].busy - calmest.busy > SLACK:
            ranked.remove(calmest)
            ranked.insert(0, calmest)
        return ranked


class _Seat:
    """One engine, how much it has to do, and until when it is left alone."""

    def __init__(self, number: int, engine: DialogueEngine, now: Callable[[], float]) -> None:
        self.busy = 0
        self._number = number
        self._engine = engine
        self._now = now
        self._rests_until = float("-inf")

    @property
    def rests(self) -> bool:
        return self._now() < self._rests_until

    def rank(self, conversation: str) -> bytes:
        """Put the engines into an order of the conversation's own, the same in every process."""
        return hashlib.blake2b(f"{self._number} {conversation}".encode(), digest_size=8).digest()

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.busy += 1
        try:
            with SECONDS.time():
                return await self._engine.respond(conversation, text, metadata)
        except EngineGone:
            self._rests_until = self._now() + GONE_REST_S
            raise
        except EngineSilent:
            self._rests_until = self._now() + SILENT_REST_S
            raise
        finally:
            self.busy -= 1
