"""Connections: SQLite and PostgreSQL behind one kind of transaction, their failures told apart from ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from bot.errors import SettingError, Unavailable
from bot.storage.durability import LogSync
from bot.storage.postgresql import LOCK_S, Patience, waiting_with
from bot.storage.sqlite import WriteTurn, begin, leave_transactions_to_us, turn_wal_on

WAIT_S = 5
"""How long to wait for a connection or a lock: a customer is waiting too."""
IDLE_TRANSACTION_S = 60
"""After this PostgreSQL ends a transaction whose process hangs, so that its locks don't stay."""
VANISHED_S = 20
"""After this without a sign of life PostgreSQL's machine counts as gone; the system would wait a quarter of an hour."""
POOL = {"pool_size": 8, "max_overflow": 32, "pool_timeout": WAIT_S}
"""Together the 40 threads in which Starlette runs blocking work."""


class Database:
    """One database by its URL, opened when first used."""

    def __init__(self, url: str, wait_s: int = WAIT_S, impatient: bool = False) -> None:
        """Raise SettingError for an address that is none of a known database.

        `impatient`: a customer waits, and a PostgreSQL that says nothing for some seconds counts as gone.
        """
        try:
            address = make_url(url)
            self.kind = address.get_backend_name()
            if self.kind not in _OPEN:
                raise SettingError(f"DATABASE_URL names {self.kind}: use sqlite:///FILE or postgresql://…")
            self._engine = _OPEN[self.kind](address, wait_s, impatient)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise SettingError(f"DATABASE_URL can't be used: {error}") from error
        self.file = Path(address.database) if self.kind == "sqlite" else None
        self._wait_s = wait_s
        self._write_turn = WriteTurn(wait_s)
        self._log_sync = LogSync(self.file) if self.file else None

    @contextmanager
    def transaction(
        self, read_only: bool = False, snapshot: bool = False, durable: bool = True
    ) -> Iterator[Connection]:
        """Commit at the end, roll back on an error; a `snapshot` sees one moment throughout.

        Raises Unavailable when the database is gone, locked, full or broken.
        """
        with unavailable_on_failure(), self._turn(read_only), self._engine.connect() as connection:
            if self.kind == "postgresql":
                connection = connection.execution_options(**_postgresql_options(read_only, snapshot))
            with connection.begin():
                if self.kind == "sqlite":  # Every reading transaction is a snapshot.
                    begin(connection, read_only, self._wait_s)
                elif not durable:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit TO OFF")
                yield connection
        if durable and not read_only and self._log_sync:
            self._log_sync.wait()

    def turn_wal_on(self) -> None:
        """Let SQLite's readers never wait for its writer."""
        with unavailable_on_failure():
            turn_wal_on(self._engine)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _turn(self, read_only: bool) -> AbstractContextManager[None]:
        return self._write_turn.taken() if self.kind == "sqlite" and not read_only else nullcontext()


@contextmanager
def unavailable_on_failure() -> Iterator[None]:
    """Turn what a database raises that is gone, locked, full or broken into Unavailable."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeout) as error:
        raise Unavailable(f"the database does not answer: {cause(error)}") from error
    except DBAPIError as error:
        # A damaged file has no class of its own, only the root of all.
        if not error.connection_invalidated and type(error) is not DatabaseError:
            raise
        raise Unavailable(f"the database does not answer: {cause(error)}") from error


def cause(error: Exception) -> str:
    """The driver's words without the statement; its first line names no values."""
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _postgresql_options(read_only: bool, snapshot: bool) -> dict[str, Any]:
    level = {"isolation_level": "REPEATABLE READ"} if snapshot else {}
    return {"postgresql_readonly": read_only, **level}


def _sqlite(address: Any, wait_s: int, impatient: bool) -> Engine:
    if not address.database or address.database == ":memory:":
        raise SettingError("DATABASE_URL needs a file for SQLite (sqlite:///FILE): every process opens it by itself")
    # A connection passes from thread to thread through the pool but is in one thread's hands at a time.
    arguments = {"timeout": wait_s, "check_same_thread": False}
    engine = _engine(address, arguments, poolclass=QueuePool)
    leave_transactions_to_us(engine)
    return engine


def _postgresql(address: Any, wait_s: int, impatient: bool) -> Engine:
    lock_s = min(wait_s, LOCK_S) if impatient else wait_s
    options = f"-c lock_timeout={lock_s}s -c idle_in_transaction_session_timeout={IDLE_TRANSACTION_S}s"
    vanished = {
        "tcp_user_timeout": VANISHED_S * 1000,
        "keepalives_idle": VANISHED_S // 2,
        "keepalives_interval": VANISHED_S // 4,
        "keepalives_count": 2,
    }
    waiting = {"connection_factory": waiting_with(Patience(wait_s, impatient))}
    arguments = {"options": options, "application_name": "madoguchi", **vanished, **waiting}
    # A server that was restarted leaves dead connections in the pool; the ping replaces them unseen.
    # An import's rows go in packets: one round trip a row would halve its speed.
    return _engine(address, arguments, pool_pre_ping=True, executemany_mode="values_plus_batch")


def _engine(address: Any, arguments: dict[str, Any], **more: Any) -> Engine:
    # hide_parameters: an error's text ends up in logs, and the parameters are what customers said.
    return create_engine(address, future=True, hide_parameters=True, connect_args=arguments, **POOL, **more)


_OPEN = {"sqlite": _sqlite, "postgresql": _postgresql}
