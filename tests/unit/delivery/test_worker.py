from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.delivery.sender import DeliveryError
from bot.delivery.worker import BATCH, LEASE_S, SEND_TIMEOUT_S, deliver_due, run_worker, wait_after
from bot.errors import Unavailable
from bot.services.ports.delivery import HOLDS_UP_TRIES
from bot.services.records import OutboundMessage
from bot.settings import Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, outbound

SETTINGS = Settings(outbox_tries=3)


class Carrier:
    """A way out that notes what it was given and does what the test says."""

    def __init__(self, act: Callable[[OutboundMessage], Any] = lambda message: None) -> None:
        self.carried: list[OutboundMessage] = []
        self._act = act

    async def send(self, message: OutboundMessage) -> None:
        self.carried.append(message)
        outcome = self._act(message)
        if asyncio.iscoroutine(outcome):
            await outcome


class StoreThatIsGone:
    """A database that is gone for the first so many transactions."""

    def __init__(self, store: SqlStore, times: int, error: Exception) -> None:
        self._store = store
        self._error = error
        self.times_left = times

    @contextmanager
    def transaction(self, read_only: bool = False) -> Iterator[Any]:
        if self.times_left:
            self.times_left -= 1
            raise self._error
        with self._store.transaction(read_only) as tx:
            yield tx

    def ping(self) -> None:
        raise NotImplementedError


def fail(text: str, *, permanent: bool) -> Callable[[OutboundMessage], None]:
    def act(message: OutboundMessage) -> None:
        raise DeliveryError(text, permanent=permanent)

    return act


def enqueue(store: SqlStore, *messages: OutboundMessage) -> None:
    with store.transaction() as tx:
        for message in messages:
            tx.outbox.add(message)


def only(store: SqlStore) -> OutboundMessage:
    with store.transaction() as tx:
        (message,) = tx.outbox.find()
        return message


async def test_what_is_due_goes_out_once_by_its_kind(sqlite_store: SqlStore, clock: FixedClock) -> None:
    email, sms = Carrier(), Carrier()
    later = outbound("x3", next_try_at=NOW + timedelta(hours=1))
    enqueue(sqlite_store, outbound("x1"), outbound("x2", kind="sms"), later)
    senders = {"email": email, "sms": sms}
    assert await deliver_due(sqlite_store, senders, clock, SETTINGS) == 2
    assert await deliver_due(sqlite_store, senders, clock, SETTINGS) == 0
    assert [one.text for one in email.carried] == ["12345678"]
    assert [one.id for one in sms.carried] == ["x2"]
    with sqlite_store.transaction() as tx:
        assert {one.id: one.status for one in tx.outbox.find()} == {"x1": "sent", "x2": "sent", "x3": "waiting"}


async def test_a_passing_failure_is_tried_again_later_and_later(sqlite_store: SqlStore, clock: FixedClock) -> None:
    carrier = Carrier(fail("the mail server answered 451", permanent=False))
    enqueue(sqlite_store, outbound())
    waits = []
    for _ in range(SETTINGS.outbox_tries - 1):
        await deliver_due(sqlite_store, {"email": carrier}, clock, SETTINGS)
        failed = only(sqlite_store)
        assert failed.next_try_at is not None
        waits.append((failed.next_try_at - clock.now()).total_seconds())
        clock.moment = failed.next_try_at - timedelta(seconds=1)
        assert await deliver_due(sqlite_store, {"email": carrier}, clock, SETTINGS) == 0
        clock.advance(seconds=1)
    assert 2.5 <= waits[0] <= 5
    assert 10 <= waits[1] <= 20
    await deliver_due(sqlite_store, {"email": carrier}, clock, SETTINGS)
    dead = only(sqlite_store)
    assert (dead.status, dead.tries, dead.last_error) == ("dead", 3, "the mail server answered 451")


async def test_a_failure_for_good_is_a_dead_letter_at_once(sqlite_store: SqlStore, clock: FixedClock) -> None:
    enqueue(sqlite_store, outbound())
    carrier = Carrier(fail("refused: 550", permanent=True))
    await deliver_due(sqlite_store, {"email": carrier}, clock, SETTINGS)
    dead = only(sqlite_store)
    assert (dead.status, dead.tries, dead.recipient) == ("dead", 1, "hanako@example.jp")


