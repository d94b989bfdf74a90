"""What staff set for their company; what they left alone stands in company.yml."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Index, Integer, Table, Text

from bot.storage.column_types import Sealed
from bot.storage.tables.base import id_column, metadata, needed, optional

company_settings = Table(
    "company_settings",
    metadata,
    Column("company", Text, primary_key=True),
    optional("opening_hours", JSON(none_as_null=True)),
    optional("closed_on_holidays", Boolean),
    optional("four_eyes", Boolean),
    needed("four_eyes_reason", Sealed),
    needed("waiting_note", Text),
)

closed_days = Table(
    "closed_days",
    metadata,
    Column("company", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    needed("note", Text),
)

canned_answers = Table(
    "canned_answers",
    metadata,
    id_column(),
    needed("company", Text),
    needed("title", Text),
    needed("text", Text),
    needed("position", Integer),
    Index("ix_canned_answers_company", "company", "position", "id"),
)
