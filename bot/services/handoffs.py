"""Give a conversation to a person, and take it back; who owns it stands in the database."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bot.errors import MadoguchiError
from bot.knowledge.company import Company
from bot.privacy.due_dates import JST
from bot.privacy.handoff import PRIORITY, HandoffReason
from bot.privacy.japanese_dates import show_day
from bot.services.actors import holder_actor
from bot.services.opening_hours import OpeningHours
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import BusinessCalendar, Clock, Store, Transaction
from bot.services.ports.statistics import Counted
from bot.services.records import Handoff
from bot.services.statistics import count


class UnreadMessage(MadoguchiError):
    """The customer wrote something that whoever ends the case hasn't seen: nobody would answer it."""


class Handoffs:
    """The queue of conversations that a person must answer."""

    def __init__(self, store: Store, phrases: Phrasebook, calendar: BusinessCalendar, clock: Clock) -> None:
        self._store = store
        self._phrases = phrases
        self._hours = OpeningHours(calendar)
        self._clock = clock

    def hand_off(self, conversation: str, company: Company, reason: HandoffReason, event: str) -> list[Reply]:
        """Open a case and let staff own the conversation; doing it again says the same and opens nothing more."""
        self._open(conversation, company, reason, event, owner="staff")
        words = self._phrases.say(f"handoff_{reason.value}", waiting=self.waiting_words(company))
        return [words.with_buttons(self._phrases.say("handoff_back").buttons)]

    def note(self, conversation: str, company: Company, reason: HandoffReason, event: str) -> None:
        """Open a case that staff see, while the bot goes on answering."""
        self._open(conversation, company, reason, event, owner="bot")

    def waiting_words(self, company: Company) -> str:
        """Say honestly whether somebody is there now, and if not, when; then what staff want to be said besides."""
        return "\n".join(filter(None, (self._hours_words(company), company.waiting_note)))

    def _hours_words(self, company: Company) -> str:
        opening = self._hours.next_opening(company, self._clock.now().astimezone(JST))
        if opening is None:
            return self._phrases.text("handoff_hours_unknown", contact=self.contact_line(company))
        moment, now_open = opening
        if now_open:
            return self._phrases.text("handoff_within_hours", until=_time(moment))
        return self._phrases.text("handoff_outside_hours", day=show_day(moment.date()), time=_time(moment))

    def contact_line(self, company: Company) -> str:
        """Give the company's own contact in one line."""
        contact = company.contact
        known = [value for value in (contact.department, contact.phone, contact.email) if value]
        hours = self._phrases.text("contact_hours", hours=contact.hours) if contact.hours else ""
        return f"{company.name} {' / '.join(known)}{hours}".strip()

    def return_to_bot(self, conversation: str) -> bool:
        """Give a conversation back that nobody has claimed; False if a person is answering it."""
        with self._store.transaction() as tx:
            # Everybody locks the conversation before its case: so two never wait for each other, and nobody claims
            # between this look and the closing.
            tx.conversations.lock(conversation)
            case = tx.handoffs.open_for(conversation)
            if case is None or case.status != "waiting":
                return False
            return self._close(tx, case, actor="customer")

    def close(self, handoff: str, staff: str) -> bool:
        """End a case and give the conversation back to the bot."""
        with self._store.transaction() as tx:
            case = _locked(tx, handoff)
            return case is not None and self._close(tx, case, actor=holder_actor(staff))

    def close_own(self, handoff: str, staff: str, seen: int | None = None) -> bool:
        """End a case that one has claimed; False if it isn't one's own.

        Raises UnreadMessage if the customer wrote after the message number `seen`.
        """
        with self._store.transaction() as tx:
            case = _locked(tx, handoff)
            if case is not None and seen is not None and wrote_after(tx, case.conversation, seen):
                raise UnreadMessage("the customer wrote something that wasn't seen")
            return case is not None and self._close(tx, case, actor=holder_actor(staff), held_by=staff)

    def release(self, handoff: str, staff: str) -> bool:
        """Put a case that one has claimed back into the queue; False if it isn't one's own."""
        with self._store.transaction() as tx:
            case = _locked(tx, handoff)
            if case is None or not tx.handoffs.release(case.id, held_by=staff):
                return False
            self._record(tx, case, holder_actor(staff), "handoff.released", "claimed", "waiting")
            return True

    def claim(self, handoff: str, staff: str) -> bool:
        """Take a case; False if somebody else was faster."""
        with self._store.transaction() as tx:
            case = _locked(tx, handoff)
            if case is None or not tx.handoffs.claim(handoff, staff, self._clock.now()):
                return False
            _give(tx, case.conversation, "staff")
            self._record(tx, case, holder_actor(staff), "handoff.claimed", "waiting", "claimed")
            return True

    def find(self, company: str | None = None, status: str | None = None) -> list[Handoff]:
        """List cases in queue order."""
        with self._store.transaction(read_only=True) as tx:
            return tx.handoffs.find(company, status)

    def _open(self, conversation: str, company: Company, reason: HandoffReason, event: str, owner: str) -> None:
        with self._store.transaction() as tx:
            open_case(tx, conversation, company.id, reason, event, self._clock.now())
            if owner == "staff":
                _give(tx, conversation, "staff")

    def _close(self, tx: Transaction, case: Handoff, actor: str, held_by: str | None = None) -> bool:
        if not tx.handoffs.close(case.id, self._clock.now(), held_by):
            return False
        _give(tx, case.conversation, "bot")
        self._record(tx, case, actor, "handoff.closed", case.status, "closed")
        return True

    def _record(self, tx: Transaction, case: Handoff, actor: str, action: str, before: str, after: str) -> None:
        changed = {"status": after, "reason": case.reason.value}
        tx.audit.append(
            actor, action, f"handoff:{case.id}", case.company, {"status": before}, changed, self._clock.now()
        )


