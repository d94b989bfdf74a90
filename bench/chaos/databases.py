"""The desk's database under attack: SQLite whose write lock somebody keeps, PostgreSQL that stops or freezes."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

import pgserver
import psutil


class AttackedDatabase(Protocol):
    """A database that may be taken away for a while."""

    settings: dict[str, str]
    faults: tuple[str, ...]

    async def suffer(self, fault: str, seconds: float) -> None:
        """Take it away and bring it back."""

    def check(self) -> str | None:
        """Tell what is broken in it, if anything is."""


class SqliteFile:
    """The default database."""

    faults = ("database locked",)

    def __init__(self, folder: Path) -> None:
        self.settings: dict[str, str] = {}
        self._file = folder / "madoguchi.db"

    async def suffer(self, fault: str, seconds: float) -> None:
        """Keep the write lock."""
        options: dict[str, Any] = {"timeout": 60, "isolation_level": None, "check_same_thread": False}
        with closing(sqlite3.connect(self._file, **options)) as blocker:
            await asyncio.to_thread(blocker.execute, "BEGIN IMMEDIATE")
            await asyncio.sleep(seconds)
            blocker.execute("ROLLBACK")

    def check(self) -> str | None:
        """Let SQLite look through the file."""
        with closing(sqlite3.connect(self._file)) as connection:
            [said] = connection.execute("PRAGMA integrity_check").fetchone()
        return None if said == "ok" else str(said)


class PostgresqlServer:
    """A PostgreSQL of our own."""

    faults = ("database stopped", "database frozen")

    def __init__(self, server: Any) -> None:
        self._server = server
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        self.settings = {"DATABASE_URL": url}

    async def suffer(self, fault: str, seconds: float) -> None:
        """End it without a word to its clients, or let all of its processes stand still."""
        server = psutil.Process(self._server.get_pid())
        if fault == "database stopped":
            server.send_signal(signal.SIGQUIT)
            await asyncio.to_thread(server.wait, 30)
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self._server.ensure_postgres_running)
            return
        processes = [server, *server.children(recursive=True)]
        for process in processes:
            process.suspend()
        await asyncio.sleep(seconds)
        for process in processes:
            process.resume()

    def check(self) -> str | None:
        """PostgreSQL checks its pages itself when it reads them."""
        return None


@contextmanager
def attacked_database(kind: str, folder: Path) -> Iterator[AttackedDatabase]:
    """Make a database of the kind `sqlite` or `postgresql`."""
    if kind == "sqlite":
        yield SqliteFile(folder)
        return
    # Not in our folder: run by root, the server is another user's.
    with tempfile.TemporaryDirectory(prefix="madoguchi-chaos-") as place, pgserver.get_server(place) as server:
        yield PostgresqlServer(server)
