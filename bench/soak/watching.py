"""What the desk's processes hold: memory, files, threads, connections; and what the web front counts itself."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from urllib.request import urlopen

import psutil
from prometheus_client.parser import text_string_to_metric_families

from bench.whole_desk import WholeDesk

YARDSTICK = 1_000_000
"""Some 10 ms of work."""


@dataclass(frozen=True)
class Held:
    """What one process holds at a moment of the monotonic clock."""

    at: float
    rss_mb: float
    cpu_s: float
    files: int
    threads: int
    connections: int


def weigh(process: psutil.Process) -> Held:
    """Look at a process."""
    with process.oneshot():
        used = process.cpu_times()
        return Held(
            at=time.monotonic(),
            rss_mb=process.memory_info().rss / 1e6,
            cpu_s=used.user + used.system,
            files=process.num_fds(),
            threads=process.num_threads(),
            connections=len(process.net_connections("inet")),
        )


def weigh_all(desk: WholeDesk) -> dict[str, Held]:
    """Look at every part, which in a soak is one process each."""
    return {part: weigh(process) for part, [process] in desk.parts().items()}


def yardstick_s() -> float:
    """Seconds that a piece of work which never changes takes now: what others leave us of the machine."""
    began = time.monotonic()
    sum(range(YARDSTICK))
    return time.monotonic() - began


@dataclass
class Watch:
    """Looks at the desk's parts again and again."""

    desk: WholeDesk
    every_s: float
    seen: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))
    yardsticks: list[float] = field(default_factory=list)

    async def until(self, over: asyncio.Event) -> None:
        """Look until it is over."""
        while not over.is_set():
            for part, held in (await asyncio.to_thread(weigh_all, self.desk)).items():
                self.seen[part].append(held)
            self.yardsticks.append(await asyncio.to_thread(yardstick_s))
            await asyncio.sleep(self.every_s)


def gauge(desk: WholeDesk, name: str) -> int:
    """Read a figure of the web front's /metrics."""
    with urlopen(f"{desk.web_url}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
    return int(sum(sample.value for family in families for sample in family.samples if sample.name == name))
