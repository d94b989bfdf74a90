"""Backup of a running desk and its restoring: one file for both databases, personal values staying sealed.

The file is gzip of JSON lines: a head (when, which schema), one line a row, a tail with the number of rows, by which a
file that was cut off is known.
"""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby, islice
from operator import methodcaller
from pathlib import Path
from typing import Any

from sqlalchemy import Date, Table, delete, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import StatementError

from bot.errors import MadoguchiError
from bot.storage.column_types import UtcDateTime
from bot.storage.erasures import ErasureLog
from bot.storage.migrate import schema_of
from bot.storage.replay import replay
from bot.storage.repository import Session
from bot.storage.store import SqlStore
from bot.storage.tables import audit_head, data_keys, metadata

FORMAT = "madoguchi-backup-1"
CHUNK = 500
SLOWEST_ERASURE = timedelta(minutes=10)
"""An erasure is noted before its transaction ends: a backup in between has the row and the later time."""
MADE_BY_PREPARE = (data_keys, audit_head)


class BackupError(MadoguchiError):
    """A backup can't be restored; the text says why and nothing was changed."""


def backup(store: SqlStore, file: Path) -> int:
    """Write all rows as of one moment while the desk goes on; return how many."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with store.session(read_only=True, snapshot=True) as session:
            count = _write(draft, session.connection, store.clock.now())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return count


def restore(store: SqlStore, file: Path) -> int:
    """Fill an empty migrated database and replay later erasures; return the rows read.

    Raises BackupError for a database with data, a file of another schema or one that was cut off, and SettingError if
    the rows were sealed under another SECRET_KEY.
    """
    try:
        with store.session() as session, gzip.open(file, "rt", encoding="utf-8") as lines:
            return _fill(session, lines, store.erasures)
    except (OSError, EOFError, zlib.error, ValueError, KeyError, StatementError) as error:
        raise BackupError(f"{file} can't be read as a backup: {type(error).__name__}: {error}") from error


def _write(path: Path, connection: Connection, at: datetime) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8", compresslevel=1) as lines:
            head = {"format": FORMAT, "at": at.isoformat(), "schema": schema_of(connection)}
            print(json.dumps(head), file=lines)
            count = 0
            for table in metadata.sorted_tables:
                for row in connection.execute(select(table).execution_options(stream_results=True, yield_per=CHUNK)):
                    print(json.dumps([table.name, dict(row._mapping)], default=methodcaller("isoformat")), file=lines)
                    count += 1
            print(json.dumps({"rows": count}), file=lines)
        raw.flush()
        os.fsync(descriptor)
    return count


def _fill(session: Session, lines: Iterable[str], erasures: ErasureLog) -> int:
    rest = iter(lines)
    head = json.loads(next(rest, "{}"))
    _refuse_foreign(head, session.connection)
    _empty(session.connection)
    count = _read(rest, session.connection)
    session.keyring.check()
    replay(session, erasures.since(datetime.fromisoformat(head["at"]) - SLOWEST_ERASURE))
    return count


def _refuse_foreign(head: dict[str, Any], connection: Connection) -> None:
    schema = schema_of(connection)
    if head.get("format") != FORMAT:
        raise BackupError("this is no backup of the desk")
    if head["schema"] != schema:
        raise BackupError(
            f"the backup has schema {head['schema']} and this desk {schema}: restore it with the desk's version of its "
            "time, then upgrade"
        )


def _empty(connection: Connection) -> None:
    """Take away what `prepare` made; refuse if there is anything else."""
    for table in metadata.sorted_tables:
        if table not in MADE_BY_PREPARE and connection.execute(select(table).limit(1)).first():
            raise BackupError(f"the database has data already, in {table.name}: restore into an empty one")
    for table in MADE_BY_PREPARE:
        connection.execute(delete(table))


def _read(lines: Iterator[str], connection: Connection) -> int:
    count, tail = 0, None
    rows = (json.loads(line) for line in lines)
    for table_name, group in groupby(rows, key=lambda row: row[0] if isinstance(row, list) else None):
        if table_name is None:
            tail = next(group)
            break
        table = metadata.tables[table_name]
        while chunk := [_values(table, row[1]) for row in islice(group, CHUNK)]:
            connection.execute(insert(table), chunk)
            count += len(chunk)
    if tail != {"rows": count}:
        raise BackupError("the backup was cut off: its last line is missing or counts other rows")
    return count


def _values(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value
