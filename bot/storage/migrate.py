"""Bring a database's schema to the newest version, whoever else is starting at the same time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import MadoguchiError, SettingError
from bot.storage.database import Database, cause

SCRIPTS = Path(__file__).parent / "migrations"
WAIT_S = 120
"""How long the second process waits for the first one's migration."""


class MigrationError(MadoguchiError):
    """A migration failed and was undone; the database is as it was."""


def migrate(url: str, revision: str = "head") -> None:
    """Upgrade; of several processes that start at once one does it, the others wait for it."""
    _change(url, lambda config: command.upgrade(config, revision))


def unmigrate(url: str, revision: str = "base") -> None:
    """Downgrade; what the older schema has no room for is lost."""
    _change(url, lambda config: command.downgrade(config, revision))


def schema_of(connection: Connection) -> str | None:
    """The version of a database's schema; None before the first migration."""
    revision: str | None = MigrationContext.configure(connection).get_current_revision()
    return revision


def check_schema(connection: Connection) -> None:
    """Raise SettingError unless the database's schema is the one that this version of the desk works with."""
    found, needed = schema_of(connection), ScriptDirectory.from_config(alembic_config()).get_current_head()
    if found != needed:
        raise SettingError(
            f"the database has schema {found or 'none'} and this version of the desk needs {needed}: "
            "run `madoguchi migrate`"
        )


def alembic_config() -> Config:
    """Alembic's configuration: no .ini file, the connection comes from here."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config


def _change(url: str, change: Callable[[Config], None]) -> None:
    database = Database(url, WAIT_S)
    config = alembic_config()
    with _alone(database), database.transaction() as connection:
        _lock(connection)
        config.attributes["connection"] = connection
        try:
            change(config)
        except SQLAlchemyError as error:
            raise MigrationError(f"the schema can't be changed: {cause(error)}") from error
    database.close()


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """On SQLite hold a lock file beside the database: turning WAL on can't wait for another's transaction."""
    if database.file is None:
        yield
        return
    database.file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(f"{database.file}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        database.turn_wal_on()
        yield
    finally:
        os.close(descriptor)


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_S}s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('migrate'))"))
