"""What staff say to a customer, and what they note for each other."""

from __future__ import annotations

import unicodedata
import uuid

from bot.services.casework.cases import record, staff_message, take
from bot.services.casework.worker import CaseChanged, CustomerLeft, TextRefused, Worker, thread_of
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import Message, Note

LONGEST_ANSWER = 4000
"""Characters; LINE takes 5,000 UTF-16 units."""
LONGEST_NOTE = 2000


class StaffTalk:
    """Raises CaseRefused in the words that staff read; then nothing was said."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def say(self, worker: Worker, conversation: str, text: str, key: str) -> Message:
        """Answer the customer; a waiting case is thereby claimed, and the same `key` sent twice is said once."""
        said, now = checked(text, LONGEST_ANSWER), self._clock.now()
        message = staff_message(worker, conversation, said, key, now)
        with self._store.transaction() as tx:
            thread = thread_of(tx, worker, conversation, lock=True)
            known = tx.conversations.message_by_event(conversation, message.event_id or "")
            if known is not None:
                return known
            if thread.ended_at is not None:
                raise CustomerLeft("the customer ended the conversation")
            case = tx.handoffs.open_for(conversation)
            if case is None:
                raise CaseChanged("the bot has the conversation")
            take(tx, worker, case, now)
            record(tx, worker, "handoff.answered", case, "claimed", now)
            return tx.conversations.add_message(message) or message

    def note(self, worker: Worker, conversation: str, text: str, key: str) -> None:
        """Keep a note that no customer sees; the same `key` sent twice is one note."""
        kept, now = checked(text, LONGEST_NOTE), self._clock.now()
        identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"note:{conversation}:{worker.id}:{key}").hex
        with self._store.transaction() as tx:
            thread_of(tx, worker, conversation)
            if tx.notes.add(Note(identifier, conversation, worker.id, kept, now)):
                _record_note(tx, worker, identifier, self._clock)


def checked(text: str, longest: int) -> str:
    """Drop what nobody types on purpose; raise TextRefused if nothing is left, or too much."""
    lines = text.replace("\r\n", "\n")
    kept = "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()
    if not kept:
        raise TextRefused("case_text_empty")
    if len(kept) > longest:
        raise TextRefused("case_text_too_long", limit=longest)
    return kept


def _record_note(tx: Transaction, worker: Worker, note: str, clock: Clock) -> None:
    tx.audit.append(worker.actor, "conversation.noted", f"note:{note}", worker.company, {}, {}, clock.now())
