"""What the services need from the outside; storage, delivery and the engine implement it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.services.records import (
    AuditRecord,
    Conversation,
    Customer,
    DataSubjectRequest,
    Draft,
    Handoff,
    Message,
    OneTimeCode,
    OutboundMessage,
    Posting,
    Suppression,
    UnansweredQuestion,
)


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


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

    def pending(self, conversation_id: str) -> list[Message]:
        """Inbound messages of a conversation that nobody has worked on yet, in order."""

    def messages(self, conversation_id: str, after_seq: int = 0) -> list[Message]:
        """All messages after `after_seq`, in order."""

    def unanswered(self, before: datetime) -> list[Message]:
        """Inbound messages taken in before `before` that nobody has worked on yet."""

    def erase_message(self, message_id: str) -> None:
        """Delete one message for good, with the engine's state, which may quote it."""


class Customers(Protocol):
    """The register of customers: the port for a dealer's own CRM, the imported CSV being its first implementation."""

    def get(self, customer_id: str) -> Customer | None:
        """Find by id."""

    def get_many_by_no(self, company: str, numbers: Sequence[str]) -> dict[str, Customer]:
        """Find by customer number."""

    def find_by_name(self, company: str, name: str) -> list[Customer]:
        """Find by name or kana, both folded as contract.md says."""

    def find_by_contact(self, company: str, contact: str) -> list[Customer]:
        """Find by normalised e-mail, E.164 phone or normalised plate."""

    def save_many(self, customers: Sequence[Customer]) -> None:
        """Insert or update by (company, customer_no)."""

    def erase(self, customer_id: str) -> None:
        """Delete a person from the register."""

    def count(self, company: str | None = None) -> int:
        """How many there are."""


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


@dataclass(frozen=True)
class RequestFilter:
    """Which data subject requests to list; None means any."""

    company: str | None = None
    status: str | None = None
    customer: str | None = None
    conversation: str | None = None
    ended_before: datetime | None = None
    limit: int | None = None


class Requests(Protocol):
    """Data subject requests."""

    def add(self, request: DataSubjectRequest) -> DataSubjectRequest:
        """Insert; if its idempotency key is there already, return the one that has it."""

    def get(self, request_id: str) -> DataSubjectRequest | None:
        """Find by id."""

    def by_receipt(self, receipt: str) -> DataSubjectRequest | None:
        """Find by receipt number."""

    def save(self, request: DataSubjectRequest) -> bool:
        """Update if the stored version is still `request.version`, raising it by one; else False."""

    def find(self, wanted: RequestFilter) -> list[DataSubjectRequest]:
        """List, oldest first."""

    def delete(self, request_id: str) -> None:
        """Delete for good (retention)."""


class Codes(Protocol):
    """One-time codes and the counters that bound them."""

    def add(self, code: OneTimeCode) -> None:
        """Insert."""

    def latest(self, conversation_id: str, purpose: str) -> OneTimeCode | None:
        """The last code of a conversation for a purpose."""

    def take_attempt(self, code_id: str, limit: int, now: datetime) -> bool:
        """Count one attempt in one atomic UPDATE; False if `limit` is reached, or it is used or expired."""

    def use(self, code_id: str, now: datetime) -> bool:
        """Mark as used in one atomic UPDATE; False if it was used."""

    def delete_expired(self, before: datetime) -> int:
        """Delete codes that expired before; return how many."""


class Limits(Protocol):
    """Counters within time windows, each step one atomic statement; raises Unavailable when it can't count."""

    def take(self, key: str, limit: int, window_s: int, now: datetime) -> bool:
        """Count one for `key` (hashed by the implementation) and tell whether it is within `limit` a window."""

    def count(self, key: str, window_s: int, now: datetime) -> int:
        """How many were counted in the window."""

    def sweep(self, before: datetime) -> int:
        """Delete windows that ended before; return how many."""


class Suppressions(Protocol):
    """Who must not be contacted."""

    def add(self, suppression: Suppression) -> bool:
        """Insert unless the same contact, means and purpose is suppressed already."""

    def take_back(self, request_id: str) -> None:
        """Delete what a form that is still being filled in suppressed by mistake."""

    def find(self, company: str | None = None) -> list[Suppression]:
        """List, oldest first."""

    def is_suppressed(self, company: str, contact: str, means: str, purpose: str) -> bool:
        """Whether that contact must not be used, found by keyed hash; `all` counts for every means."""

    def forget_contact(self, customer_id: str) -> None:
        """Erase the readable contact of a person's suppressions, keeping the keyed hash."""


