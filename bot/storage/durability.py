"""What was committed to SQLite survives a power cut: the write-ahead log is brought to the disk, once for many."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from bot.errors import Unavailable


class LogSync:
    """Brings the log to the disk after a commit, outside of the write lock.

    SQLite itself would do so within it, and a disk may take 10 ms: nobody else could write meanwhile. Whoever comes
    while the disk is busy shares the next round with all others who came (group commit).
    """

    def __init__(self, database: Path, to_disk: Callable[[Path], None] | None = None) -> None:
        self._log = database.with_name(f"{database.name}-wal")
        self._to_disk = to_disk or _to_disk
        self._counting = Lock()
        self._busy = Lock()
        self._came = 0
        self._done = 0

    def wait(self) -> None:
        """Return when all that was committed before the call is on the disk; raise Unavailable if that fails."""
        with self._counting:
            self._came += 1
            mine = self._came
        with self._busy:
            if self._done >= mine:
                return
            with self._counting:
                covered = self._came
            try:
                self._to_disk(self._log)
            except OSError as error:
                raise Unavailable(f"the database's disk does not take what is written: {error.strerror}") from error
            self._done = covered


def _to_disk(log: Path) -> None:
    try:
        descriptor = os.open(log, os.O_RDONLY)
    except FileNotFoundError:
        return  # SQLite has moved everything into the database file, and that to the disk, and removed the log.
    try:
        getattr(os, "fdatasync", os.fsync)(descriptor)  # macOS has no fdatasync.
    finally:
        os.close(descriptor)
