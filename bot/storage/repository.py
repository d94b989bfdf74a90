"""What the repositories share: records become rows, personal values sealed, and come back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.services.ports import Clock, Keys
from bot.storage.column_types import Sealed
from bot.storage.erasures import Erasure
from bot.storage.keyring import Keyring

Record = TypeVar("Record")


@dataclass(frozen=True)
class Session:
    """What a repository works with during one transaction."""

    connection: Connection
    keyring: Keyring
    clock: Clock
    erased: list[Erasure] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    """Conversations that look different once the transaction has ended."""


class Repository:
    """One port's implementation within a transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._run = session.connection.execute

    def _insert(self, table: Table) -> Any:
        """INSERT with ON CONFLICT, which each dialect has a construct of its own for."""
        dialect = postgresql if self._postgresql else sqlite
        return dialect.insert(table)

    @property
    def _postgresql(self) -> bool:
        return bool(self._session.connection.dialect.name == "postgresql")

    def _row(self, table: Table, record: Any, **more: Any) -> dict[str, Any]:
        values = {name: getattr(record, name) for name in _names(type(record))}
        return self._sealed(table, {**values, **more})

    def _sealed(self, table: Table, values: dict[str, Any]) -> dict[str, Any]:
        """Seal the personal ones of a row's values, which must include its key."""
        row_id = values[row_key(table)]
        for name, kind in sealed_columns(table).items():
            if values.get(name) is not None:
                values[name] = self._session.keyring.seal(place(table, name, row_id), kind.pack(values[name]))
        return values

    def _records(self, kind: type[Record], table: Table, rows: Iterable[Any]) -> list[Record]:
        return [self._record(kind, table, row) for row in rows]

    def _record(self, kind: type[Record], table: Table, row: Any) -> Record:
        values = dict(row._mapping)
        row_id = values[row_key(table)]
        for name, column in sealed_columns(table).items():
            if values[name] is not None:
                values[name] = column.unpack(self._session.keyring.open(place(table, name, row_id), values[name]))
        return kind(**{name: values[name] for name in _names(kind)})

    def _found(self, kind: type[Record], table: Table, query: Any, **bound: Any) -> Record | None:
        row = self._run(query, bound).first()
        return None if row is None else self._record(kind, table, row)

    def _digest(self, purpose: str, *parts: str) -> str:
        """A blind index of a list of texts."""
        return self._session.keyring.vault.digest(purpose, json.dumps(parts))

    def _note_erasure(self, table: Table, row_id: str) -> None:
        """Remember for the log of erasures, which is written just before the transaction ends."""
        digest = erasure_digest(self._session.keyring.vault, table, row_id)
        self._session.erased.append(Erasure(table.name, digest, self._session.clock.now()))


def erasure_digest(keys: Keys, table: Table, row_id: str) -> str:
    """The keyed hash by which an erased row is known again in a restored backup."""
    return keys.digest("erasure", f"{table.name}/{row_id}")


def place(table: Table, column: str, row_id: str) -> str:
    """What a ciphertext is bound to."""
    return f"{table.name}.{column}/{row_id}"


@cache
def sealed_columns(table: Table) -> dict[str, Sealed]:
    """The personal columns of a table."""
    return {column.name: column.type for column in table.columns if isinstance(column.type, Sealed)}


@cache
def row_key(table: Table) -> str:
    """The name of a table's key; tables with sealed columns have one column as theirs."""
    return str(next(iter(table.primary_key.columns)).name)


def _names(kind: Any) -> tuple[str, ...]:
    return tuple(kind.__dataclass_fields__)
