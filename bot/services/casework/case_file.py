"""Everything staff see of one conversation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.errors import NotFound
from bot.services.casework.queue import SEEN
from bot.services.casework.worker import Worker, names_of, thread_of
from bot.services.ports import UNDERSTOOD, Clock, RequestFilter, Store, Transaction
from bot.services.records import Conversation, Customer, DataSubjectRequest, Handoff, Message, Note

Understood = dict[str, dict[str, Any]]
"""What was understood of each customer's message, by the message's id."""

MOST_REQUESTS = 20


@dataclass(frozen=True)
class CaseFile:
    """A conversation with what belongs to it; `customer` is the verified person.

    `understood` is by message id, `pictures` are the ids of messages that brought one.
    """

    thread: Conversation
    case: Handoff | None
    messages: list[Message]
    understood: Understood
    pictures: frozenset[str]
    notes: list[Note]
    requests: list[DataSubjectRequest]
    customer: Customer | None
    verified_now: bool
    names: dict[str, str]
    looking: list[str]

    @property
    def last_seq(self) -> int:
        """The number of the last message."""
        return self.messages[-1].seq if self.messages else 0


@dataclass(frozen=True)
class News:
    """What came to a conversation; `again` are earlier messages that look different by now."""

    messages: list[Message]
    understood: Understood
    pictures: frozenset[str]
    again: list[Message]


class CaseFiles:
    """Reads conversations for staff."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def open(self, worker: Worker, conversation: str) -> CaseFile:
        """Read everything; raise NotFound for a conversation that isn't theirs to see."""
        with self._store.transaction(read_only=True) as tx:
            thread = thread_of(tx, worker, conversation)
            messages = tx.conversations.messages(conversation)
            case = tx.handoffs.open_for(conversation)
            notes = tx.notes.of(conversation)
            people = {note.staff for note in notes} | ({case.claimed_by} if case and case.claimed_by else set())
            looking = self._looking(tx, conversation)
            until = thread.verified_until
            return CaseFile(
                thread,
                case,
                messages,
                _understood(messages),
                _pictures(tx, conversation),
                notes,
                tx.requests.find(RequestFilter(conversation=conversation, limit=MOST_REQUESTS)),
                tx.customers.get(thread.verified_customer) if thread.verified_customer else None,
                until is not None and until > self._clock.now(),
                names_of(tx, people | set(looking)),
                looking,
            )

    def messages(self, worker: Worker, conversation: str, after: int) -> News:
        """Read what came after a message, and what was understood of it."""
        with self._store.transaction(read_only=True) as tx:
            thread_of(tx, worker, conversation)
            messages = tx.conversations.messages(conversation, after)
            pictures = _pictures(tx, conversation)
            # A picture is there a while after its message, when its answer is.
            arrived = {one.reply_to for one in messages} & pictures
            before = tx.conversations.messages(conversation) if arrived else []
            again = [one for one in before if one.id in arrived and one.seq <= after]
            return News(messages, _understood(messages), pictures, again)

    def check(self, worker: Worker, conversation: str) -> str:
        """Give a text that changes with the conversation; raise NotFound for one that isn't theirs to see."""
        with self._store.transaction(read_only=True) as tx:
            return thread_of(tx, worker, conversation).updated_at.isoformat()

    def check_request(self, worker: Worker, request_id: str) -> None:
        """Raise NotFound for a request that isn't theirs to see."""
        with self._store.transaction(read_only=True) as tx:
            request = tx.requests.get(request_id)
        if request is None or not worker.sees(request.company, request.store):
            raise NotFound(f"there is no request {request_id}")

    def _looking(self, tx: Transaction, conversation: str) -> list[str]:
        seen = tx.presences.since(self._clock.now() - SEEN)
        return [one.staff for one in seen if one.subject == f"conversation:{conversation}"]


def _pictures(tx: Transaction, conversation: str) -> frozenset[str]:
    return frozenset(picture.id for picture in tx.pictures.of(conversation))


def _understood(messages: list[Message]) -> Understood:
    """What the engine understood of each customer's message, as its first reply carries it."""
    return {
        message.reply_to: dict(message.body[UNDERSTOOD])
        for message in messages
        if message.reply_to and UNDERSTOOD in message.body
    }
