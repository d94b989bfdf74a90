"""Connections: SQLite and PostgreSQL made to behave alike, their failures told apart from ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InternalError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from bot.errors import SettingError, Unavailable

WAIT_S = 5
"""How long to wait for a connection or a lock: a customer is waiting too."""
IDLE_TRANSACTION_S = 60
"""After this PostgreSQL ends a transaction whose process hangs, so that its locks don't stay."""
POOL_SIZE = 8
POOL_OVERFLOW = 32
"""Together the 40 threads in which Starlette runs blocking work."""


def open_engine(url: str, wait_s: int = WAIT_S) -> Engine:
    """Make an engine; raise SettingError for an address that is none of a known database."""
    try:
        address = make_url(url)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, wait_s)
        if address.get_backend_name() == "postgresql":
            return _postgresql(address, wait_s)
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise SettingError(f"DATABASE_URL can't be used: {error}") from error
    raise SettingError(f"DATABASE_URL names {address.get_backend_name()}: use sqlite:///FILE or postgresql://…")


@contextmanager
def unavailable_on_failure() -> Iterator[None]:
    """Turn what a database that is gone, locked, full or broken raises into Unavailable."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise Unavailable(f"the database does not answer: {_cause(error)}") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise Unavailable(f"the database went away: {_cause(error)}") from error


@contextmanager
def opened(engine: Engine, read_only: bool = False, snapshot: bool = False) -> Iterator[Connection]:
    """A connection within a transaction of that kind; committed at the end, rolled back on an error."""
    options: dict[str, Any] = {"read_only": read_only, "postgresql_readonly": read_only}
    if snapshot and engine.dialect.name == "postgresql":  # On SQLite every reading transaction is one.
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect() as connection:
        connection = connection.execution_options(**options)
        with connection.begin():
            yield connection


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    address = make_url(url)
    return Path(address.database) if address.get_backend_name() == "sqlite" and address.database else None


def _sqlite(address: Any, wait_s: int) -> Engine:
    if not address.database or address.database == ":memory:":
        raise SettingError("DATABASE_URL needs a file for SQLite (sqlite:///FILE): every process opens it by itself")
    # A connection passes from thread to thread through the pool but is in one thread's hands at a time.
    arguments = {"timeout": wait_s, "check_same_thread": False}
    engine = _engine(address, arguments, poolclass=QueuePool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(address: Any, wait_s: int) -> Engine:
    options = f"-c lock_timeout={wait_s}s -c idle_in_transaction_session_timeout={IDLE_TRANSACTION_S}s"
    arguments = {"connect_timeout": wait_s, "options": options, "application_name": "madoguchi"}
    # A server that was restarted leaves dead connections in the pool; the ping replaces them unseen.
    # An import's rows go in packets: one round trip a row would halve its speed.
    return _engine(address, arguments, pool_pre_ping=True, executemany_mode="values_plus_batch")


def _engine(address: Any, arguments: dict[str, Any], **more: Any) -> Engine:
    # hide_parameters: an error's text ends up in logs, and the parameters are what customers said.
    pool = {"pool_size": POOL_SIZE, "max_overflow": POOL_OVERFLOW, "pool_timeout": WAIT_S}
    return create_engine(address, future=True, hide_parameters=True, connect_args=arguments, **pool, **more)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # pysqlite begins transactions by itself, late and never for reading: it is told not to, we say BEGIN.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # What a customer was told is received must survive a power cut: 0.3 ms a transaction.
    connection.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer late is refused, however long it would wait."""
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _cause(error: Exception) -> str:
    """The driver's words without the statement; its first line names no values."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]
