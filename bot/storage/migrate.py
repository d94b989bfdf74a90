"""Bring a database's schema to the newest version, whoever else is starting at the same time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

from bot.storage.database import open_engine, opened, sqlite_file, unavailable_on_failure

SCRIPTS = Path(__file__).parent / "migrations"
WAIT_S = 120
"""How long the second process waits for the first one's migration."""


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade; of several processes that start at once one does it, the others wait for it."""
    _change(url, lambda config: command.upgrade(config, revision))


def unmigrate(url: str, revision: str = "base") -> None:
    """Downgrade; what the older schema has no room for is lost."""
    _change(url, lambda config: command.downgrade(config, revision))


def alembic_config() -> Config:
    """Alembic's configuration: no .ini file, the connection comes from here."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _change(url: str, change: Callable[[Config], None]) -> None:
    engine = open_engine(url, WAIT_S)
    config = alembic_config()
    with unavailable_on_failure(), _alone(url, engine), opened(engine) as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        change(config)
    engine.dispose()


@contextmanager
def _alone(url: str, engine: Engine) -> Iterator[None]:
    """On SQLite hold a lock file beside the database: turning WAL on can't wait for another's transaction."""
    database = sqlite_file(url)
    if database is None:
        yield
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(database.with_name(f"{database.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _turn_wal_on(engine)
        yield
    finally:
        os.close(descriptor)


def _turn_wal_on(engine: Engine) -> None:
    """Readers then never wait for the writer; the file remembers it."""
    connection = engine.raw_connection()
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
