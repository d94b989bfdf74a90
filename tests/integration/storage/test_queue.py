from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.privacy.handoff import HandoffReason
from bot.privacy.statuses import Status
from bot.services.ports import Transaction
from bot.services.ports.queue import QueueCounts
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request, handoff, message

LATER = NOW + timedelta(minutes=1)
TODAY = date(2026, 6, 20)


@pytest.fixture(autouse=True)
def _cases(store: SqlStore) -> None:
    with store.transaction() as tx:
        for name in ("c1", "c2", "c3", "c4"):
            tx.conversations.add(conversation(name, channel="line" if name == "c2" else "web"))
        tx.handoffs.add(handoff("h1", conversation="c1"))
        tx.handoffs.add(handoff("h2", HandoffReason.LEAK, conversation="c2", store="honsha"))
        tx.handoffs.add(handoff("h3", conversation="c3", store="shinjo"))
        tx.handoffs.add(handoff("h4", conversation="c4", company="kagoshima"))
        tx.conversations.add_message(message("m1", conversation="c1"))
        tx.conversations.add_message(message("m2", conversation="c1", author="bot", created_at=LATER))


def ids(tx: Transaction, scope: str | None = None) -> list[str]:
    return [one.case.id for one in tx.queue.cases("okura", scope, 10)]


def test_open_cases_of_a_company_come_with_what_was_said_last(store: SqlStore) -> None:
    with store.transaction() as tx:
        leak, first, _ = tx.queue.cases("okura", None, 10)
        assert (leak.case.id, leak.channel, leak.last_author, leak.last_at) == ("h2", "line", None, None)
        assert (first.case.id, first.channel, first.last_author, first.last_at) == ("h1", "web", "bot", LATER)
        assert len(tx.queue.cases("okura", None, 2)) == 2


def test_a_store_sees_its_own_cases_and_those_of_none(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert ids(tx, "honsha") == ["h2", "h1"]
        assert ids(tx, "shinjo") == ["h1", "h3"]
        assert ids(tx) == ["h2", "h1", "h3"]
        tx.handoffs.close("h1", NOW)
        assert ids(tx, "shinjo") == ["h3"]


def test_what_is_to_do_is_counted_by_company_and_store(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.claim("h1", "s1", NOW)
        tx.requests.add(data_subject_request("r1", due_date=TODAY))
        tx.requests.add(data_subject_request("r2", due_date=TODAY - timedelta(days=1), store="honsha"))
        tx.requests.add(data_subject_request("r3", status=Status.FULFILLED, due_date=TODAY - timedelta(days=1)))
        tx.requests.add(data_subject_request("r4", company="kagoshima", due_date=TODAY - timedelta(days=1)))
        assert tx.queue.counts("okura", None, TODAY) == QueueCounts(2, 1, 2, 1)
        assert tx.queue.counts("okura", "shinjo", TODAY) == QueueCounts(1, 1, 1, 0)
        assert tx.queue.waiting("okura", None) == 2
        assert tx.queue.waiting("okura", "shinjo") == 1


def test_the_pulse_changes_with_what_changes(store: SqlStore) -> None:
    with store.transaction() as tx:
        before = tx.queue.pulse("okura")
        assert tx.queue.pulse("okura") == before
        tx.conversations.add_message(message("m3", conversation="c1", created_at=LATER + timedelta(seconds=1)))
        after_message = tx.queue.pulse("okura")
        tx.audit.append("staff:s1", "handoff.claimed", "handoff:h1", "okura", {}, {}, NOW)
        assert len({before, after_message, tx.queue.pulse("okura")}) == 3


def test_the_pulse_changes_with_a_message_that_is_stored_after_a_later_one(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message("m3", conversation="c1", created_at=LATER + timedelta(seconds=2)))
        before = tx.queue.pulse("okura")
        tx.conversations.add_message(message("m4", conversation="c2", created_at=LATER + timedelta(seconds=1)))
        assert tx.queue.pulse("okura") != before


def test_a_case_is_given_on_only_from_whoever_is_thought_to_hold_it(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert not tx.handoffs.assign("h1", "s2", "s1", NOW)
        assert tx.handoffs.assign("h1", "s1", None, NOW)
        assert not tx.handoffs.assign("h1", "s2", None, NOW)
        assert tx.handoffs.assign("h1", "s2", "s1", LATER)
        kept = tx.handoffs.get("h1")
        assert kept is not None
        assert (kept.status, kept.claimed_by, kept.claimed_at) == ("claimed", "s2", LATER)


def test_a_waiting_case_is_raised_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.handoffs.raise_once("h1", 1, LATER)
        assert not tx.handoffs.raise_once("h1", 0, LATER)
        kept = tx.handoffs.get("h1")
        assert kept is not None
        assert (kept.priority, kept.raised_at) == (1, LATER)
        tx.handoffs.claim("h3", "s1", NOW)
        assert not tx.handoffs.raise_once("h3", 1, LATER)
