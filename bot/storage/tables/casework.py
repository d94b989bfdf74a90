"""Cases for staff, and the chain of audit records."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, Text

from bot.privacy.handoff import HandoffReason
from bot.storage.column_types import EnumValue, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only, optional

UNCLOSED = "handoffs.status <> 'closed'"
"""The condition of cases that aren't closed; a query must repeat it word for word to use their index."""

handoffs = Table(
    "handoffs",
    metadata,
    id_column(),
    needed("company", Text),
    needed("conversation", Text),
    needed("reason", EnumValue(HandoffReason)),
    needed("status", Text),
    needed("priority", Integer),
    needed("waiting_since", UtcDateTime),
    optional("claimed_by", Text),
    optional("claimed_at", UtcDateTime),
    optional("closed_at", UtcDateTime),
    optional("store", Text),
    optional("raised_at", UtcDateTime),
    Index("uq_handoffs_open", "conversation", unique=True, **only("status <> 'closed'")),
    Index("ix_handoffs_open", "company", "priority", "waiting_since", "id", **only("status <> 'closed'")),
    Index("ix_handoffs_queue", "priority", "waiting_since", "id"),
    Index("ix_handoffs_opened", "company", "waiting_since", "store"),
    Index("ix_handoffs_company", "company", "status", "priority", "waiting_since", "id"),
)

audit_records = Table(
    "audit_records",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    needed("at", UtcDateTime),
    needed("actor", Text),
    needed("action", Text),
    needed("subject", Text),
    optional("company", Text),
    needed("before", Text),
    needed("after", Text),
    needed("previous_hash", Text),
    needed("hash", Text),
    Index("ix_audit_records_subject", "subject", "seq"),
    # The log that staff look through, whole or by one thing.
    Index("ix_audit_records_company", "company", "at", "seq"),
    Index("ix_audit_records_actor", "company", "actor", "at", "seq"),
    Index("ix_audit_records_action", "company", "action", "at", "seq"),
)

# One row: how many records there are and the hash of the last, under a keyed hash.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    needed("count", Integer),
    needed("hash", Text),
    needed("mac", Text),
)
