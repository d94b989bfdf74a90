"""Conversations and all that ends with them."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from bot.storage.column_types import Sealed, TextTuple, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only, optional, with_conversation

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    needed("channel", Text),
    optional("company", Text),
    needed("created_at", UtcDateTime),
    needed("updated_at", UtcDateTime),
    needed("owner", Text),
    optional("external_id", Sealed),
    optional("external_digest", Text),
    optional("store", Text),
    needed("misunderstood", Integer),
    needed("last_topics", TextTuple),
    optional("verified_customer", Text),
    needed("verified_level", Integer),
    optional("verified_until", UtcDateTime),
    optional("ended_at", UtcDateTime),
    optional("worked_by", Text),
    optional("worked_until", UtcDateTime),
    Index("ix_conversations_updated_at", "updated_at"),
    Index("ix_conversations_verified_customer", "verified_customer"),
    Index("ix_conversations_external", "external_digest", "company", "channel", **only("external_digest IS NOT NULL")),
)

messages = Table(
    "messages",
    metadata,
    id_column(),
    needed("conversation", Text, with_conversation("CASCADE")),
    needed("seq", Integer),
    needed("author", Text),
    needed("text", Sealed),
    needed("created_at", UtcDateTime),
    optional("event_id", Text),
    optional("reply_to", Text),
    needed("body", Sealed(dict)),
    optional("answered_at", UtcDateTime),
    UniqueConstraint("conversation", "seq"),
    UniqueConstraint("conversation", "event_id"),
    Index("ix_messages_reply_to", "reply_to", "seq", **only("reply_to IS NOT NULL")),
    Index("ix_messages_unanswered", "created_at", **only("author = 'customer' AND answered_at IS NULL")),
)

drafts = Table(
    "drafts",
    metadata,
    Column("conversation", Text, with_conversation("CASCADE"), primary_key=True),
    needed("procedure", Text),
    needed("values", Sealed(dict)),
    optional("asking", Text),
    needed("attempts", Integer),
    needed("state", Sealed(dict)),
    optional("last_event", Text),
    needed("updated_at", UtcDateTime),
    Index("ix_drafts_updated_at", "updated_at"),
)

postings = Table(
    "postings",
    metadata,
    Column("conversation", Text, with_conversation("CASCADE"), primary_key=True),
    needed("posted_seq", Integer),
    needed("tried_seq", Integer),
    optional("not_before", UtcDateTime),
)

unanswered_questions = Table(
    "unanswered_questions",
    metadata,
    id_column(),
    optional("company", Text),
    needed("text", Sealed),
    needed("reason", Text),
    needed("asked_at", UtcDateTime),
    optional("store", Text),
    Index("ix_unanswered_questions_asked_at", "asked_at", "id"),
    Index("ix_unanswered_questions_company", "company", "asked_at", "id"),
)

engine_states = Table(
    "engine_states",
    metadata,
    Column("conversation", Text, primary_key=True),
    needed("state", Sealed),
    needed("version", Integer),
    needed("updated_at", UtcDateTime),
    Index("ix_engine_states_updated_at", "updated_at"),
)
