"""What goes out."""

from __future__ import annotations

from sqlalchemy import Index, Integer, Table, Text, UniqueConstraint

from bot.storage.column_types import Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only, optional

outbox = Table(
    "outbox",
    metadata,
    id_column(),
    needed("company", Text),
    needed("kind", Text),
    needed("recipient", Sealed),
    needed("recipient_digest", Text),
    needed("subject", Sealed),
    needed("text", Sealed),
    needed("key", Text),
    needed("created_at", UtcDateTime),
    needed("status", Text),
    needed("tries", Integer),
    optional("next_try_at", UtcDateTime),
    needed("last_error", Sealed),
    optional("sent_at", UtcDateTime),
    UniqueConstraint("key"),
    Index("ix_outbox_due", "status", "next_try_at"),
    Index("ix_outbox_status", "status", "created_at", "id"),
    Index("ix_outbox_sent_at", "sent_at", **only("sent_at IS NOT NULL")),
    Index("ix_outbox_recipient_digest", "recipient_digest"),
)
