"""What is measured of each contender, and how long."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from bench.contenders import Contender
from bench.load import Measured, run_clients, run_conversation

CLIENTS = (1, 8, 32)
WARM_UP_S = 4
LONG = 200
"""Messages of the long conversation, whose first and last EDGE are compared."""
EDGE = 10
CONVERSATIONS = 2
ROUNDS = 3


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


def measure(contenders: Sequence[Contender], seconds: float) -> list[Result]:
    """Measure contenders turn and turn about, so that a machine that changes its pace changes it for all of them.

    The one whose turn it isn't is idle. Each is asked for `seconds` by each number of clients, in ROUNDS pieces;
    the long conversations come after the load, so that the memory is that of a working bot.
    """
    for one in contenders:
        run_clients(one.target, 2, WARM_UP_S)
    by_clients = [{clients: Measured() for clients in CLIENTS} for _ in contenders]
    for clients, _, (one, measured) in product(CLIENTS, range(ROUNDS), list(zip(contenders, by_clients, strict=True))):
        measured[clients].add(run_clients(one.target, clients, seconds / ROUNDS))
    talks: list[list[list[float]]] = [[] for _ in contenders]
    for _, (one, talked) in product(range(CONVERSATIONS), list(zip(contenders, talks, strict=True))):
        talked.append(run_conversation(one.target, LONG))
    return [_result(*each) for each in zip(contenders, by_clients, talks, strict=True)]


def _result(contender: Contender, by_clients: dict[int, Measured], talks: list[list[float]]) -> Result:
    return Result(
        name=contender.name,
        ready_s=contender.ready_s,
        engine_rss_mb=contender.engine_rss_mb,
        rss_mb=contender.rss_mb,
        by_clients=by_clients,
        turns_ms=[statistics.median(turn) * 1000 for turn in zip(*talks, strict=True)],
    )
