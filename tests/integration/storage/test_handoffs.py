from __future__ import annotations

from datetime import timedelta

from bot.privacy.handoff import HandoffReason
from bot.storage.store import SqlStore
from tests.records import NOW, handoff

LATER = NOW + timedelta(minutes=1)


def test_every_field_comes_back(store: SqlStore) -> None:
    full = handoff(status="closed", claimed_by="staff-1", claimed_at=NOW, closed_at=LATER)
    with store.transaction() as tx:
        tx.handoffs.add(handoff())
        assert tx.handoffs.get("h1") == handoff()
        assert tx.handoffs.open_for("c1") == handoff()
        assert tx.handoffs.claim("h1", "staff-1", NOW)
        assert tx.handoffs.close("h1", LATER)
        assert tx.handoffs.get("h1") == full
        assert tx.handoffs.get("h2") is None
        assert tx.handoffs.open_for("c1") is None


def test_a_conversation_has_one_open_case_with_the_better_priority(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff("h1", HandoffReason.ASKED))
        raised = tx.handoffs.add(handoff("h2", HandoffReason.LEAK, waiting_since=LATER))
        assert raised == handoff("h1", HandoffReason.LEAK)
        assert tx.handoffs.add(handoff("h3", HandoffReason.NOT_UNDERSTOOD)) == raised
        assert tx.handoffs.find() == [raised]


def test_after_a_case_is_closed_another_may_open(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff("h1"))
        tx.handoffs.close("h1", NOW)
        assert tx.handoffs.add(handoff("h2")) == handoff("h2")


def test_a_case_is_claimed_by_one_and_may_be_released(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff())
        assert tx.handoffs.claim("h1", "staff-1", NOW)
        assert not tx.handoffs.claim("h1", "staff-2", NOW)
        assert tx.handoffs.release("h1")
        assert not tx.handoffs.release("h1")
        assert tx.handoffs.get("h1") == handoff()
        assert tx.handoffs.claim("h1", "staff-2", NOW)
        assert tx.handoffs.close("h1", NOW)
        assert not tx.handoffs.close("h1", NOW)
        assert not tx.handoffs.claim("h1", "staff-1", NOW)


def test_the_queue_is_by_priority_then_by_waiting_time(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff("asked", conversation="c1"))
        tx.handoffs.add(handoff("leak", HandoffReason.LEAK, conversation="c2", waiting_since=LATER))
        tx.handoffs.add(handoff("longer", conversation="c3", waiting_since=NOW - timedelta(minutes=1)))
        tx.handoffs.add(handoff("other", HandoffReason.COMPLAINT, conversation="c4", company="kagoshima"))
        tx.handoffs.claim("longer", "staff-1", NOW)
        assert [one.id for one in tx.handoffs.find()] == ["leak", "other", "longer", "asked"]
        assert [one.id for one in tx.handoffs.find("okura", "waiting")] == ["leak", "asked"]
        assert [one.id for one in tx.handoffs.find(status="claimed")] == ["longer"]
