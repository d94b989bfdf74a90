"""What may happen to a desk: each fault begins, holds and ends, and the desk has a moment to come back."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from bench.chaos.databases import AttackedDatabase
from bench.chaos.disk import Disk, logs_of
from bench.processes import BenchError
from bench.traffic.mail import MOODS, MailServer
from bench.whole_desk import WholeDesk
from tests.line_server import Fault, LineServer

BACK_WITHIN_S = 600.0
"""A run that was going well must not end because the machine has other things to do."""
CALLS_OF_LINE = ("reply", "push", "loading")
ILLNESSES_OF_LINE = (
    Fault("", 429, said="The API rate limit has been exceeded"),
    Fault("", 500),
    Fault("", 0),
    Fault("", 0, taken=True),
    Fault("", 200, hangs_s=7),
)
"""Too many calls, a fault of theirs, a lost connection before the call is taken and after it, silence."""


@dataclass
class Scene:
    """A desk with everything around it that may fail.

    What the desk waits for lasts `hold_s`, what it needn't wait for half as long.
    """

    desk: WholeDesk
    database: AttackedDatabase
    disk: Disk
    line: LineServer
    mail: MailServer
    chance: random.Random
    hold_s: float

    def faults(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """Every fault by its name."""
        named: dict[str, Callable[[], Awaitable[None]]] = {
            "engine frozen": self._freeze_engine,
            "disk full": lambda: self.disk.fill(self.desk, self.hold_s / 2),
            "mail ill": self._mail,
            "LINE ill": self._line,
        }
        for part in ("engine", "actions", "web", "worker"):
            named[f"{part} killed"] = lambda part=part: self._kill(part)
        named["supervisor killed"] = self._kill_all
        for fault in self.database.faults:
            named[fault] = lambda fault=fault: self.database.suffer(fault, self.hold_s)
        return named

    async def come_back(self) -> float:
        """Wait until the desk is ready; give the seconds it took."""
        began = time.monotonic()
        while not await asyncio.to_thread(self.desk.is_ready):
            if time.monotonic() > began + BACK_WITHIN_S:
                logs = logs_of(self.desk.folder)
                raise BenchError(f"the desk is not ready {BACK_WITHIN_S:.0f} s after a fault; see {logs}")
            await asyncio.sleep(0.2)
        return time.monotonic() - began

    async def _kill(self, part: str) -> None:
        found = self.desk.parts().get(part, [])
        if found:
            with suppress(psutil.NoSuchProcess):
                self.chance.choice(found).kill()
        # The supervisor looks twice a second.
        await asyncio.sleep(0.6)

    async def _kill_all(self) -> None:
        await asyncio.to_thread(self.desk.kill)
        self.desk.start()

    async def _freeze_engine(self) -> None:
        engines = self.desk.parts().get("engine", [])
        for process in engines:
            process.suspend()
        await asyncio.sleep(self.hold_s)
        for process in engines:
            with suppress(psutil.NoSuchProcess):
                process.resume()

    async def _mail(self) -> None:
        self.mail.mood = self.chance.choice(MOODS[1:])
        await asyncio.sleep(self.hold_s / 2)
        self.mail.mood = ""

    async def _line(self) -> None:
        kind = self.chance.choice(ILLNESSES_OF_LINE)
        self.line.faults = [
            Fault(path, kind.status, kind.taken, kind.said, kind.hangs_s) for path in CALLS_OF_LINE for _ in range(1000)
        ]
        await asyncio.sleep(self.hold_s / 2)
        self.line.faults.clear()


def plan(chance: random.Random, kills: int, others: Sequence[str], parts: Sequence[str], rounds: int) -> list[str]:
    """Put so many kills, each part's at least once, and some rounds of the other faults into a random order."""
    killed = [f"{part} killed" for part in [*parts, *chance.choices(parts, k=max(0, kills - len(parts)))]]
    planned = [*killed[:kills], *(list(others) * rounds)]
    chance.shuffle(planned)
    return planned
