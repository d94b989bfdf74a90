"""SQLite, made to behave like a server: transactions where we say, one writer at a time and in turn."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

from bot.errors import Unavailable

IMPATIENCE_MS = 7
"""How long SQLite itself asks for the write lock before we ask again.

Its own waiting sleeps up to 100 ms between two looks, and under load never looks at the right moment.
"""


class WriteTurn:
    """The write lock's queue within this process; between processes it is asked for again and again."""

    def __init__(self, wait_s: int) -> None:
        self._lock = Lock()
        self._wait_s = wait_s

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn; raise Unavailable if it doesn't come."""
        if not self._lock.acquire(timeout=self._wait_s):
            raise Unavailable(f"the database does not answer: others have been writing for {self._wait_s} s")
        try:
            yield
        finally:
            self._lock.release()


def leave_transactions_to_us(engine: Engine) -> None:
    """Take the beginning of transactions from pysqlite, which begins late and never for reading."""
    event.listen(engine, "connect", _prepare)


def begin(connection: Connection, read_only: bool, wait_s: int) -> None:
    """Begin where SQLAlchemy believes to have begun; not by its event, lest it calls listeners at every statement."""
    with straight_to_driver(connection) as driver:
        if read_only:
            driver.execute("PRAGMA query_only = ON")
            driver.execute("BEGIN")
        else:
            driver.execute("PRAGMA query_only = OFF")
            _begin_writing(driver, wait_s)


@contextmanager
def straight_to_driver(connection: Connection) -> Iterator[sqlite3.Connection]:
    """For the few words that every transaction says: SQLAlchemy would spend more on them than SQLite."""
    try:
        yield connection.connection.driver_connection
    except sqlite3.OperationalError as error:
        raise OperationalError("by the driver", None, error) from error


def turn_wal_on(engine: Engine) -> None:
    """Let readers never wait for the writer; the file remembers it."""
    connection = engine.raw_connection()
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _prepare(connection: Any, record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # A commit is in the log but not yet on the disk: `LogSync` brings it there.
    connection.execute("PRAGMA synchronous = NORMAL")


def _begin_writing(driver: sqlite3.Connection, wait_s: int) -> None:
    """Take the write lock at once: a reader that turns writer late is refused, however long it would wait."""
    driver.execute(f"PRAGMA busy_timeout = {IMPATIENCE_MS}")
    deadline = time.monotonic() + wait_s
    while not _lock_taken(driver, last_try=time.monotonic() >= deadline):
        pass
    driver.execute(f"PRAGMA busy_timeout = {wait_s * 1000}")


def _lock_taken(driver: sqlite3.Connection, last_try: bool) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last_try or "locked" not in str(error):
            raise
        return False
    return True
