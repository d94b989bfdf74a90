from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.privacy.handoff import HandoffReason
from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.services.ports import Store
from bot.services.records import (
    Conversation,
    DataSubjectRequest,
    Draft,
    Handoff,
    Message,
    OneTimeCode,
    OutboundMessage,
    UnansweredQuestion,
)
from bot.services.retention import BATCH, Retention, rules
from bot.settings import Settings
from tests.conftest import FixedClock

SETTINGS = Settings(
    tracker_hours=2,
    draft_days=3,
    request_days=40,
    conversation_days=20,
    outbox_days=10,
    unanswered_days=15,
    code_minutes=10,
)
NOTHING = {rule.kind: 0 for rule in rules(SETTINGS)}


@pytest.fixture
def retention(sqlite_store: Store, clock: FixedClock) -> Retention:
    return Retention(sqlite_store, clock, SETTINGS)


def _conversation(store: Store, at: datetime, name: str = "c") -> None:
    with store.transaction() as tx:
        tx.conversations.add(Conversation(name, "web", "okura", created_at=at, updated_at=at))
        tx.conversations.add_message(Message(f"m-{name}", name, 0, "customer", "canary", at, event_id="e"))


def _request(at: datetime, status: Status, conversation: str | None = None) -> DataSubjectRequest:
    return DataSubjectRequest(
        id="r",
        receipt="OKU-1",
        company="okura",
        type="disclosure",
        status=status,
        identity=IdentityStatus.VERIFIED,
        level=Level.CODE,
        channel="web",
        conversation=conversation,
        created_at=at,
        due_date=date(2026, 6, 16),
        idempotency_key="k",
    )


def test_an_empty_database_has_nothing_to_delete(retention: Retention, sqlite_store: Store) -> None:
    assert retention.run() == NOTHING
    with sqlite_store.transaction() as tx:
        assert list(tx.audit.records()) == []


def test_a_conversation_goes_with_its_messages_on_its_day(
    retention: Retention, sqlite_store: Store, clock: FixedClock
) -> None:
    _conversation(sqlite_store, clock.now())

    clock.advance(days=20)
    assert retention.run() == NOTHING

    clock.advance(seconds=1)
    assert retention.run() == {**NOTHING, "conversations": 1}
    with sqlite_store.transaction() as tx:
        assert tx.conversations.get("c") is None
        assert tx.conversations.message_by_event("c", "e") is None


def test_a_dry_run_counts_and_leaves_everything(retention: Retention, sqlite_store: Store, clock: FixedClock) -> None:
    _conversation(sqlite_store, clock.now())
    with sqlite_store.transaction() as tx:
        tx.drafts.save(Draft("c", "disclosure", updated_at=clock.now()))
        tx.engine_states.save("c", "{}", 0, clock.now())
        tx.unanswered.add(UnansweredQuestion("u", "okura", "canary", "low", clock.now()))
    clock.advance(days=30)

    expected = {**NOTHING, "engine_states": 1, "drafts": 1, "conversations": 1, "unanswered": 1}
    assert retention.run(dry_run=True) == expected
    with sqlite_store.transaction() as tx:
        assert tx.conversations.get("c") is not None
        assert list(tx.audit.records()) == []
    assert retention.run() == expected


def test_what_was_deleted_is_in_the_audit_chain(retention: Retention, sqlite_store: Store, clock: FixedClock) -> None:
    _conversation(sqlite_store, clock.now())
    clock.advance(days=30)
    retention.run()
    with sqlite_store.transaction() as tx:
        (record,) = tx.audit.records()
        assert tx.audit.first_bad() is None
    assert (record.actor, record.action) == ("desk", "retention.run")
    assert record.after == {**NOTHING, "conversations": 1}


def test_a_conversation_that_staff_have_not_finished_stays(
    retention: Retention, sqlite_store: Store, clock: FixedClock
) -> None:
    _conversation(sqlite_store, clock.now(), "case")
    _conversation(sqlite_store, clock.now(), "request")
    with sqlite_store.transaction() as tx:
        tx.handoffs.add(Handoff("h", "okura", "case", HandoffReason.ASKED, "waiting", 2, clock.now()))
        tx.requests.add(_request(clock.now(), Status.IN_PROGRESS, "request"))
    clock.advance(days=30)
    assert retention.run() == NOTHING

    with sqlite_store.transaction() as tx:
        tx.handoffs.close("h", clock.now())
        request = tx.requests.get("r")
        assert request is not None
        assert tx.requests.save(replace(request, status=Status.DENIED, decided_at=clock.now()))
    assert retention.run() == {**NOTHING, "conversations": 2}


def test_an_ended_request_goes_on_its_day_and_an_open_one_never(
    retention: Retention, sqlite_store: Store, clock: FixedClock
) -> None:
    with sqlite_store.transaction() as tx:
        tx.requests.add(_request(clock.now(), Status.OPEN))
    clock.advance(days=100)
    assert retention.run() == NOTHING

    with sqlite_store.transaction() as tx:
        request = tx.requests.get("r")
        assert request is not None
        tx.requests.save(replace(request, status=Status.REVOKED, decided_at=clock.now()))
    clock.advance(days=39)
    assert retention.run() == NOTHING
    clock.advance(days=2)
    assert retention.run() == {**NOTHING, "requests": 1}


def test_codes_limits_and_sent_messages_go(retention: Retention, sqlite_store: Store, clock: FixedClock) -> None:
    now = clock.now()
    _conversation(sqlite_store, now + timedelta(days=14))
    with sqlite_store.transaction() as tx:
        expires = now + timedelta(minutes=10)
        tx.codes.add(OneTimeCode("o", "okura", "c", None, "p", "d", created_at=now, expires_at=expires))
        tx.limits.take("key", 5, 60, now)
        for name in ("sent", "waiting", "dead"):
            tx.outbox.add(OutboundMessage(name, "okura", "email", "x@example.jp", "s", "t", key=name, created_at=now))
        tx.outbox.mark_sent("sent", now)
        tx.outbox.mark_failed("dead", "refused", None)
    clock.advance(days=14)

    assert retention.run() == {**NOTHING, "codes": 1, "limits": 1, "outbox": 1, "dead_letters": 1}
    with sqlite_store.transaction() as tx:
        assert [message.id for message in tx.outbox.find()] == ["waiting"]
        assert [record.after["dead_letters"] for record in tx.audit.records("retention")] == [1]


def test_more_than_a_batch_goes_in_one_run(retention: Retention, sqlite_store: Store, clock: FixedClock) -> None:
    now = clock.now()
    with sqlite_store.transaction() as tx:
        for number in range(BATCH + 1):
            tx.conversations.add(Conversation(str(number), "web", "okura", created_at=now, updated_at=now))
    clock.advance(days=30)
    assert retention.run()["conversations"] == BATCH + 1


def test_who_looked_at_something_is_forgotten_after_an_hour(
    retention: Retention, sqlite_store: Store, clock: FixedClock
) -> None:
    with sqlite_store.transaction() as tx:
        tx.presences.touch("conversation:c1", "s1", clock.now())
    clock.advance(minutes=59)
    assert retention.run() == NOTHING
    clock.advance(minutes=2)
    assert retention.run() == {**NOTHING, "presences": 1}
