"""What a granted erasure takes from the desk itself; staff's other systems are tasks of the request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.privacy.request_types import Field
from bot.privacy.statuses import ENDED, Status
from bot.services.ports import RequestFilter, Transaction
from bot.services.records import Customer, DataSubjectRequest

_TYPE = "erasure"
_ALL = "all"
_KEPT = ("outcome", "ground", "part", "proposed_by", "decided_by")
"""What remains of a decision: codes and ids of staff."""


def takes_everything(request: DataSubjectRequest, noted: Mapping[str, str]) -> bool:
    """Whether a decision grants the erasure of all that there is of a verified person."""
    granted = noted.get("outcome") == Status.FULFILLED.value and not noted.get("part")
    wanted = request.type == _TYPE and request.details.get(Field.SCOPE.value) == _ALL
    return wanted and granted and request.verified and request.customer is not None


def forget_messages(tx: Transaction, customer: Customer, conversations: Iterable[str]) -> int:
    """Delete what is kept to go out to a person, by LINE too; return how many messages.

    What tells them of the erasure comes after.
    """
    threads = (tx.conversations.get(conversation) for conversation in conversations)
    line_users = {thread.external_id for thread in threads if thread and thread.external_id}
    contacts = {customer.email, customer.phone, *customer.previous_contacts, *line_users} - {""}
    return sum(tx.outbox.erase_recipient(contact) for contact in sorted(contacts))


def forget_person(tx: Transaction, request: DataSubjectRequest, customer: Customer) -> None:
    """Delete a person from the register, their ended requests' contents and their other conversations.

    Of suppressions a keyed hash stays, so that the stop goes on. The conversation in which they are told of the
    erasure goes by retention, after ERASURE_DAYS; requests still running keep what is needed to end them.
    """
    tx.suppressions.forget_contact(customer.id)
    for conversation in tx.conversations.of_customer(customer.id):
        if conversation != request.conversation and tx.handoffs.open_for(conversation) is None:
            tx.conversations.erase(conversation)
    for one in tx.requests.find(RequestFilter(company=request.company, customer=customer.id)):
        if one.status in ENDED:
            tx.requests.empty(_emptied(one))
    tx.customers.erase(customer.id)


def _emptied(request: DataSubjectRequest) -> DataSubjectRequest:
    left = {name: request.decision[name] for name in _KEPT if name in request.decision}
    return replace(request, details={}, claimant={}, decision=left, customer=None)