class Handoffs(Protocol):
    """Cases for staff."""

    def add(self, handoff: Handoff) -> Handoff:
        """Insert; if the conversation has one that isn't closed, return that one (raised to the better priority)."""

    def get(self, handoff_id: str) -> Handoff | None:
        """Find by id."""

    def open_for(self, conversation_id: str) -> Handoff | None:
        """The case of a conversation that isn't closed."""

    def claim(self, handoff_id: str, staff: str, at: datetime) -> bool:
        """Take a waiting case in one atomic UPDATE; False if somebody else did."""

    def release(self, handoff_id: str) -> bool:
        """Put a claimed case back into the queue."""

    def close(self, handoff_id: str, at: datetime) -> bool:
        """Close it; False if it was closed."""

    def find(self, company: str | None = None, status: str | None = None) -> list[Handoff]:
        """List in queue order: priority, then waiting time."""


class Audit(Protocol):
    """The hash chain of audit records."""

    def append(
        self,
        actor: str,
        action: str,
        subject: str,
        company: str | None,
        before: dict[str, Any],
        after: dict[str, Any],
        at: datetime,
    ) -> AuditRecord:
        """Append a link; the keyed head and count, kept apart from the chain, move with it."""

    def records(self, subject: str | None = None) -> Iterator[AuditRecord]:
        """All records in order, or those of one subject."""

    def first_bad(self) -> str | None:
        """Check the chain, its count and its head; say in English where it is broken, or None."""


class Outbox(Protocol):
    """Messages to be delivered."""

    def add(self, message: OutboundMessage) -> bool:
        """Enqueue unless one with the same key is there."""

    def take_due(self, now: datetime, limit: int, lease_s: int) -> list[OutboundMessage]:
        """Claim due messages for `lease_s` seconds, so that two workers never have the same one."""

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """It was handed over: recipient, subject and text have done their service and are blanked."""

    def mark_failed(self, message_id: str, error: str, next_try_at: datetime | None) -> None:
        """It failed: try again at that time, or None for a dead letter."""

    def retry(self, message_id: str, at: datetime) -> bool:
        """Put a dead letter back."""

    def find(self, status: str | None = None) -> list[OutboundMessage]:
        """List, oldest first."""

    def erase_recipient(self, recipient: str) -> int:
        """Delete every message to that address or number; return how many."""

    def withdraw(self, company: str, kind: str, recipient: str) -> int:
        """Delete a company's messages of a kind to a recipient that weren't handed over; return how many."""

    def delete_sent(self, before: datetime) -> int:
        """Delete rows of messages sent before; return how many."""


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

    def delete_older(self, before: datetime) -> int:
        """Delete; return how many."""


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


@dataclass(frozen=True)
class Transaction:
    """The repositories within one database transaction."""

    conversations: Conversations
    customers: Customers
    drafts: Drafts
    requests: Requests
    codes: Codes
    limits: Limits
    suppressions: Suppressions
    handoffs: Handoffs
    audit: Audit
    outbox: Outbox
    postings: Postings
    unanswered: Unanswered
    engine_states: EngineStates


class Store(Protocol):
    """The database."""

    def transaction(self, read_only: bool = False, durable: bool = True) -> AbstractContextManager[Transaction]:
        """Begin; commit at the end of the block, roll back on an error; raises Unavailable when it is gone.

        Long readings (lists, exports) say `read_only`, so that on SQLite they keep nobody from writing. What isn't
        `durable` survives the end of any process, but a power cut may take its last moments: for what can be made anew.
        """

    def ping(self) -> None:
        """Raise Unavailable unless the database answers."""


class Keys(Protocol):
    """Keyed hashes for everything that must be compared but not kept."""

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 in hex under a key of its own for `purpose`."""


@dataclass(frozen=True)
class EngineReply:
    """One reply of the dialogue engine."""

    text: str
    buttons: Sequence[dict[str, str]] = ()
    custom: dict[str, Any] | None = None


class DialogueEngine(Protocol):
    """Rasa, wherever it runs."""

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Let the engine work on a message; raises Unavailable when it doesn't answer in time."""


class BusinessCalendar(Protocol):
    """When a company works."""

    def is_business_day(self, company: str, day: date) -> bool:
        """Whether the company is open on that day (holidays and its closed days counted)."""
