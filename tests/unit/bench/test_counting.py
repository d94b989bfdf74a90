"""The count after the faults finds what is lost, doubled or told wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bench.traffic.counting import Balance, count
from bench.traffic.crowd import Book
from bench.traffic.line_person import LinePerson
from bench.traffic.mail import MailServer
from bench.traffic.visitor import Exchange, Visitor
from bot.services.records import Conversation, Message, OutboundMessage
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.line_server import LineServer


@dataclass
class Evening:
    """One visitor who asked one thing, got one answer, and everything is as it should be."""

    store: SqlStore
    clock: FixedClock
    book: Book = field(default_factory=Book)
    line: LineServer = field(default_factory=LineServer)
    mail: MailServer = field(default_factory=MailServer)

    def __post_init__(self) -> None:
        self.visitor = Visitor(httpx.AsyncClient())
        self.visitor.conversation = "web-1"
        self.book.visitors.append(self.visitor)
        with self.store.transaction() as tx:
            tx.conversations.add(Conversation("web-1", "web", "okura", self.clock.now(), self.clock.now()))
        self.asked = self.keep("customer", event_id="event-1", answered_at=self.clock.now())
        self.keep("bot", reply_to=self.asked.id)
        exchange = Exchange("event-1", "?", 0.0, accepted=1.0, seq=1, answered=2.0, replies=[{"text": "bot"}])
        self.visitor.exchanges.append(exchange)
        self.exchange = exchange
        self.visitor.messages = {1: {"text": "customer"}, 2: {"text": "bot"}}

    def keep(self, author: str, **more: Any) -> Message:
        """Store a message."""
        message = Message(uuid.uuid4().hex, "web-1", 0, author, author, self.clock.now(), **more)
        with self.store.transaction() as tx:
            kept = tx.conversations.add_message(message)
        assert kept is not None
        return kept

    def count(self) -> Balance:
        return count(self.store, self.book, self.line, self.mail)


@pytest.fixture
def evening(sqlite_store: SqlStore, clock: FixedClock) -> Evening:
    return Evening(sqlite_store, clock)


def wrongs(evening: Evening) -> str:
    found = evening.count().wrongs
    assert found
    return "\n".join(found)


def test_what_adds_up_has_nothing_wrong(evening: Evening) -> None:
    balance = evening.count()
    assert balance.wrongs == []
    assert (balance.counts["accepted"], balance.counts["recorded"], balance.counts["answered"]) == (1, 1, 1)


def test_an_accepted_message_that_is_gone(evening: Evening) -> None:
    evening.visitor.exchanges.append(Exchange("event-2", "?", 0.0, accepted=1.0))
    assert "event-2 was accepted and is recorded 0 times" in wrongs(evening)


def test_a_recorded_message_that_nobody_answered(evening: Evening) -> None:
    evening.keep("customer", event_id="event-2")
    evening.visitor.exchanges.append(Exchange("event-2", "?", 0.0, accepted=1.0))
    assert "event-2 is recorded and was never answered" in wrongs(evening)


def test_a_message_that_was_answered_twice(evening: Evening) -> None:
    evening.clock.advance(seconds=3)
    evening.keep("bot", reply_to=evening.asked.id)
    assert "event-1 was answered 2 times" in wrongs(evening)


def test_what_a_form_told_after_an_excuse_is_no_second_answer_but_a_third_is(evening: Evening) -> None:
    evening.visitor.exchanges.append(Exchange("event-2", "送信する", 0.0, accepted=1.0, seq=3))
    asked = evening.keep("customer", event_id="event-2", answered_at=evening.clock.now())
    evening.keep("ただいま自動でのお答えができません", reply_to=asked.id)
    evening.clock.advance(seconds=3)
    evening.keep("bot", reply_to=asked.id)
    balance = evening.count()
    assert (balance.wrongs, balance.counts["answers after an apology"]) == ([], 1)
    evening.clock.advance(seconds=3)
    evening.keep("bot", reply_to=asked.id)
    assert "event-2 was answered 3 times" in wrongs(evening)


def test_a_screen_that_shows_something_else(evening: Evening) -> None:
    evening.visitor.messages[2] = {"text": "another word"}
    assert "was shown other messages [2]" in wrongs(evening)


def test_an_apology_without_a_contact(evening: Evening) -> None:
    evening.exchange.replies = [{"text": "ただいま自動でのお答えができません"}]
    assert "was told no contact" in wrongs(evening)


def test_a_receipt_without_a_request(evening: Evening) -> None:
    evening.book.receipts["web-1"] = "OK-0000-0000-0000"
    assert "web-1 made 0 requests" in wrongs(evening)


def test_a_call_for_a_person_that_opened_no_case(evening: Evening) -> None:
    evening.book.called_staff.append("web-1")
    assert "called a person and opened 0 cases" in wrongs(evening)


def test_calls_that_were_not_stopped(evening: Evening) -> None:
    evening.book.stopped["web-1"] = "070-0000-0001"
    assert "the calls to 070-0000-0001 weren't stopped" in wrongs(evening)


def test_a_mail_that_never_came_or_came_under_two_ids(evening: Evening) -> None:
    message = OutboundMessage("m", "okura", "email", "a@example.jp", "s", "t", "key", evening.clock.now())
    with evening.store.transaction() as tx:
        tx.outbox.add(message)
        tx.outbox.mark_sent("m", evening.clock.now() + timedelta(seconds=1))
    assert "1 mails were due and 0 came" in wrongs(evening)
    evening.mail.taken.update(["<1>", "<2>"])
    assert "1 mails were due and 2 came" in wrongs(evening)


def test_a_message_that_never_left(evening: Evening) -> None:
    message = OutboundMessage("m", "okura", "sms", "+819010000001", "", "t", "key", evening.clock.now())
    with evening.store.transaction() as tx:
        tx.outbox.add(message)
        tx.outbox.mark_failed("m", "it answered 500", None)
    assert "sms m is dead: it answered 500" in wrongs(evening)


def test_line_that_shows_an_answer_twice(evening: Evening) -> None:
    person = LinePerson(evening.line, httpx.AsyncClient(), 1)
    person.exchanges.append(Exchange("event-9", "?", 0.0, accepted=1.0))
    evening.book.people.append(person)
    assert "said 1 things and was shown 0 answers" in wrongs(evening)


def test_a_customer_who_gave_up(evening: Evening) -> None:
    evening.book.complaints.append("no answer to event-1")
    assert wrongs(evening) == "no answer to event-1"
