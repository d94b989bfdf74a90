"""Erasures made since a backup, done again after it was restored."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table, delete, select, update

from bot.storage.erasures import Erasure
from bot.storage.repository import Session, erasure_digest, row_key
from bot.storage.tables import (
    conversations,
    customers,
    engine_states,
    messages,
    outbox,
    pictures,
    requests,
    suppressions,
)

ERASABLE = (conversations, messages, pictures, customers, requests, outbox, suppressions)


def replay(session: Session, erasures: Iterable[Erasure]) -> int:
    """Erase again what the log names; return how many rows that were."""
    wanted: dict[str, set[str]] = {}
    for erasure in erasures:
        wanted.setdefault(erasure.table, set()).add(erasure.digest)
    return sum(_erase(session, table, wanted[table.name]) for table in ERASABLE if table.name in wanted)


def _erase(session: Session, table: Table, digests: set[str]) -> int:
    """The log holds keyed hashes alone, so each row's id is hashed to see whether it is one of them."""
    key = table.c[row_key(table)]
    ids = list(session.connection.execute(select(key)).scalars())
    found = [row_id for row_id in ids if erasure_digest(session.keyring.vault, table, row_id) in digests]
    for row_id in found:
        _erase_row(session, table, row_id)
    return len(found)


def _erase_row(session: Session, table: Table, row_id: str) -> None:
    run = session.connection.execute
    if table is suppressions:
        # The suppression itself must outlive the erasure; its keyed hash does the work.
        run(update(table).where(table.c.id == row_id).values(contact=None, customer=None))
        return
    if table is conversations:
        run(delete(engine_states).where(engine_states.c.conversation == row_id))
    run(delete(table).where(table.c[row_key(table)] == row_id))
