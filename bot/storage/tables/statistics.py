"""How often what happened, by day: numbers alone, which outlive the conversations they count."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, Table, Text

from bot.storage.tables.base import metadata, needed

# The store is empty, not NULL, where nobody named one: a key has no NULL.
daily_counts = Table(
    "daily_counts",
    metadata,
    Column("company", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("store", Text, primary_key=True),
    needed("count", Integer),
)
