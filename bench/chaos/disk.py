"""A full disk: a small file system of the desk's own where we may mount one, else a limit on the size of its files."""

from __future__ import annotations

import asyncio
import errno
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import psutil

from bench.whole_desk import WholeDesk

SIZE = "96m"
_BLOCK = b"\0" * 65536


class Disk(Protocol):
    """Where the desk keeps its files."""

    async def fill(self, desk: WholeDesk, seconds: float) -> None:
        """Let nothing more be written for a while."""


class SmallDisk:
    """A file system in memory, filled up by one file."""

    def __init__(self, folder: Path) -> None:
        self._ballast = folder / "ballast"

    async def fill(self, desk: WholeDesk, seconds: float) -> None:
        """Fill it to the last byte."""
        try:
            await asyncio.to_thread(self._fill)
            await asyncio.sleep(seconds)
        finally:
            self._ballast.unlink(missing_ok=True)

    def _fill(self) -> None:
        with self._ballast.open("wb", buffering=0) as file:
            for size in (len(_BLOCK), 1):
                with suppress(OSError):
                    while file.write(_BLOCK[:size]):
                        pass


class FileLimit:
    """The same to the desk: no file of its may grow or be written beyond its first byte."""

    async def fill(self, desk: WholeDesk, seconds: float) -> None:
        """Set the limit to the processes that live now; who is started meanwhile is spared."""
        limited = [process for processes in desk.parts().values() for process in processes]
        before = {process: _limit(process, None) for process in limited}
        for process in limited:
            _limit(process, (0, before[process][1]))
        await asyncio.sleep(seconds)
        for process, limit in before.items():
            with suppress(psutil.NoSuchProcess):
                _limit(process, limit)


def _limit(process: psutil.Process, limit: tuple[int, int] | None) -> tuple[int, int]:
    found = process.rlimit(resource.RLIMIT_FSIZE, limit)
    return found or (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """Give the desk's folder a file system of its own, if this machine lets us."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EACCES):
            raise
        mounted = False
    if not mounted:
        yield FileLimit()
        return
    with _unmounted_at_the_end(folder):
        try:
            yield SmallDisk(folder)
        finally:
            if (folder / "logs").is_dir():
                shutil.copytree(folder / "logs", logs_of(folder), dirs_exist_ok=True)


def logs_of(folder: Path) -> Path:
    """Where a desk's logs are kept when its disk is gone."""
    return folder.with_name(f"{folder.name}-logs")


@contextmanager
def _unmounted_at_the_end(folder: Path) -> Iterator[None]:
    """Leave the unmounting to a process that outlives us, however we end: it hears of it by its closed input."""
    command = ["sh", "-c", 'read nothing; exec umount --lazy "$0"', str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True):
        yield