async def test_a_kind_without_a_way_out_waits_for_one(sqlite_store: SqlStore, clock: FixedClock) -> None:
    enqueue(sqlite_store, outbound(kind="fax"))
    await deliver_due(sqlite_store, {}, clock, SETTINGS)
    assert only(sqlite_store).last_error == "there is no way out for messages of the kind fax"


async def test_one_message_does_not_stop_the_rest(sqlite_store: SqlStore, clock: FixedClock) -> None:
    def break_on_first(message: OutboundMessage) -> None:
        if message.id == "x1":
            raise ZeroDivisionError("髙橋花子")

    enqueue(sqlite_store, outbound("x1"), outbound("x2"))
    await deliver_due(sqlite_store, {"email": Carrier(break_on_first)}, clock, SETTINGS)
    with sqlite_store.transaction() as tx:
        first, second = tx.outbox.find()
    assert (first.status, first.last_error) == ("waiting", "the sender broke: ZeroDivisionError")
    assert second.status == "sent"


async def test_a_slow_way_out_is_given_up_within_the_lease(
    sqlite_store: SqlStore, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SEND_TIMEOUT_S < LEASE_S
    monkeypatch.setattr("bot.delivery.worker.SEND_TIMEOUT_S", 0.01)
    enqueue(sqlite_store, outbound())
    await deliver_due(sqlite_store, {"email": Carrier(lambda message: asyncio.Event().wait())}, clock, SETTINGS)
    assert only(sqlite_store).last_error == "it took more than 0.01 seconds"


async def test_a_worker_killed_while_sending_leaves_the_message_to_the_next(
    sqlite_store: SqlStore, clock: FixedClock
) -> None:
    enqueue(sqlite_store, outbound())
    handed_over = asyncio.Event()

    async def never_return(message: OutboundMessage) -> None:
        handed_over.set()
        await asyncio.Event().wait()

    killed = asyncio.create_task(deliver_due(sqlite_store, {"email": Carrier(never_return)}, clock, SETTINGS))
    await handed_over.wait()
    killed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await killed
    successor = Carrier()
    assert await deliver_due(sqlite_store, {"email": successor}, clock, SETTINGS) == 0
    clock.advance(seconds=LEASE_S)
    assert await deliver_due(sqlite_store, {"email": successor}, clock, SETTINGS) == 1
    assert [one.key for one in successor.carried] == ["key-x1"]


async def test_the_worker_goes_on_until_told_to_stop(sqlite_store: SqlStore, clock: FixedClock) -> None:
    stop = asyncio.Event()
    messages = [outbound(f"x{number}") for number in range(BATCH + 3)]

    def stop_after_all(message: OutboundMessage) -> None:
        if len(carrier.carried) == len(messages):
            stop.set()

    carrier = Carrier(stop_after_all)
    enqueue(sqlite_store, *messages)
    await asyncio.wait_for(run_worker(sqlite_store, {"email": carrier}, clock, SETTINGS, stop, poll_s=60), 20)
    assert {one.id for one in carrier.carried} == {one.id for one in messages}


@pytest.mark.parametrize("error", [Unavailable("the database does not answer"), RuntimeError("no such table")])
async def test_the_worker_waits_for_a_database_that_is_gone(
    sqlite_store: SqlStore, clock: FixedClock, error: Exception
) -> None:
    stop = asyncio.Event()
    gone = StoreThatIsGone(sqlite_store, times=3, error=error)
    enqueue(sqlite_store, outbound())
    carrier = Carrier(lambda message: stop.set())
    await asyncio.wait_for(run_worker(gone, {"email": carrier}, clock, SETTINGS, stop, poll_s=0.001), 20)
    assert gone.times_left == 0
    assert only(sqlite_store).status == "sent"


def test_waits_grow_to_an_hour_and_half_of_each_is_chance() -> None:
    longest = [wait_after(tries, lambda: 1.0).total_seconds() for tries in range(1, 9)]
    assert longest == [5, 20, 80, 320, 1280, 3600, 3600, 3600]
    assert wait_after(8, lambda: 0.0).total_seconds() == 1800


async def test_one_persons_line_messages_go_out_one_after_the_other(sqlite_store: SqlStore, clock: FixedClock) -> None:
    under_way: list[str] = []
    overlaps: list[str] = []

    async def slow(message: OutboundMessage) -> None:
        overlaps.extend(other for other in under_way if other == message.recipient)
        under_way.append(message.recipient)
        await asyncio.sleep(0)
        under_way.remove(message.recipient)

    carrier = Carrier(slow)
    with sqlite_store.transaction() as tx:
        for number in range(3):
            later = NOW + timedelta(microseconds=number)
            said = outbound(f"x{number}", kind="line", recipient="U1", text=str(number), created_at=later)
            tx.outbox.add(replace(said, next_try_at=NOW))
    await deliver_due(sqlite_store, {"line": carrier}, clock, SETTINGS)
    assert [message.text for message in carrier.carried] == ["0", "1", "2"]
    assert overlaps == []


def to_one_person(*texts: str) -> list[OutboundMessage]:
    return [
        replace(
            outbound(text, kind="line", recipient="U1", text=text, created_at=NOW + timedelta(microseconds=number)),
            next_try_at=NOW,
        )
        for number, text in enumerate(texts)
    ]


async def test_nothing_overtakes_what_line_put_off(sqlite_store: SqlStore, clock: FixedClock) -> None:
    enqueue(sqlite_store, *to_one_person("0", "1", "2"))
    senders = {"line": Carrier(fail("LINE is busy", permanent=False))}
    await deliver_due(sqlite_store, senders, clock, SETTINGS)
    assert [message.text for message in senders["line"].carried] == ["0"]
    with sqlite_store.transaction() as tx:
        assert [message.tries for message in tx.outbox.find()] == [1, 0, 0]
        tx.outbox.add(replace(to_one_person("0", "1", "2", "3")[3], next_try_at=clock.advance(seconds=1)))
    carrier = Carrier()
    assert await deliver_due(sqlite_store, {"line": carrier}, clock, SETTINGS) == 0
    clock.advance(seconds=10)
    while await deliver_due(sqlite_store, {"line": carrier}, clock, SETTINGS):
        pass
    assert [message.text for message in carrier.carried] == ["0", "1", "2", "3"]


async def test_what_line_refuses_again_and_again_holds_up_nothing_more(
    sqlite_store: SqlStore, clock: FixedClock
) -> None:
    enqueue(sqlite_store, *to_one_person("0", "1"))
    busy = fail("LINE is busy", permanent=False)
    carrier = Carrier(lambda message: busy(message) if message.text == "0" else None)
    for _ in range(5):
        await deliver_due(sqlite_store, {"line": carrier}, clock, Settings(outbox_tries=9))
        clock.advance(seconds=400)
    # Whatever is written while the first is put off once more goes out as well.
    enqueue(sqlite_store, replace(to_one_person("0", "1", "2")[2], next_try_at=clock.now()))
    await deliver_due(sqlite_store, {"line": carrier}, clock, Settings(outbox_tries=9))
    texts = [message.text for message in carrier.carried]
    assert texts.index("1") > HOLDS_UP_TRIES
    assert (texts.count("1"), texts.count("2")) == (1, 1)


async def test_a_receiver_that_never_answers_keeps_nobody_elses_message(
    sqlite_store: SqlStore, clock: FixedClock
) -> None:
    stop, never = asyncio.Event(), asyncio.Event()
    others = (outbound("code"), outbound("next event", kind="webhook"))
    hanging = Carrier(lambda message: enqueue(sqlite_store, *others) or never.wait())
    carrier = Carrier(lambda message: stop.set() or never.set())
    enqueue(sqlite_store, outbound("event", kind="webhook"))
    senders = {"webhook": hanging, "email": carrier}
    await asyncio.wait_for(run_worker(sqlite_store, senders, clock, SETTINGS, stop, poll_s=0.01), 20)
    assert [message.id for message in carrier.carried] == ["code"]
    with sqlite_store.transaction() as tx:
        assert {message.id: message.status for message in tx.outbox.find()} == {
            "event": "sent",
            "code": "sent",
            "next event": "waiting",
        }
