"""All that a database holds, sealed values opened: what whoever has the keys could find."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from bot.storage.repository import place, row_key, sealed_columns
from bot.storage.store import SqlStore
from bot.storage.tables import metadata


def places_of(store: SqlStore, *canaries: str) -> list[str]:
    """Name each column in which one of the canaries stands, in clear or sealed."""
    return sorted({name for name, value in _values(store) if any(canary in value for canary in canaries)})


def _values(store: SqlStore) -> Iterator[tuple[str, str]]:
    with store.session() as session:
        for table in metadata.sorted_tables:
            sealed = sealed_columns(table)
            for row in session.connection.execute(select(table)).mappings():
                for name, value in row.items():
                    if value is not None and name in sealed:
                        value = session.keyring.open(place(table, name, row[row_key(table)]), value)
                    yield f"{table.name}.{name}", str(value)
