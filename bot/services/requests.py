"""The life of a data subject request: opened, worked on, decided, extended, taken back, run out."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.errors import MadoguchiError, NotFound
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import due_date, jst_date, reminder_dates
from bot.privacy.japanese_dates import show_date
from bot.privacy.refusal_grounds import refusal_ground
from bot.privacy.request_types import RequestType, request_type
from bot.privacy.statuses import ENDED, IdentityStatus, Status, check_transition
from bot.services.notices import Notices, company_words
from bot.services.phrases import Phrasebook
from bot.services.ports import BusinessCalendar, Clock, RequestFilter, Store, Transaction
from bot.services.receipts import new_receipt
from bot.services.records import Customer, DataSubjectRequest, Message, OutboundMessage
from bot.settings import Settings

CUSTOMER = "customer"
DESK = "desk"


class DecisionRefused(MadoguchiError):
    """A decision lacks what the law or the company asks of it; the text says what."""


class SelfApproval(DecisionRefused):
    """Whoever proposed a decision can't approve it too."""


class Overtaken(MadoguchiError):
    """Somebody else changed the request meanwhile; look at it again."""


@dataclass(frozen=True)
class NewRequest:
    """What is to be recorded; `idempotency_key` makes a repeat the same request."""

    id: str
    company: Company
    type: RequestType
    identity: IdentityStatus
    channel: str
    conversation: str
    idempotency_key: str
    details: Mapping[str, str]
    claimant: Mapping[str, str]
    customer: Customer | None = None
    held_until: date | None = None


@dataclass(frozen=True)
class Decision:
    """What staff decided; a denial needs a ground of the law's list, and every decision words for the customer."""

    outcome: Status
    words: str
    ground: str = ""


@dataclass(frozen=True)
class Reminder:
    """A request of which staff are to be reminded: `stage` is half, three_quarters or overdue."""

    request: DataSubjectRequest
    stage: str


