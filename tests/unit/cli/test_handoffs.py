from __future__ import annotations

from bot.privacy.handoff import HandoffReason
from bot.services.records import Conversation, Handoff
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.cli.conftest import Run


def test_cases_are_listed_in_the_order_of_the_queue(run: Run, desk: SqlStore, clock: FixedClock) -> None:
    now = clock.now()
    with desk.transaction() as tx:
        for name, company in (("asked", "okura"), ("leak", "okura"), ("other", "kagoshima")):
            tx.conversations.add(Conversation(name, "web", company, created_at=now, updated_at=now))
        tx.handoffs.add(Handoff("1", "okura", "asked", HandoffReason.ASKED, "waiting", 2, now))
        tx.handoffs.add(Handoff("2", "okura", "leak", HandoffReason.LEAK, "waiting", 0, now))
        tx.handoffs.add(Handoff("3", "kagoshima", "other", HandoffReason.ASKED, "waiting", 2, now))
        tx.handoffs.close("3", now)

    rows = run("handoffs", "list", "--company", "okura", "--json").json
    assert rows == [
        {
            "id": id_,
            "company": "okura",
            "reason": reason,
            "status": "waiting",
            "priority": priority,
            "waiting_since": "2026-06-02T10:00:00+09:00",
        }
        for id_, reason, priority in (("2", "leak", 0), ("1", "asked", 2))
    ]
    assert [row["id"] for row in run("handoffs", "list", "--status", "closed", "--json").json] == ["3"]
