"""The tables; a migration in `migrations/versions` follows every change here, and a test compares the two."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.privacy.handoff import HandoffReason
from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.storage.column_types import EnumValue, Sealed, TextTuple, UtcDateTime

# PostgreSQL drops a constraint by name only, so every one has the same name everywhere.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> Column:
    return Column("id", Text, primary_key=True)


def _needed(name: str, kind: Any, *more: Any) -> Column:
    return Column(name, kind, *more, nullable=False)


def _optional(name: str, kind: Any, *more: Any) -> Column:
    return Column(name, kind, *more, nullable=True)


def _with(on_delete: str) -> ForeignKey:
    return ForeignKey("conversations.id", ondelete=on_delete)


def _only(condition: str) -> dict[str, Any]:
    """The condition of a partial index, in each dialect's keyword."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


data_keys = Table(
    "data_keys",
    metadata,
    _id(),
    _needed("wrapped", Text),
    _needed("active", Boolean),
    _needed("created_at", UtcDateTime),
    Index("uq_data_keys_active", "active", unique=True, **_only("active")),
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _needed("channel", Text),
    _optional("company", Text),
    _needed("created_at", UtcDateTime),
    _needed("updated_at", UtcDateTime),
    _needed("owner", Text),
    _optional("external_id", Sealed),
    _optional("external_digest", Text),
    _optional("store", Text),
    _needed("misunderstood", Integer),
    _needed("last_topics", TextTuple),
    _optional("verified_customer", Text),
    _needed("verified_level", Integer),
    _optional("verified_until", UtcDateTime),
    _optional("ended_at", UtcDateTime),
    Index("ix_conversations_updated_at", "updated_at"),
    Index("ix_conversations_verified_customer", "verified_customer"),
    Index("ix_conversations_external", "external_digest", "company", "channel", **_only("external_digest IS NOT NULL")),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    _needed("conversation", Text, _with("CASCADE")),
    _needed("seq", Integer),
    _needed("author", Text),
    _needed("text", Sealed),
    _needed("created_at", UtcDateTime),
    _optional("event_id", Text),
    _optional("reply_to", Text),
    _needed("body", Sealed(dict)),
    _optional("answered_at", UtcDateTime),
    UniqueConstraint("conversation", "seq"),
    UniqueConstraint("conversation", "event_id"),
    Index("ix_messages_reply_to", "reply_to", "seq", **_only("reply_to IS NOT NULL")),
    Index("ix_messages_unanswered", "created_at", **_only("author = 'customer' AND answered_at IS NULL")),
)

customers = Table(
    "customers",
    metadata,
    _id(),
    _needed("company", Text),
    _needed("customer_no", Text),
    _needed("name", Sealed),
    _needed("name_kana", Sealed),
    _needed("email", Sealed),
    _needed("phone", Sealed),
    _needed("postal_code", Sealed),
    _needed("address", Sealed),
    _needed("birth_date", Sealed),
    _needed("plates", Sealed(tuple)),
    _optional("store", Text),
    _optional("updated_at", UtcDateTime),
    _optional("contact_changed_at", UtcDateTime),
    _needed("previous_contacts", Sealed(tuple)),
    UniqueConstraint("company", "customer_no"),
)

