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
    first_turns_ms: float
    last_turns_ms: float

    @property
    def growth(self) -> float:
        """How many times longer a late turn takes than an early one."""
        return self.last_turns_ms / self.first_turns_ms


def measure(contender: Contender, seconds: float) -> Result:
    """Measure under load first, so that the memory is that of a working bot."""
    run_clients(contender.target, 2, WARM_UP_S)
    by_clients = {clients: run_clients(contender.target, clients, seconds) for clients in CLIENTS}
    talks = [run_conversation(contender.target, LONG) for _ in range(CONVERSATIONS)]
    # The very first message also begins the session, which is no matter of length.
    first = [latency for talk in talks for latency in talk[1 : EDGE + 1]]
    last = [latency for talk in talks for latency in talk[-EDGE:]]
    return Result(
        name=contender.name,
        ready_s=contender.ready_s,
        engine_rss_mb=contender.engine_rss_mb,
        rss_mb=contender.rss_mb,
        by_clients=by_clients,
        first_turns_ms=statistics.median(first) * 1000,
        last_turns_ms=statistics.median(last) * 1000,
    )
