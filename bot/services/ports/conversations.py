"""Conversations, the forms in them, and the engine's state of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.services.records import Conversation, Draft, Message, Posting, UnansweredQuestion


class Conversations(Protocol):
    """Conversations and their messages."""

    def add(self, conversation: Conversation) -> bool:
        """Insert unless a conversation with that id exists; tell whether it was inserted."""

    def get(self, conversation_id: str) -> Conversation | None:
        """Find by id."""

    def lock(self, conversation_id: str) -> Conversation | None:
        """Find by id and keep others from changing it until the transaction ends."""

    def find_external(self, channel: str, company: str, external_id: str) -> Conversation | None:
        """Find the latest open conversation of a person on a channel."""

    def save(self, conversation: Conversation) -> None:
        """Update an existing conversation; its company is bound by `bind_company` alone."""

    def bind_company(self, conversation_id: str, company: str) -> str:
        """Bind the first company atomically; return the one that is bound."""

    def erase(self, conversation_id: str) -> None:
        """Delete the conversation with its messages, draft and engine state."""

    def idle_since(self, moment: datetime) -> list[str]:
        """Ids of conversations that nothing has touched since `moment`."""

    def of_customer(self, customer_id: str) -> list[str]:
        """Ids of the conversations in which that customer was verified."""

    def add_message(self, message: Message) -> Message | None:
        """Append a message, giving it its `seq`; None if its event id is there already."""

    def message_by_event(self, conversation_id: str, event_id: str) -> Message | None:
        """Find an inbound message by the channel's event id."""

    def replies_to(self, message_id: str) -> list[Message]:
        """The replies to an inbound message, in order."""

    def mark_answered(self, message_id: str, at: datetime) -> bool:
        """Note that an inbound message was worked on; False if it was already."""

    def was_answered(self, message_id: str) -> bool:
        """Whether an inbound message was worked on; False for one that isn't there."""

    def pending(self, conversation_id: str) -> list[Message]:
        """Inbound messages of a conversation that nobody has worked on yet, in order."""

    def messages(self, conversation_id: str, after_seq: int = 0) -> list[Message]:
        """All messages after `after_seq`, in order."""

    def unanswered(self, before: datetime, now: datetime) -> list[Message]:
        """Inbound messages taken in before `before` that nobody has worked on yet, nor is at work on `now`."""

    def take(self, conversation_id: str, worker: str, now: datetime, until: datetime) -> bool:
        """Have the conversation to oneself until then, if a message waits in it and nobody else has it."""

    def prolong(self, conversation_id: str, worker: str, until: datetime) -> None:
        """Have it for longer, if it is still this worker's."""

    def give_back(self, conversation_id: str, worker: str) -> None:
        """Let others have it, if it is this worker's."""

    def touched_since(self, moment: datetime) -> dict[str, datetime]:
        """Conversations to which something was added since, and when."""

    def erase_message(self, message_id: str) -> None:
        """Delete one message for good, with what quotes it: the engine's state, its questions, the form it answered."""


class Drafts(Protocol):
    """Request forms being filled in."""

    def get(self, conversation_id: str) -> Draft | None:
        """The conversation's draft."""

    def save(self, draft: Draft) -> None:
        """Insert or replace."""

    def delete(self, conversation_id: str) -> None:
        """Forget it."""

    def older_than(self, moment: datetime) -> list[str]:
        """Conversations whose draft nothing has touched since."""


class EngineStates(Protocol):
    """The dialogue engine's state of each conversation, an opaque text that may hold personal data."""

    def load(self, conversation_id: str) -> tuple[str, int] | None:
        """The state and its version."""

    def version(self, conversation_id: str) -> int | None:
        """The version alone, so that a copy in memory can be known to be fresh."""

    def save(self, conversation_id: str, state: str, version: int, at: datetime) -> bool:
        """Store if the stored version is `version` (0: none); False if somebody else was faster."""

    def delete_older(self, before: datetime) -> int:
        """Delete states that nothing has touched since; return how many."""


class Postings(Protocol):
    """How far conversations were posted to channels that don't fetch by themselves."""

    def begin(self, conversation_id: str) -> None:
        """Post this conversation from its start; does nothing if that has begun."""

    def lock(self, conversation_id: str) -> Posting | None:
        """Find, and keep others from changing it until the transaction ends."""

    def save(self, posting: Posting) -> None:
        """Update."""

    def behind(self, now: datetime) -> list[str]:
        """Conversations, not ended, with messages of the bot or staff after `posted_seq`; waiting ones left out."""


class Unanswered(Protocol):
    """Questions without an answer."""

    def add(self, question: UnansweredQuestion) -> bool:
        """Insert unless it is there; tell whether it was inserted."""

    def find(self, company: str | None = None) -> list[UnansweredQuestion]:
        """List, oldest first."""

    def latest(
        self, company: str, limit: int, before: datetime | None = None, stores: Sequence[str] | None = None
    ) -> list[UnansweredQuestion]:
        """A company's questions asked before, the newest first; of `stores` an empty one stands for none."""

    def delete_older(self, before: datetime) -> int:
        """Delete; return how many."""
