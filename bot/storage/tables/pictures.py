"""Customers' pictures; a picture ends with its message."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from bot.storage.column_types import Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed

# The key is the id of the message that brought the picture.
pictures = Table(
    "pictures",
    metadata,
    Column("id", Text, ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    needed("conversation", Text),
    needed("media_type", Text),
    needed("kept_at", UtcDateTime),
    Index("ix_pictures_conversation", "conversation", "kept_at", "id"),
    Index("ix_pictures_kept_at", "kept_at"),
)

# In pieces, so that whoever walks all rows (rotation, backup) never holds many whole pictures in memory.
picture_pieces = Table(
    "picture_pieces",
    metadata,
    id_column(),
    needed("picture", Text, ForeignKey("pictures.id", ondelete="CASCADE")),
    needed("number", Integer),
    needed("content", Sealed(bytes)),
    Index("ix_picture_pieces_picture", "picture", "number"),
)
