"""Data subject requests, what proves who asks, and who must not be contacted."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, Table, Text, UniqueConstraint

from bot.privacy.request_types import Level
from bot.privacy.statuses import IdentityStatus, Status
from bot.storage.column_types import EnumValue, Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only, optional, with_conversation

RUNNING = "status IN ('open', 'in_progress')"
"""The condition of the requests that haven't ended; a query must repeat it word for word to use their index."""

ERASED = "type = 'erasure' AND status = 'fulfilled' AND conversation IS NOT NULL"
"""The condition of erasures whose conversation is still there; to be repeated word for word, too."""

requests = Table(
    "requests",
    metadata,
    id_column(),
    needed("receipt", Text),
    needed("company", Text),
    needed("type", Text),
    needed("status", EnumValue(Status)),
    needed("identity", EnumValue(IdentityStatus)),
    needed("level", EnumValue(Level)),
    needed("channel", Text),
    optional("conversation", Text, with_conversation("SET NULL")),
    needed("created_at", UtcDateTime),
    needed("due_date", Date),
    needed("idempotency_key", Text),
    optional("customer", Text),
    optional("store", Text),
    needed("details", Sealed(dict)),
    needed("claimant", Sealed(dict)),
    optional("decided_at", UtcDateTime),
    needed("decision", Sealed(dict)),
    optional("held_until", Date),
    needed("version", Integer),
    optional("assigned_to", Text),
    UniqueConstraint("receipt"),
    UniqueConstraint("idempotency_key"),
    Index("ix_requests_created_at", "created_at", "id"),
    # The columns after the id let staff's lists pass over what they don't want without reading it.
    Index("ix_requests_company_created_at", "company", "created_at", "id", "type", "store", "assigned_to"),
    Index(
        "ix_requests_running",
        "company",
        "due_date",
        "id",
        "status",
        "type",
        "store",
        "assigned_to",
        "channel",
        **only(RUNNING),
    ),
    # With all that the overview counts by in the index, it reads no row.
    Index("ix_requests_outcomes", "company", "created_at", "type", "status", "store"),
    Index("ix_requests_company_status", "company", "status", "created_at", "id"),
    # In order and without the many that have none: else SQLite takes it for worse than to walk all in order.
    Index("ix_requests_customer", "customer", "created_at", "id", **only("customer IS NOT NULL")),
    Index("ix_requests_conversation", "conversation", "created_at", "id", **only("conversation IS NOT NULL")),
    Index("ix_requests_erased", "decided_at", **only(ERASED)),
    Index("ix_requests_decided_at", "decided_at", **only("decided_at IS NOT NULL")),
)

codes = Table(
    "codes",
    metadata,
    id_column(),
    needed("company", Text),
    needed("conversation", Text, with_conversation("CASCADE")),
    optional("customer", Text),
    needed("purpose", Text),
    needed("digest", Text),
    needed("created_at", UtcDateTime),
    needed("expires_at", UtcDateTime),
    needed("attempts", Integer),
    optional("used_at", UtcDateTime),
    Index("ix_codes_latest", "conversation", "purpose", "created_at"),
    Index("ix_codes_expires_at", "expires_at"),
)

limits = Table(
    "limits",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("window_s", Integer, primary_key=True),
    needed("taken", Integer),
    needed("ends_at", UtcDateTime),
    Index("ix_limits_ends_at", "ends_at"),
)

suppressions = Table(
    "suppressions",
    metadata,
    id_column(),
    needed("company", Text),
    optional("contact", Sealed),
    needed("contact_digest", Text),
    needed("means", Text),
    needed("purpose", Text),
    needed("since", UtcDateTime),
    optional("request", Text),
    optional("customer", Text),
    UniqueConstraint("contact_digest", "company", "means", "purpose"),
    Index("ix_suppressions_since", "since", "id"),
    Index("ix_suppressions_company", "company", "since", "id"),
    Index("ix_suppressions_customer", "customer"),
)
