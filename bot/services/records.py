"""What the store keeps, as plain frozen records; personal fields are in clear here and encrypted below the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.privacy.handoff import HandoffReason
from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status


@dataclass(frozen=True)
class Conversation:
    """A thread between one person on one channel and the desk; `owner` is `bot` or `staff`."""

    id: str
    channel: str
    company: str | None
    created_at: datetime
    updated_at: datetime
    owner: str = "bot"
    external_id: str | None = None  # The channel's own id of the person (LINE user id), personal.
    store: str | None = None
    misunderstood: int = 0  # In a row.
    last_topics: tuple[str, ...] = ()
    verified_customer: str | None = None
    verified_level: int = 0
    verified_until: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Message:
    """One message of a conversation; `seq` counts from 1 within it.

    An inbound message has the channel's `event_id`, unique within the conversation. Its replies have `reply_to`, the
    inbound message's id. `body` holds buttons, passages and the like beside the text.
    """

    id: str
    conversation: str
    seq: int
    author: str  # customer, bot or staff
    text: str
    created_at: datetime
    event_id: str | None = None
    reply_to: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Picture:
    """A picture that a customer sent; its id is that of the message that brought it."""

    id: str
    conversation: str
    media_type: str
    kept_at: datetime


@dataclass(frozen=True)
class Customer:
    """A person in a company's register; all but the ids is personal."""

    id: str
    company: str
    customer_no: str
    name: str
    name_kana: str = ""
    email: str = ""
    phone: str = ""  # E.164
    postal_code: str = ""
    address: str = ""
    birth_date: str = ""  # ISO 8601
    plates: tuple[str, ...] = ()
    store: str | None = None
    updated_at: datetime | None = None
    contact_changed_at: datetime | None = None  # None after the first import.
    previous_contacts: tuple[str, ...] = ()  # Those before the last change, to be told of it.


@dataclass(frozen=True)
class Draft:
    """A request form that a customer is filling in: at most one a conversation."""

    conversation: str
    procedure: str  # A request type's id, `status` or `withdrawal`.
    values: Mapping[str, str] = field(default_factory=dict)
    asking: str | None = None  # The field that was asked last.
    attempts: int = 0  # Refused answers to it in a row.
    state: Mapping[str, Any] = field(default_factory=dict)  # What the form knows besides (customer found, code sent …).
    last_event: str | None = None  # The message that changed it last: a repeat changes nothing.
    updated_at: datetime | None = None


@dataclass(frozen=True)
class DataSubjectRequest:
    """A data subject request as recorded; `details` holds what was asked for."""

    id: str
    receipt: str
    company: str
    type: str
    status: Status
    identity: IdentityStatus
    level: Level
    channel: str
    conversation: str | None
    created_at: datetime
    due_date: date
    idempotency_key: str
    customer: str | None = None  # Only once verified.
    store: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    claimant: Mapping[str, str] = field(default_factory=dict)  # Name and contact as said in the chat.
    decided_at: datetime | None = None
    decision: Mapping[str, str] = field(default_factory=dict)  # Reason's id, words for the customer.
    held_until: date | None = None  # A contact changed lately: disclosure waits.
    version: int = 1
    assigned_to: str | None = None  # The staff member who works on it.

    @property
    def verified(self) -> bool:
        """Whether the person was verified at the level the type needs."""
        return self.identity is IdentityStatus.VERIFIED


@dataclass(frozen=True)
class TaskDone:
    """A task of a request (`bot/privacy/request_tasks.py`) that a staff member has done."""

    request: str
    task: str
    done_by: str
    done_at: datetime


@dataclass(frozen=True)
class DocumentLink:
    """A link by which a customer fetches the compiled record once; of its secret only a keyed hash is kept."""

    id: str
    request: str
    digest: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class OneTimeCode:
    """A one-time code that was sent; only its HMAC is kept."""

    id: str
    company: str
    conversation: str
    customer: str | None  # None: nobody was found, nothing was sent, no answer can be right.
    purpose: str  # The draft's id, so that a code for one request is none for another.
    digest: str
    created_at: datetime
    expires_at: datetime
    attempts: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True)
class Suppression:
    """Who must not be contacted, by which means and for which purpose.

    `contact` is None after an erasure: what remains is the store's keyed hash.
    """

    id: str
    company: str
    contact: str | None
    means: str  # email, sms, phone, post, line or all
    purpose: str  # marketing, or marketing_and_inspection
    since: datetime
    request: str | None = None
    customer: str | None = None


@dataclass(frozen=True)
class Handoff:
    """A case for staff: a conversation that a person must take over."""

    id: str
    company: str
    conversation: str
    reason: HandoffReason
    status: str  # waiting, claimed or closed
    priority: int
    waiting_since: datetime
    claimed_by: str | None = None
    claimed_at: datetime | None = None
    closed_at: datetime | None = None
    store: str | None = None
    raised_at: datetime | None = None  # It waited too long: the customer was told so, once.


@dataclass(frozen=True)
class Note:
    """A private note of a staff member on a conversation; no customer sees it."""

    id: str
    conversation: str
    staff: str
    text: str
    created_at: datetime


@dataclass(frozen=True, order=True)
class Presence:
    """Somebody who has a page open; `subject` is conversation:<id> or request:<id>."""

    subject: str
    staff: str
    seen_at: datetime


@dataclass(frozen=True)
class AuditRecord:
    """One link of the audit chain: who did what to which record; never free personal text."""

    seq: int
    at: datetime
    actor: str  # customer, desk, operator, staff:<id> or machine:<id>
    action: str  # e.g. request.opened
    subject: str  # e.g. request:<id>
    company: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class OutboundMessage:
    """A message in the outbox: `kind` is email, sms, line or webhook (to a machine's id)."""

    id: str
    company: str
    kind: str
    recipient: str
    subject: str
    text: str
    key: str  # Unique: the same cause enqueues it once.
    created_at: datetime
    status: str = "waiting"  # waiting, sent or dead
    tries: int = 0
    next_try_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True)
class Posting:
    """How far a conversation was posted to a channel that doesn't fetch by itself (LINE).

    All up to `posted_seq` was handed over. A batch that ends with `tried_seq` was begun and perhaps handed over. Nobody
    may begin (again) before `not_before`.
    """

    conversation: str
    posted_seq: int = 0
    tried_seq: int = 0
    not_before: datetime | None = None


@dataclass(frozen=True)
class Machine:
    """Another help desk that takes part over the API; what its key is, only a digest tells.

    `scope` is read or work. `told_seq` is the last audit record that its webhook was told of.
    """

    id: str
    company: str
    name: str
    scope: str
    created_at: datetime
    webhook: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    told_seq: int = 0
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class UnansweredQuestion:
    """A question the desk could not answer, masked."""

    id: str
    company: str | None
    text: str
    reason: str
    asked_at: datetime
    store: str | None = None
