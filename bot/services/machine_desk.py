"""What another help desk does with a company's cases and requests."""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime

from bot.errors import MadoguchiError, NotFound
from bot.privacy.statuses import Status
from bot.services.actors import machine_actor
from bot.services.handoffs import Handoffs
from bot.services.machines import Scope, ScopeRefused
from bot.services.ports import Clock, RequestFilter, Store, Transaction
from bot.services.receipts import read_receipt
from bot.services.records import Conversation, DataSubjectRequest, Handoff, Machine, Message

LONGEST_ANSWER = 4000
"""Characters; LINE takes 5000."""
LONGEST_NAME = 40
OPEN = ("waiting", "claimed")
_SEEN_EVERY_S = 3600
"""Who looks at the same record again within the hour leaves one trace."""

Place = tuple[int, datetime, str]
"""Where a case stands in the queue: its urgency, since when it waits, its id."""


class NotYours(MadoguchiError):
    """The case is in somebody else's hands, in nobody's, or closed."""


class BadAnswer(MadoguchiError):
    """An answer can't be shown to a customer like that; the text says why."""


@dataclass(frozen=True)
class Answered:
    """An answer as stored; `repeated` when its key was there already."""

    message: Message
    repeated: bool


@dataclass(frozen=True)
class OpenCase:
    """A case with the conversation that it is about."""

    case: Handoff
    thread: Conversation


