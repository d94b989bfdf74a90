"""Look-ups and lists walk an index, so that they cost the same at a thousand customers and at a million."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.services.ports import RequestFilter, RequestList
from bot.services.ports.casework import AuditFilter
from bot.services.records import Posting
from bot.services.staff.records import LinkKind
from bot.storage.store import SqlStore
from bot.storage.tables import metadata
from tests.records import NOW, conversation, customer, data_subject_request, handoff, message

LATER = NOW + timedelta(days=1)

STEPS: dict[str, Callable[[Any], object]] = {
    "conversations.get": lambda tx: tx.conversations.get("c1"),
    "conversations.find_external": lambda tx: tx.conversations.find_external("line", "okura", "U1"),
    "conversations.of_customer": lambda tx: tx.conversations.of_customer("k1"),
    "conversations.idle_since": lambda tx: tx.conversations.idle_since(LATER),
    "conversations.messages": lambda tx: tx.conversations.messages("c1", 5),
    "conversations.message_by_event": lambda tx: tx.conversations.message_by_event("c1", "e1"),
    "conversations.replies_to": lambda tx: tx.conversations.replies_to("m1"),
    "conversations.pending": lambda tx: tx.conversations.pending("c1"),
    "conversations.unanswered": lambda tx: tx.conversations.unanswered(LATER, LATER),
    "conversations.take": lambda tx: tx.conversations.take("c1", "w1", NOW, LATER),
    "conversations.prolong": lambda tx: tx.conversations.prolong("c1", "w1", LATER),
    "conversations.give_back": lambda tx: tx.conversations.give_back("c1", "w1"),
    "conversations.touched_since": lambda tx: tx.conversations.touched_since(LATER),
    "conversations.add_message": lambda tx: tx.conversations.add_message(message(event_id="e1")),
    "conversations.erase": lambda tx: tx.conversations.erase("c1"),
    "customers.get": lambda tx: tx.customers.get("k1"),
    "customers.get_many_by_no": lambda tx: tx.customers.get_many_by_no("okura", ["1", "2"]),
    "customers.find_by_name": lambda tx: tx.customers.find_by_name("okura", "髙橋"),
    "customers.find_by_contact": lambda tx: tx.customers.find_by_contact("okura", "090-1234-5678"),
    "customers.save_many": lambda tx: tx.customers.save_many([customer()]),
    "customers.erase": lambda tx: tx.customers.erase("k1"),
    "pictures.get": lambda tx: tx.pictures.get("m1"),
    "pictures.content": lambda tx: tx.pictures.content("m1"),
    "pictures.of": lambda tx: tx.pictures.of("c1"),
    "pictures.delete": lambda tx: tx.pictures.delete("m1"),
    "pictures.delete_older": lambda tx: tx.pictures.delete_older(NOW),
    "drafts.get": lambda tx: tx.drafts.get("c1"),
    "drafts.older_than": lambda tx: tx.drafts.older_than(LATER),
    "requests.get": lambda tx: tx.requests.get("r1"),
    "requests.by_receipt": lambda tx: tx.requests.by_receipt("OK-1"),
    "requests.find all": lambda tx: tx.requests.find(RequestFilter(limit=50)),
    "requests.find company": lambda tx: tx.requests.find(RequestFilter(company="okura", limit=50)),
    "requests.find status": lambda tx: tx.requests.find(RequestFilter(company="okura", status="open", limit=50)),
    "requests.find after": lambda tx: tx.requests.find(RequestFilter(company="okura", after=(NOW, "r1"), limit=50)),
    "requests.find status after": lambda tx: tx.requests.find(
        RequestFilter(company="okura", status="open", after=(NOW, "r1"), limit=50)
    ),
    "requests.find ended": lambda tx: tx.requests.find(RequestFilter(ended_before=LATER)),
    "requests.empty": lambda tx: tx.requests.empty(data_subject_request()),
    "requests.erased": lambda tx: tx.requests.erased(LATER, 50),
    "requests.page running": lambda tx: tx.requests.page(RequestList("okura")),
    "requests.page filtered": lambda tx: tx.requests.page(
        RequestList("okura", type="disclosure", scope="north", store="north", assigned_to="s1", due_before=NOW.date())
    ),
    "requests.page after": lambda tx: tx.requests.page(RequestList("okura", after=data_subject_request())),
    "requests.page ended": lambda tx: tx.requests.page(RequestList("okura", running=False, status="denied")),
    "requests.page all after": lambda tx: tx.requests.page(
        RequestList("okura", running=False, type="erasure", after=data_subject_request())
    ),
    "request_tasks.of": lambda tx: tx.request_tasks.of("r1"),
    "request_tasks.untick": lambda tx: tx.request_tasks.untick("r1", "compile_records"),
    "document_links.by_digest": lambda tx: tx.document_links.by_digest("0" * 64),
    "document_links.of": lambda tx: tx.document_links.of("r1"),
    "document_links.use": lambda tx: tx.document_links.use("l1", NOW),
    "document_links.delete_expired": lambda tx: tx.document_links.delete_expired(LATER),
    "codes.latest": lambda tx: tx.codes.latest("c1", "draft-1"),
    "codes.take_attempt": lambda tx: tx.codes.take_attempt("o1", 5, NOW),
    "codes.delete_expired": lambda tx: tx.codes.delete_expired(LATER),
    "limits.count": lambda tx: tx.limits.count("a", 60, NOW),
    "limits.sweep": lambda tx: tx.limits.sweep(LATER),
    "suppressions.of_person": lambda tx: tx.suppressions.of_person(customer()),
    "suppressions.find": lambda tx: tx.suppressions.find("okura"),
    "suppressions.suppressed": lambda tx: tx.suppressions.suppressed("okura", ["a@b.jp"], "email", "marketing"),
    "handoffs.open_for": lambda tx: tx.handoffs.open_for("c1"),
    "handoffs.add": lambda tx: tx.handoffs.add(handoff()),
    "handoffs.find": lambda tx: tx.handoffs.find(),
    "handoffs.find company": lambda tx: tx.handoffs.find("okura", "waiting"),
    "audit.records of one": lambda tx: list(tx.audit.records("request:r1")),
    "outbox.take_due": lambda tx: tx.outbox.take_due(LATER, 20, 60),
    "outbox.find": lambda tx: tx.outbox.find("dead"),
    "outbox.erase_recipient": lambda tx: tx.outbox.erase_recipient("a@b.jp"),
    "outbox.delete_dead": lambda tx: tx.outbox.delete_dead(LATER),
    "outbox.delete_sent": lambda tx: tx.outbox.delete_sent(LATER),
    "postings.lock": lambda tx: tx.postings.lock("c1"),
    "postings.save": lambda tx: tx.postings.save(Posting("c1")),
    "unanswered.find": lambda tx: tx.unanswered.find(),
    "unanswered.delete_older": lambda tx: tx.unanswered.delete_older(LATER),
    "company_settings.get": lambda tx: tx.company_settings.get("okura"),
    "company_settings.closed_days": lambda tx: tx.company_settings.closed_days("okura", NOW.date()),
    "canned_answers.list": lambda tx: tx.canned_answers.list("okura"),
    "statistics.by_day": lambda tx: tx.statistics.by_day("okura", "topic", NOW.date(), LATER.date(), ["", "s1"]),
    "queue.cases": lambda tx: tx.queue.cases("okura", None, 50),
    "queue.counts": lambda tx: tx.queue.counts("okura", None, NOW.date()),
    "queue.counts of a store": lambda tx: tx.queue.counts("okura", "honsha", NOW.date()),
    "queue.waiting": lambda tx: tx.queue.waiting("okura", None),
    "queue.pulse": lambda tx: tx.queue.pulse("okura"),
    "handoffs.places": lambda tx: tx.handoffs.places(["h1", "h2"]),
    "notes.of": lambda tx: tx.notes.of("c1"),
    "presences.since": lambda tx: tx.presences.since(NOW),
    "presences.sweep": lambda tx: tx.presences.sweep(NOW),
    "case_alerts.wanted": lambda tx: tx.case_alerts.wanted("okura"),
    "case_alerts.told": lambda tx: tx.case_alerts.told("s1", "okura", NOW, LATER),
    "request_lookup.find": lambda tx: tx.request_lookup.find("okura", "高橋花子", 20),
    "figures.running": lambda tx: tx.figures.running("okura", NOW.date(), LATER.date(), ["", "s1"]),
    "figures.waiting": lambda tx: tx.figures.waiting("okura"),
    "figures.outcomes": lambda tx: tx.figures.outcomes("okura", NOW, LATER),
    "figures.first_answers": lambda tx: tx.figures.first_answers("okura", NOW, LATER, 500),
    "audit.page": lambda tx: tx.audit.page(AuditFilter("okura", before=(LATER, 9))),
    "audit.page actor": lambda tx: tx.audit.page(AuditFilter("okura", actor="staff:s1", since=NOW)),
    "audit.page action": lambda tx: tx.audit.page(AuditFilter("okura", action="request.opened", until=LATER)),
    "audit.page subject": lambda tx: tx.audit.page(AuditFilter("okura", subject="request:r1")),
    "unanswered.latest": lambda tx: tx.unanswered.latest("okura", 50, LATER),
    "outbox.dead": lambda tx: tx.outbox.dead("okura", 50),
    "engine_states.load": lambda tx: tx.engine_states.load("c1"),
    "audit.after": lambda tx: tx.audit.after(5, 100),
    "operation.vitals": lambda tx: tx.operation.vitals(LATER, LATER.date(), 60),
    "machines.by_key": lambda tx: tx.machines.by_key("0"),
    "machines.find": lambda tx: tx.machines.find(),
    "machines.find company": lambda tx: tx.machines.find("okura"),
    "machines.listening": lambda tx: tx.machines.listening(),
    "machines.listening company": lambda tx: tx.machines.listening("okura"),
    "staff.get": lambda tx: tx.staff.get("s1"),
    "staff.get_many": lambda tx: tx.staff.get_many(["s1", "s2"]),
    "staff.by_email": lambda tx: tx.staff.by_email("s1@example.jp"),
    "staff.set_second_factor": lambda tx: tx.staff.set_second_factor("s1", "A", 1, ()),
    "staff.take_step": lambda tx: tx.staff.take_step("s1", 5),
    "staff.take_recovery_code": lambda tx: tx.staff.take_recovery_code("s1", "a"),
    "staff.recovery_codes_left": lambda tx: tx.staff.recovery_codes_left("s1"),
    "staff.memberships": lambda tx: tx.staff.memberships("s1"),
    "staff.members": lambda tx: tx.staff.members("okura"),
    "staff.lock_admins": lambda tx: tx.staff.lock_admins("okura"),
    "staff.delete": lambda tx: tx.staff.delete("s1"),
    "staff_sessions.by_digest": lambda tx: tx.staff_sessions.by_digest("0"),
    "staff_sessions.of": lambda tx: tx.staff_sessions.of("s1"),
    "staff_sessions.end_all": lambda tx: tx.staff_sessions.end_all("s1", "p1"),
    "staff_sessions.sweep": lambda tx: tx.staff_sessions.sweep(LATER),
    "staff_links.use": lambda tx: tx.staff_links.use("0", NOW),
    "staff_links.open_for": lambda tx: tx.staff_links.open_for("s1", LinkKind.PASSWORD, NOW),
    "staff_links.drop_all": lambda tx: tx.staff_links.drop_all("s1"),
    "staff_links.sweep": lambda tx: tx.staff_links.sweep(LATER),
    "engine_states.delete_older": lambda tx: tx.engine_states.delete_older(LATER),
}

ONE_PERSONS = ("conversations.find_external", "customers.find_by_name", "customers.find_by_contact")
"""Steps that sort the few rows of one person."""
_WHOLE_TABLE = re.compile(r"SCAN (?!audit_head|data_keys|CONSTANT)\w+\b(?! USING)")
"""Tables of a row or two are left out: nothing is looked for in them."""
_SORT = "USE TEMP B-TREE FOR ORDER BY"


@dataclass
class Watch:
    """What SQLite says of each statement it is given."""

    store: SqlStore
    plans: list[str] = field(default_factory=list)
    explaining: bool = False

    def explain(self, connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if self.explaining or not statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            return
        self.explaining = True
        one = parameters[0] if many else parameters
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one).all()
        self.plans += [f"{row.detail}   <- {' '.join(statement.split())}" for row in rows]
        self.explaining = False


@pytest.fixture
def watch(sqlite_store: SqlStore) -> Iterator[Watch]:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.postings.begin("c1")
    with sqlite_store.session(read_only=True) as session:
        engine = session.connection.engine
    watch = Watch(sqlite_store)
    event.listen(engine, "before_cursor_execute", watch.explain)
    yield watch
    event.remove(engine, "before_cursor_execute", watch.explain)


@pytest.mark.parametrize("step", STEPS)
def test_no_step_reads_a_whole_table_or_sorts_it(watch: Watch, step: str) -> None:
    with watch.store.transaction() as tx:
        STEPS[step](tx)
    assert watch.plans
    assert [plan for plan in watch.plans if _WHOLE_TABLE.match(plan)] == []
    if step not in ONE_PERSONS:
        assert [plan for plan in watch.plans if plan.startswith(_SORT)] == []


def test_the_watch_sees_a_table_read_whole(watch: Watch) -> None:
    with watch.store.session() as session:
        session.connection.execute(metadata.tables["messages"].select().order_by("author")).all()
    assert [plan for plan in watch.plans if _WHOLE_TABLE.match(plan)]
    assert [plan for plan in watch.plans if plan.startswith(_SORT)]
