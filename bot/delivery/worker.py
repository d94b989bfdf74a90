"""The outbox's worker: claim what is due, hand over, note what came of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog

from bot.delivery.sender import DeliveryError, Sender
from bot.errors import Unavailable
from bot.services.ports import Clock, Store
from bot.services.ports.delivery import HOLDS_UP_TRIES
from bot.services.records import OutboundMessage
from bot.settings import Settings

log = structlog.get_logger(__name__)

BATCH = 20
LINE = "line"
LEASE_S = 60
"""How long a claimed message is out of others' reach; after a crash it waits this long for its next try."""
SEND_TIMEOUT_S = 45
"""Less than the lease, so that a slow message is never in two workers' hands."""
POLL_S = 1.0
FIRST_WAIT_S, WAIT_FACTOR, LONGEST_WAIT_S = 5.0, 4.0, 3600.0
"""5 s, 20 s, 80 s … an hour: eight tries span two and a half hours."""


async def deliver_due(store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings) -> int:
    """Deliver what is due now, side by side but for one person's LINE; return how many messages were worked on."""
    messages = await asyncio.to_thread(_claim, store, clock)
    await _deliver_all(store, senders, clock, settings, messages)
    return len(messages)


async def run_worker(
    store: Store,
    senders: Mapping[str, Sender],
    clock: Clock,
    settings: Settings,
    stop: asyncio.Event,
    poll_s: float = POLL_S,
) -> None:
    """Deliver until `stop` is set; while the database is gone, wait for it.

    Each kind goes its own way: a receiver of webhooks that never answers keeps no code from its customer.
    """
    under_way: dict[str, asyncio.Task[None]] = {}
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        messages = []
        with _survived():
            messages = await asyncio.to_thread(_claim, store, clock, tuple(under_way))
        for kind in {message.kind for message in messages}:
            batch = [message for message in messages if message.kind == kind]
            under_way[kind] = asyncio.create_task(_deliver_all(store, senders, clock, settings, batch))
        # A kind that is done may have more waiting; of the others, what came meanwhile is looked for.
        await asyncio.wait((stopping, *under_way.values()), timeout=poll_s, return_when=asyncio.FIRST_COMPLETED)
        for kind in [kind for kind, task in under_way.items() if task.done()]:
            with _survived():
                await under_way.pop(kind)
    stopping.cancel()
    for task in under_way.values():
        with _survived():
            await task


@contextmanager
def _survived() -> Iterator[None]:
    """Log what goes wrong, and go on: the next round may fare better."""
    try:
        yield
    except Unavailable as error:
        log.warning("outbox_unavailable", error=str(error))
    except Exception as error:
        log.error("outbox_failed", exc_info=error)


def wait_after(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the nth failed try; half of it is chance, so that not all come back at once."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * WAIT_FACTOR ** (tries - 1))
    return timedelta(seconds=longest * (0.5 + chance() / 2))


def _claim(store: Store, clock: Clock, but: Collection[str] = ()) -> list[OutboundMessage]:
    with store.transaction() as tx:
        return tx.outbox.take_due(clock.now(), BATCH, LEASE_S, but)


async def _deliver_all(
    store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings, messages: Sequence[OutboundMessage]
) -> None:
    deliveries = (_deliver_in_turn(store, senders, clock, settings, queue) for queue in _queues(messages))
    # Each is let finish, whatever becomes of the others: only then is the first failure of the store told.
    for outcome in await asyncio.gather(*deliveries, return_exceptions=True):
        if outcome is not None:
            raise outcome


def _queues(messages: Sequence[OutboundMessage]) -> list[list[OutboundMessage]]:
    """Put what belongs to one conversation in LINE in a row; should that outlast the lease, the retry key holds."""
    queues: dict[str, list[OutboundMessage]] = {}
    for message in messages:
        queues.setdefault(message.recipient if message.kind == LINE else message.id, []).append(message)
    return list(queues.values())


async def _deliver_in_turn(
    store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings, queue: Sequence[OutboundMessage]
) -> None:
    for number, message in enumerate(queue, start=1):
        next_try = await _deliver(store, senders, clock, settings, message)
        if next_try is not None and number < len(queue) and message.tries <= HOLDS_UP_TRIES:
            # What comes after it in a conversation must not overtake it, nor count as tried.
            await asyncio.to_thread(_put_back, store, queue[number:], next_try)
            return


async def _deliver(
    store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings, message: OutboundMessage
) -> datetime | None:
    """Hand a message over; give the time of its next try, or None if it came to its end."""
    try:
        await _send(senders, message)
    except DeliveryError as error:
        return await asyncio.to_thread(_note_failure, store, clock, settings, message, error)
    await asyncio.to_thread(_note_success, store, clock, message)
    return None


async def _send(senders: Mapping[str, Sender], message: OutboundMessage) -> None:
    sender = senders.get(message.kind)
    if sender is None:
        raise DeliveryError(f"there is no way out for messages of the kind {message.kind}")
    try:
        await asyncio.wait_for(sender.send(message), SEND_TIMEOUT_S)
    except asyncio.TimeoutError:
        raise DeliveryError(f"it took more than {SEND_TIMEOUT_S} seconds") from None
    except DeliveryError:
        raise
    except Exception as error:  # The entrance of other people's code: one message must not stop the rest.
        log.exception("delivery_broke", message_id=message.id, kind=message.kind)
        raise DeliveryError(f"the sender broke: {type(error).__name__}") from error


def _note_success(store: Store, clock: Clock, message: OutboundMessage) -> None:
    with store.transaction() as tx:
        tx.outbox.mark_sent(message.id, clock.now())


def _put_back(store: Store, messages: Sequence[OutboundMessage], next_try: datetime) -> None:
    with store.transaction() as tx:
        for message in messages:
            tx.outbox.put_back(message.id, next_try)


def _note_failure(
    store: Store, clock: Clock, settings: Settings, message: OutboundMessage, error: DeliveryError
) -> datetime | None:
    given_up = error.permanent or message.tries >= settings.outbox_tries
    next_try = None if given_up else clock.now() + wait_after(message.tries)
    with store.transaction() as tx:
        tx.outbox.mark_failed(message.id, str(error), next_try)
    log.warning("delivery_failed", message_id=message.id, kind=message.kind, tries=message.tries, error=str(error))
    return next_try
