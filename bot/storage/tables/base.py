"""What every table is made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, Text, text

# PostgreSQL drops a constraint by name only, so every one has the same name everywhere.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def id_column() -> Column:
    """The key of a table whose records have an id of their own."""
    return Column("id", Text, primary_key=True)


def needed(name: str, kind: Any, *more: Any) -> Column:
    """A column that is never empty."""
    return Column(name, kind, *more, nullable=False)


def optional(name: str, kind: Any, *more: Any) -> Column:
    """A column that may be NULL."""
    return Column(name, kind, *more, nullable=True)


def with_conversation(on_delete: str) -> ForeignKey:
    """A reference to a conversation."""
    return ForeignKey("conversations.id", ondelete=on_delete)


def only(condition: str) -> dict[str, Any]:
    """The condition of a partial index, in each dialect's keyword."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
