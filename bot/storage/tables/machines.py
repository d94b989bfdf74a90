"""Other help desks that take part over the API, and where they want to be told."""

from __future__ import annotations

from sqlalchemy import Index, Integer, Table, Text, UniqueConstraint

from bot.storage.column_types import Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only, optional

machines = Table(
    "machines",
    metadata,
    id_column(),
    needed("company", Text),
    needed("name", Text),
    needed("scope", Text),
    needed("key_digest", Text),
    needed("created_at", UtcDateTime),
    optional("webhook", Sealed),
    optional("webhook_secret", Sealed),
    # The last audit record that the webhook was told of.
    needed("told_seq", Integer),
    optional("last_used_at", UtcDateTime),
    optional("revoked_at", UtcDateTime),
    UniqueConstraint("key_digest"),
    Index("ix_machines_created_at", "created_at", "id"),
    Index("ix_machines_company", "company", "created_at", "id"),
    Index("ix_machines_listening", "company", "id", **only("webhook IS NOT NULL AND revoked_at IS NULL")),
)
