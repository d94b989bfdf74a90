from __future__ import annotations

import json
from typing import Any

import pytest

from bot.services.machine_events import BATCH, MachineEvents, event_of, tell_of_message
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, conversation, handoff, machine, message


@pytest.fixture
def events(sqlite_store: SqlStore, clock: FixedClock) -> MachineEvents:
    with sqlite_store.transaction() as tx:
        tx.machines.add(machine("a1"), "1")
    return MachineEvents(sqlite_store, clock)


def record(store: SqlStore, action: str, subject: str = "handoff:h1", company: str | None = "okura") -> None:
    with store.transaction() as tx:
        tx.audit.append("staff:satoh", action, subject, company, {}, {"status": "x"}, NOW)


def told(store: SqlStore) -> list[dict[str, Any]]:
    with store.transaction(read_only=True) as tx:
        return [json.loads(one.text) for one in tx.outbox.find()]


@pytest.mark.parametrize(
    ("action", "event"),
    [
        *((f"handoff.{verb}", f"handoff.{verb}") for verb in ("opened", "claimed", "released", "closed")),
        ("handoff.assigned", "handoff.changed"),
        ("request.opened", "request.opened"),
        ("request.decided", "request.changed"),
        ("personal.revealed", None),
        ("machine.added", None),
    ],
)
def test_cases_and_requests_are_told_of_and_nothing_else(action: str, event: str | None) -> None:
    assert event_of(action) == event


def test_what_the_audit_chain_records_is_told_once(events: MachineEvents, sqlite_store: SqlStore) -> None:
    record(sqlite_store, "handoff.opened")
    record(sqlite_store, "request.decided", "request:r1")
    assert events.relay() == 2
    assert events.relay() == 0
    first, second = sorted(told(sqlite_store), key=lambda one: one["event"])
    delivery = first.pop("id")
    assert first == {
        "company": "okura",
        "event": "handoff.opened",
        "at": "2026-06-02T01:00:00+00:00",
        "actor": "staff:satoh",
        "handoff": "h1",
    }
    assert second["request"] == "r1"
    assert second["id"] != delivery


def test_a_crash_before_the_commit_tells_nothing_twice(
    events: MachineEvents, sqlite_store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(sqlite_store, "handoff.opened")
    with monkeypatch.context() as patch:
        patch.setattr("bot.services.machine_events._outbound", _crash)
        with pytest.raises(RuntimeError):
            events.relay()
    assert events.relay() == 1
    assert len(told(sqlite_store)) == 1


def _crash(*_: object) -> None:
    raise RuntimeError("the process died")


def test_a_company_hears_of_its_own_alone(events: MachineEvents, sqlite_store: SqlStore) -> None:
    record(sqlite_store, "handoff.opened", company="kagoshima")
    record(sqlite_store, "handoff.opened", company=None)
    assert events.relay() == 0
    assert told(sqlite_store) == []


def test_nobody_is_told_of_what_was_before_or_after_their_time(
    events: MachineEvents, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    record(sqlite_store, "handoff.opened")
    with sqlite_store.transaction() as tx:
        tx.machines.add(machine("a2", told_seq=tx.audit.last_seq()), "2")
        tx.machines.revoke("a1", NOW)
    record(sqlite_store, "handoff.closed")
    assert events.relay() == 1
    assert [one["event"] for one in told(sqlite_store)] == ["handoff.closed"]


def test_a_long_absence_is_caught_up_in_steps(events: MachineEvents, sqlite_store: SqlStore) -> None:
    for _ in range(BATCH + 3):
        record(sqlite_store, "handoff.opened")
    assert [events.relay() for _ in range(3)] == [BATCH, 3, 0]


def test_a_message_for_staff_is_told_of_by_its_number(events: MachineEvents, sqlite_store: SqlStore) -> None:
    thread = conversation(owner="staff")
    with sqlite_store.transaction() as tx:
        tx.conversations.add(thread)
        tx.handoffs.add(handoff())
        stored = tx.conversations.add_message(message(text="私の番号は090-1234-5678です"))
        assert stored
        tell_of_message(tx, thread, stored)
        tell_of_message(tx, thread, stored)
    (only,) = told(sqlite_store)
    assert {only.pop("id")}
    assert only == {
        "company": "okura",
        "event": "message.received",
        "at": "2026-06-02T01:00:00+00:00",
        "actor": "customer",
        "handoff": "h1",
        "conversation": "c1",
        "message": 1,
    }
