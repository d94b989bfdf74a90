"""What is measured of each contender, and how long."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from bench.contenders import Contender
from bench.load import Measured, run_clients, run_conversation

CLIENTS = (1, 8, 32)
WARM_UP_S = 4
LONG = 200
"""Messages of the long conversation, whose first and last EDGE are compared."""
EDGE = 10
CONVERSATIONS = 2


@dataclass(frozen=True)
class Result:
    """The figures of one contender; latencies in milliseconds, memory in MB."""

    name: str
    ready_s: float
    engine_rss_mb: float
    rss_mb: float
    by_clients: dict[int, Measured]
    turns_ms: list[float]
    """Of one conversation, the median at each turn."""

    @property
    def first_turns_ms(self) -> float:
        """The median of the first turns but the very first, which also begins the session."""
        return statistics.median(self.turns_ms[1 : EDGE + 1])

    @property
    def last_turns_ms(self) -> float:
        """The median of the last turns."""
        return statistics.median(self.turns_ms[-EDGE:])

    @property
    def growth(self) -> float:
        """How many times longer a late turn takes than an early one."""
        return self.last_turns_ms / self.first_turns_ms


def measure(contender: Contender, seconds: float) -> Result:
    """Measure under load first, so that the memory is that of a working bot."""
    run_clients(contender.target, 2, WARM_UP_S)
    by_clients = {clients: run_clients(contender.target, clients, seconds) for clients in CLIENTS}
    talks = [run_conversation(contender.target, LONG) for _ in range(CONVERSATIONS)]
    return Result(
        name=contender.name,
        ready_s=contender.ready_s,
        engine_rss_mb=contender.engine_rss_mb,
        rss_mb=contender.rss_mb,
        by_clients=by_clients,
        turns_ms=[statistics.median(turn) * 1000 for turn in zip(*talks, strict=True)],
    )
