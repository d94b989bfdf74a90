"""What staff do with a request before it is decided: begin, take on, tick off, see who asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.errors import NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.identity_documents import Seen, check_document
from bot.privacy.statuses import IdentityStatus, Status, check_transition
from bot.services.actors import staff_actor
from bot.services.contact_holds import hold_until, tell_previous_contacts
from bot.services.decisions import DecisionRefused, found
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Customer, DataSubjectRequest, TaskDone
from bot.services.request_tasks import tasks_of
from bot.services.requests import RequestDesk
from bot.services.staff.records import StaffMember


class IdentityDoubt(str, Enum):
    """Why staff could not verify a person."""

    NO_MATCH = "no_match"
    DOCUMENT_UNFIT = "document_unfit"
    NO_DOCUMENT = "no_document"
    NO_MANDATE = "no_mandate"


@dataclass(frozen=True)
class Proof:
    """What staff saw of a person of the register: kinds of documents, never the documents or their numbers."""

    customer: str
    documents: Sequence[str]
    seen: Seen


class RequestWork:
    """Staff's work at a request; raises DecisionRefused, TransitionError or Overtaken and then changes nothing."""

    def __init__(
        self, store: Store, desk: RequestDesk, companies: PolicyLibrary, clock: Clock, contact_hold_days: int
    ) -> None:
        self._store = store
        self._desk = desk
        self._companies = companies
        self._clock = clock
        self._hold_days = contact_hold_days

    def begin(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Note that a staff member works on it."""
        with self._store.transaction() as tx:
            request = found(tx, request_id)
            check_transition(request.status, Status.IN_PROGRESS)
            begun = replace(request, status=Status.IN_PROGRESS, assigned_to=request.assigned_to or staff)
            return self._change(tx, staff, "request.begun", request, begun)

    def assign(self, request_id: str, to: str, staff: str) -> DataSubjectRequest:
        """Give it to a staff member of the company who may work on it, or with an empty `to` to nobody."""
        with self._store.transaction() as tx:
            request = found(tx, request_id)
            if to and to not in {member.id for member in workers_on(tx, request)}:
                raise DecisionRefused(f"{to} doesn't work on requests like {request.receipt}", "refused_assignee")
            given = replace(request, assigned_to=to or None)
            return self._change(tx, staff, "request.assigned", request, given, {"assigned_to": to})

    def tick(self, request_id: str, key: str, done: bool, staff: str) -> DataSubjectRequest:
        """Tick a task off, or open it again; ticking twice changes nothing."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id), self._clock.now()
            company = self._companies.get(request.company)
            if key not in {task.key for task in tasks_of(tx, request, company)}:
                raise NotFound(f"request {request.receipt} has no task {key}")
            ticked = TaskDone(request.id, key, staff, now)
            changed = tx.request_tasks.tick(ticked) if done else tx.request_tasks.untick(request.id, key)
            if not changed:
                return request
            action = "request.task_done" if done else "request.task_reopened"
            return self._change(tx, staff, action, request, request, {"task": key})

    def confirm_identity(
        self, request_id: str, proof: Proof, staff: str, scope: str | None = None, version: int | None = None
    ) -> DataSubjectRequest:
        """Note that staff verified the person by documents; `scope` is the staff member's only store."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id, version), self._clock.now()
            customer = self._customer(tx, request, proof.customer, scope)
            if not proof.documents:
                raise DecisionRefused("say which document was seen", "refused_no_document")
            noted = {"documents": ",".join(check_document(document, proof.seen).id for document in proof.documents)}
            held = hold_until(customer, request.type, now, self._hold_days)
            noted["seen"] = proof.seen.value
            waiting = replace(request, held_until=held)
            verified = self._desk.verify(tx, waiting, customer, staff_actor(staff), now, noted)
            _give_to_store(tx, verified, customer.store)
            if held:
                company = self._companies.get(request.company)
                tell_previous_contacts(tx, self._desk.news, company, verified, customer, now)
            return verified

    def refuse_identity(self, request_id: str, doubt: IdentityDoubt, staff: str) -> DataSubjectRequest:
        """Note why the person could not be verified; the request itself is denied by a decision."""
        with self._store.transaction() as tx:
            request = found(tx, request_id)
            refused = replace(request, identity=IdentityStatus.REFUSED, customer=None)
            return self._change(tx, staff, "request.identity_refused", request, refused, {"doubt": doubt.value})

    def _customer(self, tx: Transaction, request: DataSubjectRequest, customer_id: str, scope: str | None) -> Customer:
        customer = tx.customers.get(customer_id)
        if customer is None or customer.company != request.company or (scope and customer.store not in (None, scope)):
            raise NotFound(f"{request.company} has no customer {customer_id}")
        return customer

    def _change(
        self,
        tx: Transaction,
        staff: str,
        action: str,
        before: DataSubjectRequest,
        after: DataSubjectRequest,
        noted: Mapping[str, str] | None = None,
    ) -> DataSubjectRequest:
        return self._desk.change(tx, staff_actor(staff), action, before, after, self._clock.now(), noted)


def workers_on(tx: Transaction, request: DataSubjectRequest) -> list[StaffMember]:
    """Those of the company who may work on a request: in its store, if it has one and they have."""
    return [
        member
        for member, membership in tx.staff.members(request.company)
        if membership.works and (not membership.store or request.store in (None, membership.store))
    ]


def _give_to_store(tx: Transaction, request: DataSubjectRequest, store: str | None) -> None:
    """Let the conversation belong to the store that the person does."""
    thread = tx.conversations.lock(request.conversation) if request.conversation else None
    if thread is not None and store is not None:
        tx.conversations.save(replace(thread, store=store))