# Look-ups by keyed hash; the key comes first, so that a look-up is one short walk at any size.
customer_lookup = Table(
    "customer_lookup",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("customer", Text, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_customer_lookup_customer", "customer"),
    sqlite_with_rowid=False,
)

drafts = Table(
    "drafts",
    metadata,
    Column("conversation", Text, _with("CASCADE"), primary_key=True),
    _needed("procedure", Text),
    _needed("values", Sealed(dict)),
    _optional("asking", Text),
    _needed("attempts", Integer),
    _needed("state", Sealed(dict)),
    _optional("last_event", Text),
    _needed("updated_at", UtcDateTime),
    Index("ix_drafts_updated_at", "updated_at"),
)

requests = Table(
    "requests",
    metadata,
    _id(),
    _needed("receipt", Text),
    _needed("company", Text),
    _needed("type", Text),
    _needed("status", EnumValue(Status)),
    _needed("identity", EnumValue(IdentityStatus)),
    _needed("level", EnumValue(Level)),
    _needed("channel", Text),
    _optional("conversation", Text, _with("SET NULL")),
    _needed("created_at", UtcDateTime),
    _needed("due_date", Date),
    _needed("idempotency_key", Text),
    _optional("customer", Text),
    _optional("store", Text),
    _needed("details", Sealed(dict)),
    _needed("claimant", Sealed(dict)),
    _optional("decided_at", UtcDateTime),
    _needed("decision", Sealed(dict)),
    _optional("held_until", Date),
    _needed("version", Integer),
    UniqueConstraint("receipt"),
    UniqueConstraint("idempotency_key"),
    Index("ix_requests_created_at", "created_at", "id"),
    Index("ix_requests_company_created_at", "company", "created_at", "id"),
    Index("ix_requests_company_status", "company", "status", "created_at", "id"),
    Index("ix_requests_customer", "customer"),
    Index("ix_requests_conversation", "conversation"),
    Index("ix_requests_decided_at", "decided_at", **_only("decided_at IS NOT NULL")),
)

codes = Table(
    "codes",
    metadata,
    _id(),
    _needed("company", Text),
    _needed("conversation", Text, _with("CASCADE")),
    _optional("customer", Text),
    _needed("purpose", Text),
    _needed("digest", Text),
    _needed("created_at", UtcDateTime),
    _needed("expires_at", UtcDateTime),
    _needed("attempts", Integer),
    _optional("used_at", UtcDateTime),
    Index("ix_codes_latest", "conversation", "purpose", "created_at"),
    Index("ix_codes_expires_at", "expires_at"),
)

limits = Table(
    "limits",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("window_s", Integer, primary_key=True),
    _needed("taken", Integer),
    _needed("ends_at", UtcDateTime),
    Index("ix_limits_ends_at", "ends_at"),
)

suppressions = Table(
    "suppressions",
    metadata,
    _id(),
    _needed("company", Text),
    _optional("contact", Sealed),
    _needed("contact_digest", Text),
    _needed("means", Text),
    _needed("purpose", Text),
    _needed("since", UtcDateTime),
    _optional("request", Text),
    _optional("customer", Text),
    UniqueConstraint("contact_digest", "company", "means", "purpose"),
    Index("ix_suppressions_since", "since", "id"),
    Index("ix_suppressions_company", "company", "since", "id"),
    Index("ix_suppressions_customer", "customer"),
)

handoffs = Table(
    "handoffs",
    metadata,
    _id(),
    _needed("company", Text),
    _needed("conversation", Text),
    _needed("reason", EnumValue(HandoffReason)),
    _needed("status", Text),
    _needed("priority", Integer),
    _needed("waiting_since", UtcDateTime),
    _optional("claimed_by", Text),
    _optional("claimed_at", UtcDateTime),
    _optional("closed_at", UtcDateTime),
    Index("uq_handoffs_open", "conversation", unique=True, **_only("status <> 'closed'")),
    Index("ix_handoffs_queue", "priority", "waiting_since", "id"),
    Index("ix_handoffs_company", "company", "status", "priority", "waiting_since", "id"),
)

audit_records = Table(
    "audit_records",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _needed("at", UtcDateTime),
    _needed("actor", Text),
    _needed("action", Text),
    _needed("subject", Text),
    _optional("company", Text),
    _needed("before", Text),
    _needed("after", Text),
    _needed("previous_hash", Text),
    _needed("hash", Text),
    Index("ix_audit_records_subject", "subject", "seq"),
)

# One row: how many records there are and the hash of the last, under a keyed hash.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    _needed("count", Integer),
    _needed("hash", Text),
    _needed("mac", Text),
)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _needed("company", Text),
    _needed("kind", Text),
    _needed("recipient", Sealed),
    _needed("recipient_digest", Text),
    _needed("subject", Sealed),
    _needed("text", Sealed),
    _needed("key", Text),
    _needed("created_at", UtcDateTime),
    _needed("status", Text),
    _needed("tries", Integer),
    _optional("next_try_at", UtcDateTime),
    _needed("last_error", Sealed),
    _optional("sent_at", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_outbox_due", "status", "next_try_at"),
    Index("ix_outbox_status", "status", "created_at", "id"),
    Index("ix_outbox_sent_at", "sent_at", **_only("sent_at IS NOT NULL")),
    Index("ix_outbox_recipient_digest", "recipient_digest"),
)

postings = Table(
    "postings",
    metadata,
    Column("conversation", Text, _with("CASCADE"), primary_key=True),
    _needed("posted_seq", Integer),
    _needed("tried_seq", Integer),
    _optional("not_before", UtcDateTime),
)

unanswered_questions = Table(
    "unanswered_questions",
    metadata,
    _id(),
    _optional("company", Text),
    _needed("text", Sealed),
    _needed("reason", Text),
    _needed("asked_at", UtcDateTime),
    Index("ix_unanswered_questions_asked_at", "asked_at", "id"),
)

engine_states = Table(
    "engine_states",
    metadata,
    Column("conversation", Text, primary_key=True),
    _needed("state", Sealed),
    _needed("version", Integer),
    _needed("updated_at", UtcDateTime),
    Index("ix_engine_states_updated_at", "updated_at"),
)
