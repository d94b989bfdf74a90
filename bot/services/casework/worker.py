"""Who works, and why something can't be done; each error has words for staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import MadoguchiError, NotFound
from bot.services.actors import machine_in, staff_actor
from bot.services.ports import Transaction
from bot.services.records import Conversation, Handoff


@dataclass(frozen=True)
class Worker:
    """A member of staff in one company; with a store, only its conversations and those of none are theirs."""

    id: str
    name: str
    company: str
    store: str | None = None

    @property
    def actor(self) -> str:
        """The name in audit records."""
        return staff_actor(self.id)

    def sees(self, company: str | None, store: str | None) -> bool:
        """Whether what belongs there is theirs to see."""
        return company == self.company and (self.store is None or store in (None, self.store))


class CaseRefused(MadoguchiError):
    """Staff can't do that with a case just now."""


class HeldByColleague(CaseRefused):
    """Somebody else has the case; it is taken over by an explicit act only."""

    phrase = "case_held"

    def __init__(self, name: str) -> None:
        super().__init__("the case is in somebody else's hands")
        self.values: Mapping[str, object] = {"holder": name}


class CaseOver(CaseRefused):
    """The case was closed meanwhile."""

    phrase = "case_over"


class CaseChanged(CaseRefused):
    """Who holds the case changed since the page was shown."""

    phrase = "case_changed"


class CustomerLeft(CaseRefused):
    """The customer ended the conversation: nothing more reaches them there."""

    phrase = "case_customer_left"


class Unread(CaseRefused):
    """The customer wrote something that the page didn't show yet."""

    phrase = "case_unread"


class TextRefused(CaseRefused):
    """A text is empty or too long."""

    def __init__(self, phrase: str, **values: object) -> None:
        super().__init__(f"the text was refused: {phrase}")
        self.phrase = phrase
        self.values = values


def case_of(tx: Transaction, worker: Worker, case_id: str, lock: bool = False) -> Handoff:
    """Find a case; raise NotFound for one that isn't theirs to see.

    With `lock` its conversation is locked before: everybody locks the two in this order.
    """
    case = tx.handoffs.get(case_id)
    if case is None or not worker.sees(case.company, case.store):
        raise NotFound(f"there is no case {case_id}")
    if lock:
        tx.conversations.lock(case.conversation)
        case = tx.handoffs.get(case_id) or case
    return case


def thread_of(tx: Transaction, worker: Worker, conversation: str, lock: bool = False) -> Conversation:
    """Find a conversation; raise NotFound for one that isn't theirs to see."""
    thread = tx.conversations.lock(conversation) if lock else tx.conversations.get(conversation)
    if thread is None or not worker.sees(thread.company, thread.store):
        raise NotFound(f"there is no conversation {conversation}")
    return thread


def names_of(tx: Transaction, holders: set[str]) -> dict[str, str]:
    """Name staff and other help desks by what a case or a note has of them; who is gone has no name."""
    people = {one: member.name for one, member in tx.staff.get_many(sorted(holders)).items()}
    for holder in holders:
        if (machine_id := machine_in(holder)) and (machine := tx.machines.get(machine_id)):
            people[holder] = machine.name
    return people