def wrote_after(tx: Transaction, conversation: str, seen: int) -> bool:
    """Whether the customer wrote after a message's number."""
    return any(message.author == "customer" for message in tx.conversations.messages(conversation, seen))


def open_case(
    tx: Transaction, conversation: str, company: str, reason: HandoffReason, event: str, now: datetime
) -> None:
    """Let staff see a conversation, in the transaction of what makes it worth seeing; the same `event` does it once."""
    thread = tx.conversations.lock(conversation)
    # The event's id is the case's, so that the same message opens one case however often it is worked on.
    identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"handoff:{event}").hex
    if tx.handoffs.get(identifier) is not None:
        return
    store = thread.store if thread else None
    fresh = Handoff(identifier, company, conversation, reason, "waiting", PRIORITY[reason], now, store=store)
    kept = tx.handoffs.add(fresh)
    if kept.id == identifier:
        after = {"status": "waiting", "reason": kept.reason.value}
        tx.audit.append("customer", "handoff.opened", f"handoff:{kept.id}", company, {"status": ""}, after, now)
        _count(tx, kept)


def end_with_conversation(tx: Transaction, conversation: str, actor: str, now: datetime) -> None:
    """Close the case of a conversation that is being erased: nobody could answer it any more."""
    case = tx.handoffs.open_for(conversation)
    if case is not None and tx.handoffs.close(case.id, now):
        before, after = {"status": case.status}, {"status": "closed", "reason": case.reason.value}
        tx.audit.append(actor, "handoff.closed", f"handoff:{case.id}", case.company, before, after, now)


def _count(tx: Transaction, case: Handoff) -> None:
    thread = tx.conversations.get(case.conversation)
    if thread is not None:
        count(tx, thread, [Counted("handoff", case.reason.value)], case.waiting_since)


def _locked(tx: Transaction, handoff: str) -> Handoff | None:
    """Find a case, its conversation locked."""
    case = tx.handoffs.get(handoff)
    if case is not None:
        tx.conversations.lock(case.conversation)
        case = tx.handoffs.get(handoff)
    return case


def _give(tx: Transaction, conversation: str, owner: str) -> None:
    thread = tx.conversations.lock(conversation)
    if thread is not None:
        tx.conversations.save(replace(thread, owner=owner, misunderstood=0))


def _time(moment: datetime) -> str:
    return f"{moment.hour}時{moment.minute}分" if moment.minute else f"{moment.hour}時"