class RequestDesk:
    """All changes of data subject requests; each appends an audit record of ids and statuses, never personal text."""

    def __init__(
        self,
        store: Store,
        phrases: Phrasebook,
        clock: Clock,
        settings: Settings,
        companies: PolicyLibrary,
        calendar: BusinessCalendar,
    ) -> None:
        self._store = store
        self._phrases = phrases
        self._notices = Notices(phrases)
        self._clock = clock
        self._settings = settings
        self._companies = companies
        self._calendar = calendar

    # In the dialogue, within the turn's transaction

    def open(self, tx: Transaction, new: NewRequest, now: datetime) -> DataSubjectRequest:
        """Record a request, its receipt number and due date; a repeat gives the one recorded before."""
        request = DataSubjectRequest(
            id=new.id,
            receipt=new_receipt(new.company.id),
            company=new.company.id,
            type=new.type.id,
            status=Status.OPEN,
            identity=new.identity,
            level=new.type.level,
            channel=new.channel,
            conversation=new.conversation,
            created_at=now,
            due_date=self._due(new.company, new.type, now),
            idempotency_key=new.idempotency_key,
            customer=new.customer.id if new.customer else None,
            store=new.customer.store if new.customer else None,
            details=dict(new.details),
            claimant=dict(new.claimant),
            held_until=new.held_until,
        )
        kept = tx.requests.add(request)
        if kept.id == request.id:
            self._record(tx, CUSTOMER, "request.opened", kept, {}, _state(kept), now)
        return kept

    def same_open_request(
        self, tx: Transaction, company: Company, customer: Customer, kind: RequestType, details: Mapping[str, str]
    ) -> DataSubjectRequest | None:
        """Find a verified person's request for the very same thing that hasn't ended."""
        theirs = tx.requests.find(RequestFilter(company=company.id, customer=customer.id))
        return next(
            (
                request
                for request in theirs
                if request.type == kind.id and request.status not in ENDED and dict(request.details) == dict(details)
            ),
            None,
        )

    def verify(
        self, tx: Transaction, request: DataSubjectRequest, customer: Customer, actor: str, now: datetime
    ) -> DataSubjectRequest:
        """Note that the person was verified after the request was recorded."""
        verified = replace(request, identity=IdentityStatus.VERIFIED, customer=customer.id, store=customer.store)
        return self._save(tx, actor, "request.identity_verified", request, verified, now)

    def withdraw(self, tx: Transaction, request: DataSubjectRequest, now: datetime) -> DataSubjectRequest:
        """Take a request back for the customer."""
        return self._end(tx, CUSTOMER, "request.withdrawn", request, Status.REVOKED, {}, now)

    # For staff, the console and the command line

    def find(self, wanted: RequestFilter) -> list[DataSubjectRequest]:
        """List requests, oldest first."""
        with self._store.transaction(read_only=True) as tx:
            return tx.requests.find(wanted)

    def get(self, receipt: str) -> DataSubjectRequest:
        """Find by receipt number; raise NotFound."""
        with self._store.transaction(read_only=True) as tx:
            request = tx.requests.by_receipt(receipt.strip().upper())
        if request is None:
            raise NotFound(f"there is no request {receipt}")
        return request

    def begin(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Note that staff work on it."""
        with self._store.transaction() as tx:
            request, now = self._of(tx, request_id), self._clock.now()
            check_transition(request.status, Status.IN_PROGRESS)
            begun = replace(request, status=Status.IN_PROGRESS)
            return self._save(tx, _staff(staff), "request.begun", request, begun, now)

    def confirm_identity(self, request_id: str, customer_id: str, staff: str) -> DataSubjectRequest:
        """Note that staff verified the person by documents or at the counter."""
        with self._store.transaction() as tx:
            request = self._of(tx, request_id)
            customer = tx.customers.get(customer_id)
            if customer is None or customer.company != request.company:
                raise NotFound(f"{request.company} has no customer {customer_id}")
            return self.verify(tx, request, customer, _staff(staff), self._clock.now())

    def refuse_identity(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Note that the person could not be verified; the request itself is denied by `decide`."""
        with self._store.transaction() as tx:
            request = self._of(tx, request_id)
            refused = replace(request, identity=IdentityStatus.REFUSED, customer=None)
            return self._save(tx, _staff(staff), "request.identity_refused", request, refused, self._clock.now())

    def decide(self, request_id: str, decision: Decision, staff: str) -> DataSubjectRequest:
        """Decide, or propose where four eyes are needed; raise DecisionRefused, TransitionError or Overtaken."""
        with self._store.transaction() as tx:
            request, now = self._of(tx, request_id), self._clock.now()
            self._check(request, decision, now)
            noted = {"outcome": decision.outcome.value, "ground": decision.ground, "words": decision.words.strip()}
            if self._needs_four_eyes(request):
                proposed = replace(request, status=Status.IN_PROGRESS, decision={**noted, "proposed_by": staff})
                return self._save(tx, _staff(staff), "request.decision_proposed", request, proposed, now)
            return self._decided(tx, request, {**noted, "decided_by": staff}, staff, now)

    def approve(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Approve another staff member's proposal; raise SelfApproval for one's own."""
        with self._store.transaction() as tx:
            request, now = self._of(tx, request_id), self._clock.now()
            proposed_by = request.decision.get("proposed_by")
            if proposed_by is None or request.decided_at is not None:
                raise DecisionRefused(f"request {request.receipt} has no decision to approve")
            if proposed_by == staff:
                raise SelfApproval("a second person approves a disclosure or an erasure")
            self._check(request, _proposal(request), now)
            return self._decided(tx, request, {**request.decision, "decided_by": staff}, staff, now)

    def extend(self, request_id: str, due: date, reason: str, staff: str) -> DataSubjectRequest:
        """Move the due date; the reason goes to the customer."""
        with self._store.transaction() as tx:
            request, now = self._of(tx, request_id), self._clock.now()
            if request.status in ENDED:
                raise DecisionRefused(f"request {request.receipt} has ended")
            if due <= request.due_date:
                raise DecisionRefused("an extension ends after the due date that the customer was told")
            if not reason.strip():
                raise DecisionRefused("an extension needs a reason, in words for the customer")
            extended = self._save(tx, _staff(staff), "request.extended", request, replace(request, due_date=due), now)
            words = {"due": show_date(due), "reason": reason.strip()}
            self._tell(tx, extended, "extension", f"extension:{request.id}:{extended.version}", now, words)
            return extended

    def reminders_due(self, company: str | None = None) -> list[Reminder]:
        """List the requests at half or three quarters of their time, or past it."""
        today = jst_date(self._clock.now())
        waiting = [r for r in self.find(RequestFilter(company=company)) if r.status not in ENDED]
        return [Reminder(r, stage) for r in waiting if (stage := _stage(r, today))]

    def send_reminders(self) -> int:
        """Remind each company's desk by e-mail, once a stage; return how many were enqueued."""
        sent = 0
        now = self._clock.now()
        for reminder in self.reminders_due():
            request = reminder.request
            company = self._companies.get(request.company)
            if company.contact.email:
                with self._store.transaction() as tx:
                    key = f"reminder:{request.id}:{reminder.stage}:{request.due_date.isoformat()}"
                    words = {**self._words(request), "stage": self._phrases.text(f"stage_{reminder.stage}")}
                    address = company.contact.email
                    sent += self._notices.send(tx, company, address, "reminder", key, now, words)
        return sent

    def expire(self, days: int) -> int:
        """End requests whose person never proved who they are `days` after the due date; return how many.

        A stop of marketing needs no proof and never runs out.
        """
        now = self._clock.now()
        limit = jst_date(now) - timedelta(days=days)
        unproven = (IdentityStatus.UNVERIFIED, IdentityStatus.MANUAL)
        stale = [
            request
            for request in self.find(RequestFilter())
            if request.status not in ENDED
            and request.identity in unproven
            and request.due_date < limit
            and request.type != "stop_marketing"
        ]
        for request in stale:
            with self._store.transaction() as tx:
                ended = self._end(tx, DESK, "request.expired", request, Status.EXPIRED, {}, now)
                self._tell(tx, ended, "expiry", f"expiry:{request.id}", now, {})
        return len(stale)

    # How it is done

    def _due(self, company: Company, kind: RequestType, now: datetime) -> date:
        days = min(company.due_days, kind.due_days) if kind.due_days != _DEFAULT_DAYS else company.due_days
        return due_date(now, days, lambda day: self._calendar.is_business_day(company.id, day))

    def _of(self, tx: Transaction, request_id: str) -> DataSubjectRequest:
        request = tx.requests.get(request_id)
        if request is None:
            raise NotFound(f"there is no request {request_id}")
        return request

    def _needs_four_eyes(self, request: DataSubjectRequest) -> bool:
        return request_type(request.type).four_eyes and self._companies.get(request.company).four_eyes

    def _check(self, request: DataSubjectRequest, decision: Decision, now: datetime) -> None:
        """Refuse what the law or the desk's own promise doesn't allow (APPI 36: reasons for every refusal)."""
        if decision.outcome not in (Status.FULFILLED, Status.DENIED):
            raise DecisionRefused("a decision is fulfilled or denied")
        check_transition(request.status, decision.outcome)
        if not decision.words.strip():
            raise DecisionRefused("a decision needs words for the customer")
        if decision.outcome is Status.DENIED:
            refusal_ground(decision.ground, request.type)
            return
        kind = request_type(request.type)
        if kind.level > 1 and not request.verified:
            raise DecisionRefused("the person isn't verified yet: confirm the identity first")
        if request.held_until and jst_date(now) < request.held_until:
            raise DecisionRefused(
                f"the contact on file changed lately: nothing goes out before {request.held_until.isoformat()}"
            )

    def _decided(
        self, tx: Transaction, request: DataSubjectRequest, noted: dict[str, str], staff: str, now: datetime
    ) -> DataSubjectRequest:
        outcome = Status(noted["outcome"])
        decided = self._end(tx, _staff(staff), "request.decided", request, outcome, noted, now)
        name = "decision_fulfilled" if outcome is Status.FULFILLED else "decision_denied"
        words = {"words": noted["words"], "ground": self._ground_words(request, noted["ground"])}
        self._tell(tx, decided, name, f"decision:{request.id}", now, words)
        return decided

    def _ground_words(self, request: DataSubjectRequest, ground: str) -> str:
        if not ground:
            return ""
        article = refusal_ground(ground, request.type).article
        return self._phrases.text("ground", words=self._phrases.text(f"ground_{ground}"), article=article)

    def _end(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        request: DataSubjectRequest,
        status: Status,
        decision: dict[str, str],
        now: datetime,
    ) -> DataSubjectRequest:
        check_transition(request.status, status)
        ended = replace(request, status=status, decided_at=now, decision=decision or request.decision)
        return self._save(tx, actor, action, request, ended, now)

    def _save(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        before: DataSubjectRequest,
        after: DataSubjectRequest,
        now: datetime,
    ) -> DataSubjectRequest:
        if not tx.requests.save(after):
            raise Overtaken(f"request {before.receipt} was changed by somebody else meanwhile")
        self._record(tx, actor, action, after, _state(before), _state(after), now)
        return replace(after, version=after.version + 1)

    def _record(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        request: DataSubjectRequest,
        before: dict[str, Any],
        after: dict[str, Any],
        now: datetime,
    ) -> None:
        tx.audit.append(actor, action, f"request:{request.id}", request.company, before, after, now)

    def _words(self, request: DataSubjectRequest) -> dict[str, object]:
        return {
            **company_words(self._companies.get(request.company)),
            "receipt": request.receipt,
            "type": request_type(request.type).label,
            "due": show_date(request.due_date),
        }

    def _tell(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        name: str,
        key: str,
        now: datetime,
        words: Mapping[str, object],
    ) -> None:
        """Tell the customer in the conversation (in LINE by a push too) and, once verified, by e-mail."""
        all_words = {**self._words(request), **words}
        company = self._companies.get(request.company)
        customer = tx.customers.get(request.customer) if request.customer and request.verified else None
        if customer and customer.email:
            self._notices.send(tx, company, customer.email, name, key, now, all_words)
        thread = tx.conversations.lock(request.conversation) if request.conversation else None
        if thread is None:
            return
        text = self._phrases.text(f"chat_{name}", **all_words)
        tx.conversations.add_message(Message(uuid.uuid4().hex, thread.id, 0, "bot", text, now))
        if thread.channel == "line" and thread.external_id:
            tx.outbox.add(
                OutboundMessage(uuid.uuid4().hex, company.id, "line", thread.external_id, "", text, f"{key}:line", now)
            )


_DEFAULT_DAYS = 14


def _staff(staff: str) -> str:
    return f"staff:{staff}"


def _state(request: DataSubjectRequest) -> dict[str, Any]:
    """What an audit record may say of a request: nothing that a person typed."""
    return {
        "type": request.type,
        "status": request.status.value,
        "identity": request.identity.value,
        "due_date": request.due_date.isoformat(),
        "outcome": request.decision.get("outcome"),
        "ground": request.decision.get("ground"),
    }


def _proposal(request: DataSubjectRequest) -> Decision:
    noted = request.decision
    return Decision(Status(noted["outcome"]), noted["words"], noted["ground"])


def _stage(request: DataSubjectRequest, today: date) -> str | None:
    half, three_quarters = reminder_dates(jst_date(request.created_at), request.due_date)
    if today > request.due_date:
        return "overdue"
    if today >= three_quarters:
        return "three_quarters"
    return "half" if today >= half else None
