"""Erase a person: what is left is the keyed hash of a suppressed contact, and audit records of ids and statuses."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MadoguchiError, NotFound
from bot.privacy.statuses import ENDED
from bot.services.forgetting import forget_messages
from bot.services.handoffs import end_with_conversation
from bot.services.ports import Clock, RequestFilter, Store, Transaction
from bot.services.records import Customer, DataSubjectRequest


class StillRunning(MadoguchiError):
    """A request of the person hasn't ended: it couldn't be answered any more."""


@dataclass(frozen=True)
class Erased:
    """How much of a person was erased."""

    conversations: int
    requests: int
    outbound: int


class Erasure:
    """Erases whoever asked outside of the desk, by letter say; no request of theirs stays."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def erase(self, company: str, customer_no: str, actor: str) -> Erased:
        """Erase all of a customer in one transaction; raise NotFound, or StillRunning naming the request."""
        with self._store.transaction() as tx:
            customer = tx.customers.get_many_by_no(company, [customer_no]).get(customer_no)
            if customer is None:
                raise NotFound(f"{company} has no customer with that number")
            requests = tx.requests.find(RequestFilter(company=company, customer=customer.id))
            _refuse_running(requests)
            erased = self._erase(tx, customer, requests, actor)
            counts = {"conversations": erased.conversations, "requests": erased.requests, "outbound": erased.outbound}
            tx.audit.append(actor, "customer.erased", f"customer:{customer.id}", company, {}, counts, self._clock.now())
            return erased

    def _erase(self, tx: Transaction, customer: Customer, requests: list[DataSubjectRequest], actor: str) -> Erased:
        theirs = {request.conversation for request in requests if request.conversation}
        theirs |= set(tx.conversations.of_customer(customer.id))
        outbound = forget_messages(tx, customer, theirs)
        for conversation in sorted(theirs):
            end_with_conversation(tx, conversation, actor, self._clock.now())
            tx.conversations.erase(conversation)
        for request in requests:
            tx.requests.delete(request.id)
        # Before the register's row: it finds by the customer's contacts what nobody knew to be the customer's.
        tx.suppressions.forget_contact(customer.id)
        tx.customers.erase(customer.id)
        return Erased(len(theirs), len(requests), outbound)


def _refuse_running(requests: list[DataSubjectRequest]) -> None:
    for request in requests:
        if request.status not in ENDED:
            raise StillRunning(f"request {request.receipt} hasn't ended: decide it first")