class MachineDesk:
    """Every call is for a machine and sees its company alone; what is another's isn't there (NotFound)."""

    def __init__(self, store: Store, handoffs: Handoffs, clock: Clock) -> None:
        self._store = store
        self._handoffs = handoffs
        self._clock = clock

    def cases(self, machine: Machine, status: str | None, limit: int, after: Place | None = None) -> list[OpenCase]:
        """List open cases in queue order, from a place on."""
        with self._store.transaction(read_only=True) as tx:
            found = [case for one in OPEN if status in (None, one) for case in tx.handoffs.find(machine.company, one)]
            found = sorted((case for case in found if after is None or _place(case) > after), key=_place)
            threads = [(case, tx.conversations.get(case.conversation)) for case in found[:limit]]
            return [OpenCase(case, thread) for case, thread in threads if thread is not None]

    def case(self, machine: Machine, handoff: str) -> OpenCase:
        """Find a case."""
        with self._store.transaction(read_only=True) as tx:
            return _with_thread(tx, _case(tx, machine, handoff))

    def messages(self, machine: Machine, handoff: str, after: int) -> list[Message]:
        """Read the conversation of an open case; the audit chain notes who read it."""
        with self._store.transaction() as tx:
            case = _case(tx, machine, handoff)
            if case.status not in OPEN:
                raise NotYours("the case is closed, and its conversation with it")
            self._note_seen(tx, machine, f"handoff:{case.id}")
            return tx.conversations.messages(case.conversation, after)

    def claim(self, machine: Machine, handoff: str) -> OpenCase:
        """Take a case; raise NotYours if somebody else was faster. To take one's own again changes nothing."""
        self._for_work(machine, handoff)
        if not self._handoffs.claim(handoff, machine_actor(machine.id)):
            self._must_hold(machine, handoff)
        return self.case(machine, handoff)

    def release(self, machine: Machine, handoff: str) -> OpenCase:
        """Put a case back into the queue."""
        self._for_work(machine, handoff)
        if not self._handoffs.release(handoff, machine_actor(machine.id)):
            raise NotYours("the case isn't in your hands")
        return self.case(machine, handoff)

    def close(self, machine: Machine, handoff: str, seen: int | None = None) -> OpenCase:
        """End a case and give the conversation back to the bot.

        Raises UnreadMessage if the customer wrote after the message number `seen`.
        """
        self._for_work(machine, handoff)
        if not self._handoffs.close_own(handoff, machine_actor(machine.id), seen):
            raise NotYours("the case isn't in your hands")
        return self.case(machine, handoff)

    def answer(self, machine: Machine, handoff: str, text: str, key: str, staff_name: str = "") -> Answered:
        """Answer the customer of a case that one holds; the same key answers once."""
        case = self._for_work(machine, handoff)
        said, name = _sayable(text, LONGEST_ANSWER), _sayable(staff_name, LONGEST_NAME, "")
        if not said:
            raise BadAnswer("text must not be empty")
        event = uuid.uuid5(uuid.NAMESPACE_OID, f"{machine_actor(machine.id)}:{key}").hex
        body = {"staff_name": name} if name else {}
        message = Message(
            uuid.uuid4().hex, case.conversation, 0, "staff", said, self._clock.now(), event_id=event, body=body
        )
        with self._store.transaction() as tx:
            return self._keep(tx, machine, handoff, message)

    def requests(
        self, machine: Machine, status: Status | None, limit: int, after: tuple[datetime, str] | None = None
    ) -> list[DataSubjectRequest]:
        """List requests, oldest first, from a place on: when one was created, and its id."""
        with self._store.transaction(read_only=True) as tx:
            named = status.value if status else None
            return tx.requests.find(RequestFilter(company=machine.company, status=named, after=after, limit=limit))

    def request(self, machine: Machine, identifier: str) -> DataSubjectRequest:
        """Find a request by id or receipt number; the audit chain notes who read it."""
        with self._store.transaction() as tx:
            request = tx.requests.get(identifier) or tx.requests.by_receipt(read_receipt(identifier) or "")
            if request is None or request.company != machine.company:
                raise NotFound("there is no such request")
            self._note_seen(tx, machine, f"request:{request.id}")
            return request

    def suppressed(self, machine: Machine, contacts: list[str], means: str, purpose: str) -> list[str]:
        """Name those of the contacts that must not be used, as they were written."""
        with self._store.transaction(read_only=True) as tx:
            found = tx.suppressions.suppressed(machine.company, contacts, means, purpose)
        return [contact for contact in contacts if contact in found]

    def _for_work(self, machine: Machine, handoff: str) -> Handoff:
        if machine.scope != Scope.WORK.value:
            raise ScopeRefused("the key allows to read alone")
        with self._store.transaction(read_only=True) as tx:
            return _case(tx, machine, handoff)

    def _must_hold(self, machine: Machine, handoff: str) -> None:
        with self._store.transaction(read_only=True) as tx:
            if not _holds(machine, tx.handoffs.get(handoff)):
                raise NotYours("somebody else was faster, or the case is closed")

    def _keep(self, tx: Transaction, machine: Machine, handoff: str, message: Message) -> Answered:
        thread = tx.conversations.lock(message.conversation)
        known = tx.conversations.message_by_event(message.conversation, message.event_id or "")
        if known is not None:
            return Answered(known, repeated=True)
        if thread is None or thread.ended_at is not None or not _holds(machine, tx.handoffs.get(handoff)):
            raise NotYours("the case isn't in your hands, or the customer has left")
        stored = tx.conversations.add_message(message)
        actor, subject, held = machine_actor(machine.id), f"handoff:{handoff}", {"status": "claimed"}
        tx.audit.append(actor, "handoff.answered", subject, machine.company, held, held, message.created_at)
        return Answered(stored or message, repeated=False)

    def _note_seen(self, tx: Transaction, machine: Machine, subject: str) -> None:
        now, actor = self._clock.now(), machine_actor(machine.id)
        if tx.limits.take(f"seen {actor} {subject}", 1, _SEEN_EVERY_S, now):
            tx.audit.append(actor, "personal.revealed", subject, machine.company, {}, {}, now)


def _place(case: Handoff) -> Place:
    return case.priority, case.waiting_since, case.id


def _case(tx: Transaction, machine: Machine, handoff: str) -> Handoff:
    case = tx.handoffs.get(handoff)
    if case is None or case.company != machine.company:
        raise NotFound("there is no such case")
    return case


def _with_thread(tx: Transaction, case: Handoff) -> OpenCase:
    thread = tx.conversations.get(case.conversation)
    if thread is None:
        raise NotFound("the conversation was erased")
    return OpenCase(case, thread)


def _holds(machine: Machine, case: Handoff | None) -> bool:
    return case is not None and case.status == "claimed" and case.claimed_by == machine_actor(machine.id)


def _sayable(text: str, longest: int, controls: str = "\r\n\t") -> str:
    """Refuse what no customer's screen shows: control characters but line ends and tabs, lone surrogates."""
    if len(text) > longest:
        raise BadAnswer(f"at most {longest} characters")
    if any(unicodedata.category(one) in ("Cc", "Cs") and one not in controls for one in text):
        raise BadAnswer("no control characters and no lone surrogates")
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()
