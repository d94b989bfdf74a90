"""What an operator's alarms ask: when did what runs by itself run last."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Table, Text

from bot.storage.column_types import UtcDateTime
from bot.storage.tables.base import metadata, needed

job_runs = Table(
    "job_runs",
    metadata,
    Column("name", Text, primary_key=True),
    needed("ran_at", UtcDateTime),
    needed("ok", Boolean),
)
