"""Conversations and their messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from bot.errors import NotFound
from bot.services.records import Conversation, Message
from bot.services.turns import question_ids
from bot.storage.repository import Repository
from bot.storage.tables import conversations, drafts, engine_states, messages, unanswered_questions

_MOST_QUESTIONS = 8
"""More of them in one message are told apart by nobody."""

# Every message runs these: to build a statement anew costs SQLAlchemy more than to run it.
_BY_ID = select(conversations).where(conversations.c.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_TOUCH = update(conversations).where(conversations.c.id == bindparam("wanted")).values(updated_at=bindparam("now"))
_ADD_MESSAGE = messages.insert()
_LAST_SEQ = select(func.max(messages.c.seq)).where(messages.c.conversation == bindparam("wanted"))
_BY_EVENT = select(messages).where(
    messages.c.conversation == bindparam("wanted"), messages.c.event_id == bindparam("event")
)
_REPLIES = select(messages).where(messages.c.reply_to == bindparam("wanted")).order_by(messages.c.seq)
_WAITING = (messages.c.author == "customer", messages.c.answered_at.is_(None))
_PENDING = select(messages).where(messages.c.conversation == bindparam("wanted"), *_WAITING).order_by(messages.c.seq)
_WAITING_HERE = exists().where(messages.c.conversation == conversations.c.id, *_WAITING)
_TAKE = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("wanted"),
        or_(
            conversations.c.worked_by.is_(None),
            conversations.c.worked_by == bindparam("worker"),
            conversations.c.worked_until < bindparam("now"),
        ),
        _WAITING_HERE,
    )
    .values(worked_by=bindparam("worker"), worked_until=bindparam("until"))
)
_TAKEN = update(conversations).where(
    conversations.c.id == bindparam("wanted"), conversations.c.worked_by == bindparam("worker")
)
_PROLONG = _TAKEN.values(worked_until=bindparam("until"))
_GIVE_BACK = _TAKEN.values(worked_by=None, worked_until=None)
_ANSWER = (
    update(messages)
    .where(messages.c.id == bindparam("wanted"), messages.c.answered_at.is_(None))
    .values(answered_at=bindparam("now"))
)
_ANSWERED = select(messages.c.answered_at).where(messages.c.id == bindparam("wanted"))


class SqlConversations(Repository):
    """Implement the port of conversations."""

    def add(self, conversation: Conversation) -> bool:
        """Insert unless a conversation with that id exists; tell whether it was inserted."""
        values = self._conversation_row(conversation)
        statement = self._insert(conversations).values(values).on_conflict_do_nothing(index_elements=["id"])
        return bool(self._run(statement).rowcount)

    def get(self, conversation_id: str) -> Conversation | None:
        """Find by id."""
        return self._found(Conversation, conversations, _BY_ID, wanted=conversation_id)

    def lock(self, conversation_id: str) -> Conversation | None:
        """Find by id and keep others from changing it until the transaction ends.

        On SQLite the transaction itself, begun as IMMEDIATE, is the lock.
        """
        return self._found(Conversation, conversations, _BY_ID_LOCKED, wanted=conversation_id)

    def find_external(self, channel: str, company: str, external_id: str) -> Conversation | None:
        """Find the latest open conversation of a person on a channel."""
        query = (
            select(conversations)
            .where(
                conversations.c.external_digest == self._digest("external", external_id),
                conversations.c.company == company,
                conversations.c.channel == channel,
                conversations.c.ended_at.is_(None),
            )
            .order_by(conversations.c.created_at.desc(), conversations.c.id.desc())
            .limit(1)
        )
        return self._found(Conversation, conversations, query)

    def save(self, conversation: Conversation) -> None:
        """Update an existing conversation; its company is bound by `bind_company` alone."""
        values = self._conversation_row(conversation)
        for fixed in ("id", "channel", "company", "created_at"):
            del values[fixed]
        changed = self._run(update(conversations).where(conversations.c.id == conversation.id).values(values))
        _exists(changed.rowcount, conversation.id)
        self._session.changed.add(conversation.id)

    def bind_company(self, conversation_id: str, company: str) -> str:
        """Bind the first company atomically; return the one that is bound."""
        unbound = (conversations.c.id == conversation_id, conversations.c.company.is_(None))
        self._run(update(conversations).where(*unbound).values(company=company))
        bound = self._run(select(conversations.c.company).where(conversations.c.id == conversation_id)).scalar()
        _exists(bound is not None, conversation_id)
        return str(bound)

    def erase(self, conversation_id: str) -> None:
        """Delete the conversation with its messages, draft, codes and engine state."""
        self._run(delete(engine_states).where(engine_states.c.conversation == conversation_id))
        self._run(delete(conversations).where(conversations.c.id == conversation_id))
        self._note_erasure(conversations, conversation_id)
        self._session.changed.add(conversation_id)

    def idle_since(self, moment: datetime) -> list[str]:
        """Ids of conversations that nothing has touched since `moment`."""
        idle = conversations.c.updated_at < moment
        query = select(conversations.c.id).where(idle).order_by(conversations.c.updated_at)
        return list(self._run(query).scalars())

    def of_customer(self, customer_id: str) -> list[str]:
        """Ids of the conversations in which that customer was verified."""
        query = select(conversations.c.id).where(conversations.c.verified_customer == customer_id)
        return list(self._run(query).scalars())

    def add_message(self, message: Message) -> Message | None:
        """Append a message, giving it its `seq`; None if its event id is there already."""
        of_conversation = {"wanted": message.conversation}
        # Touching the conversation locks it, so that two messages never get the same number. The time is that of the
        # storing: a message may have waited for its turn, and who looks for what is new looks back a moment only.
        touched = self._run(_TOUCH, {**of_conversation, "now": self._session.clock.now()})
        _exists(touched.rowcount, message.conversation)
        if message.event_id and self.message_by_event(message.conversation, message.event_id):
            return None
        numbered = replace(message, seq=(self._run(_LAST_SEQ, of_conversation).scalar() or 0) + 1)
        self._run(_ADD_MESSAGE, self._row(messages, numbered))
        self._session.changed.add(message.conversation)
        return numbered

    def message_by_event(self, conversation_id: str, event_id: str) -> Message | None:
        """Find an inbound message by the channel's event id."""
        return self._found(Message, messages, _BY_EVENT, wanted=conversation_id, event=event_id)

    def replies_to(self, message_id: str) -> list[Message]:
        """The replies to an inbound message, in order."""
        return self._records(Message, messages, self._run(_REPLIES, {"wanted": message_id}))

    def mark_answered(self, message_id: str, at: datetime) -> bool:
        """Note that an inbound message was worked on; False if it was already."""
        return bool(self._run(_ANSWER, {"wanted": message_id, "now": at}).rowcount)

    def was_answered(self, message_id: str) -> bool:
        """Whether an inbound message was worked on; False for one that isn't there."""
        return self._run(_ANSWERED, {"wanted": message_id}).scalar() is not None

    def messages(self, conversation_id: str, after_seq: int = 0) -> list[Message]:
        """All messages after `after_seq`, in order."""
        later = (messages.c.conversation == conversation_id, messages.c.seq > after_seq)
        return self._records(Message, messages, self._run(select(messages).where(*later).order_by(messages.c.seq)))

    def pending(self, conversation_id: str) -> list[Message]:
        """Inbound messages of a conversation that nobody has worked on yet, in order."""
        return self._records(Message, messages, self._run(_PENDING, {"wanted": conversation_id}))

    def unanswered(self, before: datetime, now: datetime) -> list[Message]:
        """Inbound messages taken in before `before` that nobody has worked on yet, nor is at work on `now`."""
        free = or_(conversations.c.worked_by.is_(None), conversations.c.worked_until < now)
        query = (
            select(messages)
            .join(conversations)
            .where(*_WAITING, messages.c.created_at < before, free)
            .order_by(messages.c.created_at, messages.c.seq)
        )
        return self._records(Message, messages, self._run(query))

    def take(self, conversation_id: str, worker: str, now: datetime, until: datetime) -> bool:
        """Have the conversation to oneself until then, if a message waits in it and nobody else has it."""
        bound = {"wanted": conversation_id, "worker": worker, "now": now, "until": until}
        return bool(self._run(_TAKE, bound).rowcount)

    def prolong(self, conversation_id: str, worker: str, until: datetime) -> None:
        """Have it for longer, if it is still this worker's."""
        self._run(_PROLONG, {"wanted": conversation_id, "worker": worker, "until": until})

    def give_back(self, conversation_id: str, worker: str) -> None:
        """Let others have it, if it is this worker's."""
        self._run(_GIVE_BACK, {"wanted": conversation_id, "worker": worker})

    def touched_since(self, moment: datetime) -> dict[str, datetime]:
        """Conversations to which something was added since, and when."""
        query = select(conversations.c.id, conversations.c.updated_at).where(conversations.c.updated_at >= moment)
        return {row.id: row.updated_at for row in self._run(query)}

    def erase_message(self, message_id: str) -> None:
        """Delete one message for good, with what quotes it: the engine's state, its questions, the form it answered."""
        theirs = select(messages.c.conversation).where(messages.c.id == message_id).scalar_subquery()
        self._run(delete(engine_states).where(engine_states.c.conversation == theirs))
        self._run(delete(drafts).where(drafts.c.last_event == message_id))
        questions = question_ids(message_id, _MOST_QUESTIONS)
        self._run(delete(unanswered_questions).where(unanswered_questions.c.id.in_(questions)))
        self._run(delete(messages).where(messages.c.id == message_id))
        self._note_erasure(messages, message_id)

    def _conversation_row(self, conversation: Conversation) -> dict[str, Any]:
        external = conversation.external_id
        digest = None if external is None else self._digest("external", external)
        return self._row(conversations, conversation, external_digest=digest)


def _exists(found: object, conversation_id: str) -> None:
    if not found:
        raise NotFound(f"no conversation {conversation_id}")
