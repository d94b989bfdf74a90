"""What was erased, as keyed hashes in a file beside the backups: a restored backup must not bring it back."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.errors import Unavailable


@dataclass(frozen=True)
class Erasure:
    """One row that was erased: its table, the keyed hash of its id, and when."""

    table: str
    digest: str
    at: datetime


class ErasureLog:
    """An append-only file of erasures, one JSON a line; without a path nothing is kept."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def add(self, erasures: list[Erasure]) -> None:
        """Append in one write that is on the disk when this returns."""
        if self._path is None or not erasures:
            return
        lines = "".join(f"{_line(erasure)}\n" for erasure in erasures)
        try:
            self._append(self._path, lines.encode())
        except OSError as error:
            raise Unavailable(f"the log of erasures can't be written: {error}") from error

    def since(self, moment: datetime) -> Iterator[Erasure]:
        """Those at or after `moment`."""
        if self._path is None or not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as lines:
            for line in lines:
                values = json.loads(line)
                erasure = Erasure(values["table"], values["digest"], datetime.fromisoformat(values["at"]))
                if erasure.at >= moment:
                    yield erasure

    @staticmethod
    def _append(path: Path, lines: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _line(erasure: Erasure) -> str:
    return json.dumps({"table": erasure.table, "digest": erasure.digest, "at": erasure.at.isoformat()})
