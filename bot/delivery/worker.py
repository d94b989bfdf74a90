"""The outbox's worker: claim what is due, hand over, note what came of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from bot.delivery.sender import DeliveryError, Sender
from bot.errors import Unavailable
from bot.services.ports import Clock, Store
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
    deliveries = (_deliver_in_turn(store, senders, clock, settings, queue) for queue in _queues(messages))
    # Each is let finish, whatever becomes of the others: only then is the first failure of the store told.
    for outcome in await asyncio.gather(*deliveries, return_exceptions=True):
        if outcome is not None:
            raise outcome
    return len(messages)


async def run_worker(
    store: Store,
    senders: Mapping[str, Sender],
    clock: Clock,
    settings: Settings,
    stop: asyncio.Event,
    poll_s: float = POLL_S,
) -> None:
    """Deliver until `stop` is set; while the database is gone, wait for it."""
    while not stop.is_set():
        try:
            worked = await deliver_due(store, senders, clock, settings)
        except Unavailable as error:
            log.warning("outbox_unavailable", error=str(error))
            worked = 0
        if worked < BATCH:
            await _sleep(stop, poll_s)


def wait_after(tries: int, chance: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the nth failed try; half of it is chance, so that not all come back at once."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * WAIT_FACTOR ** (tries - 1))
    return timedelta(seconds=longest * (0.5 + chance() / 2))


def _claim(store: Store, clock: Clock) -> list[OutboundMessage]:
    with store.transaction() as tx:
        return tx.outbox.take_due(clock.now(), BATCH, LEASE_S)


def _queues(messages: Sequence[OutboundMessage]) -> list[list[OutboundMessage]]:
    """Put what belongs to one conversation in LINE in a row; should that outlast the lease, the retry key holds."""
    queues: dict[str, list[OutboundMessage]] = {}
    for message in messages:
        queues.setdefault(message.recipient if message.kind == LINE else message.id, []).append(message)
    return list(queues.values())


async def _deliver_in_turn(
    store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings, queue: Sequence[OutboundMessage]
) -> None:
    for message in queue:
        await _deliver(store, senders, clock, settings, message)


async def _deliver(
    store: Store, senders: Mapping[str, Sender], clock: Clock, settings: Settings, message: OutboundMessage
) -> None:
    try:
        await _send(senders, message)
    except DeliveryError as error:
        await asyncio.to_thread(_note_failure, store, clock, settings, message, error)
    else:
        await asyncio.to_thread(_note_success, store, clock, message)


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


def _note_failure(
    store: Store, clock: Clock, settings: Settings, message: OutboundMessage, error: DeliveryError
) -> None:
    given_up = error.permanent or message.tries >= settings.outbox_tries
    next_try = None if given_up else clock.now() + wait_after(message.tries)
    with store.transaction() as tx:
        tx.outbox.mark_failed(message.id, str(error), next_try)
    log.warning("delivery_failed", message_id=message.id, kind=message.kind, tries=message.tries, error=str(error))


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except asyncio.TimeoutError:
        return
