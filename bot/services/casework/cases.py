"""Take a case, give it on, give it back; one atomic UPDATE decides who is first."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bot.errors import NotFound
from bot.privacy.handoff import PRIORITY, HandoffReason
from bot.services.casework.worker import (
    CaseChanged,
    CaseOver,
    CaseRefused,
    HeldByColleague,
    Unread,
    Worker,
    case_of,
    names_of,
    thread_of,
)
from bot.services.handoffs import wrote_after
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Handoff, Message
from bot.services.staff.records import StaffMember
from bot.services.staff.roles import WORKERS


class Cases:
    """Raises CaseRefused in the words that staff read; then nothing was changed."""

    def __init__(self, store: Store, phrases: Phrasebook, clock: Clock) -> None:
        self._store = store
        self._phrases = phrases
        self._clock = clock

    def claim(self, worker: Worker, case_id: str) -> Handoff:
        """Take a waiting case; one's own stays one's own."""
        with self._store.transaction() as tx:
            case = case_of(tx, worker, case_id, lock=True)
            take(tx, worker, case, self._clock.now())
            return case

    def release(self, worker: Worker, case_id: str) -> Handoff:
        """Put one's own case back into the queue."""
        with self._store.transaction() as tx:
            case = case_of(tx, worker, case_id)
            if not tx.handoffs.release(case.id, held_by=worker.id):
                raise refusal(tx, case.id, worker)
            record(tx, worker, "handoff.released", case, "waiting", self._clock.now())
            return case

    def assign(self, worker: Worker, case_id: str, to: str, held_by: str | None) -> Handoff:
        """Give a case to a colleague, or take one over, from whoever the page showed as its holder."""
        with self._store.transaction() as tx:
            case, now = case_of(tx, worker, case_id, lock=True), self._clock.now()
            if to not in {member.id for member in _colleagues(tx, worker.company, case.store)}:
                raise NotFound(f"{worker.company} has no such member of staff")
            if not tx.handoffs.assign(case.id, to, held_by, now):
                raise CaseOver("the case was closed") if _closed(tx, case.id) else CaseChanged("another holds it now")
            give(tx, case.conversation, "staff")
            record(tx, worker, "handoff.assigned", case, "claimed", now, to)
            return case

    def begin(self, worker: Worker, conversation: str) -> Handoff:
        """Take a conversation from the bot; if it has an open case, that one."""
        with self._store.transaction() as tx:
            thread, now = thread_of(tx, worker, conversation, lock=True), self._clock.now()
            fresh = Handoff(
                uuid.uuid4().hex,
                worker.company,
                conversation,
                HandoffReason.STAFF,
                "waiting",
                PRIORITY[HandoffReason.STAFF],
                now,
                store=thread.store,
            )
            case = tx.handoffs.add(fresh)
            if case.id == fresh.id:
                record(tx, worker, "handoff.opened", case, "waiting", now)
            take(tx, worker, case, now)
            return case

    def finish(self, worker: Worker, case_id: str, word: str, seen: int | None = None) -> Handoff:
        """Give the conversation back to the bot, with a last word to the customer if there is one.

        Raises Unread if the customer wrote after the message number `seen`: else nobody would answer that.
        """
        with self._store.transaction() as tx:
            # The lock keeps a customer's message out until this is done: it comes before, and is seen, or is the bot's.
            case, now = case_of(tx, worker, case_id, lock=True), self._clock.now()
            thread = tx.conversations.get(case.conversation)
            if seen is not None and wrote_after(tx, case.conversation, seen):
                raise Unread("the customer wrote something that staff haven't seen")
            mine = case.claimed_by == worker.id or tx.handoffs.claim(case.id, worker.id, now)
            if not mine or not tx.handoffs.close(case.id, now, held_by=worker.id):
                raise refusal(tx, case.id, worker)
            if thread is not None and thread.ended_at is None and thread.owner == "staff":
                self._say_goodbye(tx, worker, case, word.strip(), now)
            give(tx, case.conversation, "bot")
            record(tx, worker, "handoff.closed", case, "closed", now)
            return case

    def colleagues(self, worker: Worker, store: str | None = None) -> list[StaffMember]:
        """To whom a case of a store may be given."""
        with self._store.transaction(read_only=True) as tx:
            return _colleagues(tx, worker.company, store)

    def _say_goodbye(self, tx: Transaction, worker: Worker, case: Handoff, word: str, now: datetime) -> None:
        if word:
            tx.conversations.add_message(staff_message(worker, case.conversation, word, f"{case.id}:word", now))
        said = self._phrases.say("handoff_ended")
        tx.conversations.add_message(desk_message(case, said, "end", now))


def staff_message(worker: Worker, conversation: str, text: str, key: str, now: datetime) -> Message:
    """A message of staff; the same `key` of the same person is stored once in a conversation."""
    body = {"staff_name": worker.name, "staff": worker.id}
    return Message(
        uuid.uuid4().hex, conversation, 0, "staff", text, now, event_id=f"staff:{worker.id}:{key}", body=body
    )


def desk_message(case: Handoff, said: Reply, key: str, now: datetime) -> Message:
    """What the desk itself says about a case; the same `key` is said once."""
    buttons = [{"title": button.title, "payload": button.payload} for button in said.buttons]
    event, body = f"desk:{case.id}:{key}", {"buttons": buttons}
    return Message(uuid.uuid4().hex, case.conversation, 0, "bot", said.text, now, event_id=event, body=body)


def take(tx: Transaction, worker: Worker, case: Handoff, now: datetime) -> None:
    """Claim a case unless it is one's own already; raise CaseRefused if somebody else was faster."""
    if case.status == "claimed" and case.claimed_by == worker.id:
        return
    if not tx.handoffs.claim(case.id, worker.id, now):
        raise refusal(tx, case.id, worker)
    give(tx, case.conversation, "staff")
    record(tx, worker, "handoff.claimed", case, "claimed", now)


def give(tx: Transaction, conversation: str, owner: str) -> None:
    """Let staff or the bot own a conversation."""
    thread = tx.conversations.lock(conversation)
    if thread is not None and (thread.owner != owner or thread.misunderstood):
        tx.conversations.save(replace(thread, owner=owner, misunderstood=0))


def refusal(tx: Transaction, case_id: str, worker: Worker) -> CaseRefused:
    """Tell why a case couldn't be changed, as it stands now."""
    case = tx.handoffs.get(case_id)
    if case is None or case.status == "closed":
        return CaseOver("the case was closed")
    if case.claimed_by in (None, worker.id):
        return CaseChanged("the case isn't in your hands")
    holder = str(case.claimed_by)
    return HeldByColleague(names_of(tx, {holder}).get(holder, ""))


def record(
    tx: Transaction, worker: Worker, action: str, case: Handoff, after: str, now: datetime, to: str | None = None
) -> None:
    """Append what was done with a case to the audit chain."""
    changed = {"status": after, "reason": case.reason.value, **({"to": to} if to else {})}
    tx.audit.append(worker.actor, action, f"handoff:{case.id}", case.company, {"status": case.status}, changed, now)


def _colleagues(tx: Transaction, company: str, store: str | None) -> list[StaffMember]:
    return [
        member
        for member, membership in tx.staff.members(company)
        if membership.role in WORKERS and not member.invited and membership.store in (None, store or membership.store)
    ]


def _closed(tx: Transaction, case_id: str) -> bool:
    case = tx.handoffs.get(case_id)
    return case is None or case.status == "closed"
