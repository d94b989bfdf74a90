"""The keys by which personal columns are sealed, themselves sealed under the secret key."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Table, Text

from bot.storage.column_types import UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, only

data_keys = Table(
    "data_keys",
    metadata,
    id_column(),
    needed("wrapped", Text),
    needed("active", Boolean),
    needed("created_at", UtcDateTime),
    Index("uq_data_keys_active", "active", unique=True, **only("active")),
)
