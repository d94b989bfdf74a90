"""A store with a row in every table, and all of it read back."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from bot.services.ports import RequestFilter, Transaction
from bot.services.ports.company_settings import CannedAnswer, ClosedDay, StaffChoices
from bot.services.ports.operation import JobRun
from bot.services.ports.statistics import Counted
from bot.services.records import DocumentLink, Note, TaskDone
from bot.services.staff.records import LinkKind, Membership, StaffLink
from bot.services.staff.roles import Role
from bot.storage.store import SqlStore
from tests.records import (
    NOW,
    PNG,
    conversation,
    customer,
    data_subject_request,
    draft,
    handoff,
    machine,
    message,
    one_time_code,
    outbound,
    picture,
    staff_member,
    staff_session,
    suppression,
    unanswered_question,
)

LINE_USER = "U4af4980629c1d27be6c0"
"""Longer than what a random key spells by chance."""


def fill(store: SqlStore) -> None:
    """A row in every table."""
    with store.transaction() as tx:
        tx.conversations.add(conversation(external_id=LINE_USER))
        tx.conversations.add_message(message())
        tx.customers.save_many([customer(f"k{number}") for number in range(5)])
        tx.drafts.save(draft())
        tx.requests.add(data_subject_request())
        tx.request_tasks.tick(TaskDone("r1", "compile_records", "s1", NOW))
        tx.document_links.add(DocumentLink("l1", "r1", "0" * 64, NOW, NOW))
        tx.suppressions.add(suppression())
        tx.handoffs.add(handoff())
        tx.pictures.add(picture(), PNG)
        tx.notes.add(Note("n1", "c1", "s1", "電話済み", NOW))
        tx.presences.touch("conversation:c1", "s1", NOW)
        tx.case_alerts.switch_on("s1", "okura", NOW)
        tx.postings.begin("c1")
        tx.codes.add(one_time_code())
        tx.limits.take("code:k1", 5, 60, NOW)
        tx.audit.append("desk", "request.opened", "request:r1", "okura", {}, {"status": "open"}, NOW)
        tx.outbox.add(outbound())
        tx.unanswered.add(unanswered_question())
        tx.engine_states.save("c1", "{}", 0, NOW)
        hours = {0: (time(9), time(17, 30))}
        tx.company_settings.save(StaffChoices("okura", hours, False, False, "山田が入院中", "混み合っています"))
        tx.company_settings.close(ClosedDay("okura", date(2026, 8, 13), "夏季休業"))
        tx.canned_answers.save(CannedAnswer("a1", "okura", "営業時間", "平日の9時からです。"))
        tx.statistics.count("okura", None, NOW.date(), [Counted("topic", "cookies")])
        tx.machines.add(machine(), "0" * 64)
        tx.operation.note_job(JobRun("retention", NOW, ok=True))
        fill_staff(tx)


def fill_staff(tx: Transaction) -> None:
    """A member of staff with all that hangs on one."""
    tx.staff.add(staff_member())
    tx.staff.set_second_factor("s1", "SECRETSECRET", 1, ["a code"])
    tx.staff.put_membership(Membership("s1", "okura", Role.ADMIN))
    tx.staff_sessions.add(staff_session())
    tx.staff_links.add(StaffLink("1" * 64, "s1", LinkKind.PASSWORD, NOW, NOW))


def everything(store: SqlStore) -> list[Any]:
    with store.transaction() as tx:
        return [
            tx.conversations.get("c1"),
            tx.conversations.messages("c1"),
            [tx.customers.get(f"k{number}") for number in range(5)],
            tx.drafts.get("c1"),
            tx.requests.find(RequestFilter()),
            tx.request_tasks.of("r1"),
            tx.document_links.of("r1"),
            tx.suppressions.find(),
            tx.outbox.find(),
            tx.unanswered.find(),
            tx.engine_states.load("c1"),
            tx.company_settings.get("okura"),
            tx.company_settings.closed_days("okura"),
            tx.canned_answers.list("okura"),
            tx.statistics.by_day("okura", "topic", NOW.date(), NOW.date()),
            tx.customers.find_by_contact("okura", "hanako@example.jp"),
            tx.handoffs.find(),
            tx.pictures.of("c1"),
            tx.pictures.content("m1"),
            tx.notes.of("c1"),
            tx.presences.since(NOW),
            tx.case_alerts.wanted("okura"),
            tx.request_lookup.find("okura", "髙橋花子", 20),
            tx.codes.latest("c1", "draft-1"),
            tx.limits.count("code:k1", 60, NOW),
            list(tx.audit.records()),
            tx.machines.find(),
            tx.operation.jobs(),
            tx.staff.members("okura"),
            tx.staff.recovery_codes_left("s1"),
            tx.staff_sessions.of("s1"),
            tx.staff_links.find("1" * 64),
        ]
