"""Rotation of the data key while the desk is running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, bindparam, delete, select, update

from bot.storage.repository import Session, place, row_key, sealed_columns
from bot.storage.store import SqlStore
from bot.storage.tables import data_keys, metadata
from bot.storage.vault import key_id_of

BATCH = 200
"""Rows a transaction: some tens of milliseconds, in which others wait on SQLite."""
PATIENCE_S = 600
"""How long to wait for transactions that began with the old key: an import may take minutes."""


def rotate(store: SqlStore, batch: int = BATCH) -> int:
    """Make a new data key, seal everything anew with it, delete the old ones; return the number of rows resealed.

    A crash on the way leaves all keys in force; another run ends it.
    """
    with store.session() as session:
        session.keyring.add_active(store.clock.now())
    with store.session() as session:
        old = session.keyring.unused_since_now(PATIENCE_S)
    resealed = sum(_reseal_table(store, table, batch) for table in _sealed_tables())
    with store.session() as session:
        session.connection.execute(delete(data_keys).where(data_keys.c.id.in_(old)))
    return resealed


def _sealed_tables() -> Iterator[Table]:
    return (table for table in metadata.sorted_tables if sealed_columns(table))


def _reseal_table(store: SqlStore, table: Table, batch: int) -> int:
    """Walk a table by its key in short transactions."""
    key, last, resealed = table.c[row_key(table)], "", 0
    while True:
        with store.session() as session:
            query = select(table).where(key > last).order_by(key).limit(batch).with_for_update()
            rows = session.connection.execute(query).all()
            resealed += _reseal(session, table, rows)
        if len(rows) < batch:
            return resealed
        last = rows[-1]._mapping[key.name]


def _reseal(session: Session, table: Table, rows: list[Any]) -> int:
    """Seal the rows' values that need another key; return how many rows had one."""
    active, key, changes = session.keyring.active(), row_key(table), []
    for row in rows:
        values = dict(row._mapping)
        sealed = {name: values[name] for name in sealed_columns(table)}
        if any(value is not None and key_id_of(value) != active for value in sealed.values()):
            anew = {name: _anew(session, place(table, name, values[key]), value) for name, value in sealed.items()}
            changes.append({"row_id": values[key], **anew})
    if changes:
        columns = {name: bindparam(name) for name in sealed_columns(table)}
        session.connection.execute(update(table).where(table.c[key] == bindparam("row_id")).values(columns), changes)
    return len(changes)


def _anew(session: Session, at: str, sealed: str | None) -> str | None:
    return None if sealed is None else session.keyring.seal(at, session.keyring.open(at, sealed))
