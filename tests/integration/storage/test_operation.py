from __future__ import annotations

from datetime import date, timedelta

from bot.privacy.statuses import Status
from bot.services.ports.operation import JobRun, Vitals
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request, handoff, message, outbound

LATER = NOW + timedelta(minutes=5)


def test_an_empty_desk_alarms_nobody(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.operation.vitals(NOW, NOW.date(), 60) == Vitals(0, 0, None, 0, None, 0, 0, 0)
        assert tx.operation.jobs() == []


def test_what_may_have_to_wake_somebody_is_counted(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number in range(4):
            tx.conversations.add(conversation(f"c{number}"))
        tx.outbox.add(outbound("x1", next_try_at=LATER + timedelta(hours=1)))
        tx.outbox.add(outbound("x2"))
        tx.outbox.add(outbound("x3"))
        tx.outbox.mark_failed("x3", "no", None)
        tx.handoffs.add(handoff("h0", conversation="c0", waiting_since=LATER))
        tx.handoffs.add(handoff("h1", conversation="c1"))
        for number, end in ((2, tx.handoffs.close), (3, lambda one, _: tx.handoffs.claim(one, "satoh", NOW))):
            tx.handoffs.add(handoff(f"h{number}", conversation=f"c{number}", waiting_since=NOW - timedelta(days=1)))
            end(f"h{number}", NOW)
        tx.requests.add(data_subject_request("r1", due_date=date(2026, 6, 1)))
        tx.requests.add(data_subject_request("r2", due_date=date(2026, 6, 2)))
        tx.requests.add(data_subject_request("r3", due_date=date(2026, 6, 1), status=Status.FULFILLED))
        tx.conversations.add_message(message("m1", conversation="c0"))
        tx.conversations.add_message(message("m2", conversation="c0", created_at=LATER))
        tx.conversations.add_message(message("m3", conversation="c0", author="bot"))
        tx.conversations.add_message(message("m4", conversation="c0"))
        tx.conversations.mark_answered("m4", NOW)
        assert tx.operation.vitals(LATER, date(2026, 6, 2), 60) == Vitals(2, 1, NOW, 2, NOW, 2, 1, 1)


def test_the_last_run_of_a_job_is_known(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.operation.note_job(JobRun("retention", NOW, ok=True))
        tx.operation.note_job(JobRun("audit_check", NOW, ok=True))
        tx.operation.note_job(JobRun("retention", LATER, ok=False))
        assert tx.operation.jobs() == [JobRun("audit_check", NOW, ok=True), JobRun("retention", LATER, ok=False)]
