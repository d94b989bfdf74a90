"""Data subject requests: recorded, found, proven, taken back, run out; staff's part is in `decisions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from bot.errors import MadoguchiError, NotFound
from bot.knowledge.company import Company
from bot.privacy.due_dates import due_date
from bot.privacy.request_types import RequestType
from bot.privacy.statuses import ENDED, IdentityStatus, Status, TransitionError, check_transition
from bot.services.customer_news import CustomerNews
from bot.services.ports import BusinessCalendar, RequestFilter, Store, Transaction
from bot.services.receipts import new_receipt, read_receipt
from bot.services.records import Customer, DataSubjectRequest

CUSTOMER = "customer"
DESK = "desk"


class Overtaken(MadoguchiError):
    """Somebody else changed the request meanwhile; look at it again."""

    phrase = "refused_overtaken"


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


class RequestDesk:
    """The one place where requests change; each change appends an audit record of ids and statuses."""

    def __init__(self, store: Store, news: CustomerNews, calendar: BusinessCalendar) -> None:
        self._store = store
        self.news = news
        self._calendar = calendar

    def find(self, wanted: RequestFilter) -> list[DataSubjectRequest]:
        """List requests, oldest first."""
        with self._store.transaction(read_only=True) as tx:
            return tx.requests.find(wanted)

    def get(self, receipt: str) -> DataSubjectRequest:
        """Find by receipt number; raise NotFound."""
        with self._store.transaction(read_only=True) as tx:
            request = tx.requests.by_receipt(read_receipt(receipt) or "")
        if request is None:
            raise NotFound(f"there is no request {receipt}")
        return request

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
            _record(tx, CUSTOMER, "request.opened", kept, {}, now, {})
        return kept

    def same_open_request(
        self, tx: Transaction, company: Company, customer: Customer, kind: RequestType, details: Mapping[str, str]
    ) -> DataSubjectRequest | None:
        """Find a verified person's request for the very same thing that hasn't ended."""
        for request in tx.requests.find(RequestFilter(company=company.id, customer=customer.id)):
            if request.type == kind.id and request.status not in ENDED and dict(request.details) == dict(details):
                return request
        return None

    def verify(
        self,
        tx: Transaction,
        request: DataSubjectRequest,
        customer: Customer,
        actor: str,
        now: datetime,
        noted: Mapping[str, str] | None = None,
    ) -> DataSubjectRequest:
        """Note that the person was verified after the request was recorded."""
        verified = replace(request, identity=IdentityStatus.VERIFIED, customer=customer.id, store=customer.store)
        return self.change(tx, actor, "request.identity_verified", request, verified, now, noted)

    def withdraw(self, tx: Transaction, request: DataSubjectRequest, now: datetime) -> DataSubjectRequest:
        """Take a request back for the customer."""
        return self.end(tx, CUSTOMER, "request.withdrawn", request, Status.REVOKED, {}, now)

    def expire(self, tx: Transaction, request: DataSubjectRequest, now: datetime) -> DataSubjectRequest:
        """End a request whose person never proved who they are, and say so in the conversation."""
        ended = self.end(tx, DESK, "request.expired", request, Status.EXPIRED, {}, now)
        self.news.tell(tx, ended, "expiry", f"expiry:{request.id}", now, {})
        return ended

    def end(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        request: DataSubjectRequest,
        status: Status,
        decision: Mapping[str, str],
        now: datetime,
    ) -> DataSubjectRequest:
        """Bring a request to its last status; raise TransitionError or Overtaken."""
        check_transition(request.status, status)
        ended = replace(request, status=status, decided_at=now, decision=dict(decision or request.decision))
        return self.change(tx, actor, action, request, ended, now)

    def change(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        before: DataSubjectRequest,
        after: DataSubjectRequest,
        now: datetime,
        noted: Mapping[str, str] | None = None,
    ) -> DataSubjectRequest:
        """Store a change with its audit record; raise TransitionError once ended, Overtaken if others changed it.

        `noted` is what the record says besides: ids and codes, never anything personal.
        """
        if before.status in ENDED:
            raise TransitionError(f"request {before.receipt} has ended and changes no more")
        if not tx.requests.save(after):
            raise Overtaken(f"request {before.receipt} was changed by somebody else meanwhile")
        _record(tx, actor, action, after, _state(before), now, noted or {})
        return replace(after, version=after.version + 1)

    def _due(self, company: Company, kind: RequestType, now: datetime) -> date:
        """A type's own number of days goes before the company's."""
        days = kind.due_days or company.due_days
        return due_date(now, days, lambda day: self._calendar.is_business_day(company.id, day))


def _record(
    tx: Transaction,
    actor: str,
    action: str,
    request: DataSubjectRequest,
    before: dict[str, Any],
    now: datetime,
    noted: Mapping[str, str],
) -> None:
    after = {**_state(request), **noted}
    tx.audit.append(actor, action, f"request:{request.id}", request.company, before, after, now)


def _state(request: DataSubjectRequest) -> dict[str, Any]:
    """What an audit record may say of a request: nothing that a person typed."""
    return {
        "type": request.type,
        "status": request.status.value,
        "identity": request.identity.value,
        "due_date": request.due_date.isoformat(),
        "outcome": request.decision.get("outcome"),
        "ground": request.decision.get("ground"),
        "part": request.decision.get("part"),
    }
