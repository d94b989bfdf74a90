"""Is it flat? A line through the samples, its doubt taken off, against what may honestly grow."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from bench.soak.watching import Held

MOST_FILES_MORE = 5
MOST_THREADS_MORE = 3
MOST_CONNECTIONS_MORE = 5
"""Pools fill to their bounds, which the rush before the soak has them do, give or take a few."""
MOST_TASKS_MORE = 2
NOISE_MB = 8.0
TRACKER_MB = 0.04
"""For a conversation that the engine keeps in memory on purpose (LIVE_TRACKERS), with what the allocator adds."""
MOST_SLOWER = 2.0
MOST_WORK_MORE = 1.3
DOUBT = 2.0
"""Standard errors: a line through a few samples may lean without meaning it."""


@dataclass(frozen=True)
class Line:
    """A straight line through samples: how much they grow from the first to the last, and how sure that is."""

    growth: float
    error: float

    @property
    def surely(self) -> float:
        """The growth that can't be chance."""
        return self.growth - DOUBT * self.error


def line_through(times: Sequence[float], values: Sequence[float]) -> Line:
    """Fit by least squares."""
    slope, intercept = statistics.linear_regression(times, values)
    rest = [value - (slope * time + intercept) for time, value in zip(times, values, strict=True)]
    middle = statistics.fmean(times)
    spread = sum((time - middle) ** 2 for time in times)
    variance = sum(one * one for one in rest) / max(1, len(rest) - 2)
    span = times[-1] - times[0]
    return Line(slope * span, (variance / spread) ** 0.5 * span)


def judge_memory(seen: dict[str, list[Held]], kept_trackers: int) -> list[str]:
    """Name the parts whose memory grows by more than they may."""
    wrongs = []
    for part, samples in seen.items():
        line = line_through([one.at for one in samples], [one.rss_mb for one in samples])
        may = NOISE_MB + (TRACKER_MB * kept_trackers if part == "engine" else 0)
        if line.surely > may:
            wrongs.append(f"{part} grew by {line.growth:.1f} ± {line.error:.1f} MB; {may:.1f} MB would be all right")
    return wrongs


def judge_leftovers(before: dict[str, Held], after: dict[str, Held]) -> list[str]:
    """Name what is open after the last customer has gone that was not before the first came."""
    wrongs = []
    for part, now in after.items():
        then = before[part]
        for name, more, most in (
            ("files", now.files - then.files, MOST_FILES_MORE),
            ("threads", now.threads - then.threads, MOST_THREADS_MORE),
            ("connections", now.connections - then.connections, MOST_CONNECTIONS_MORE),
        ):
            if more > most:
                wrongs.append(f"{part} holds {more} {name} more than before")
    return wrongs


def slowed(yardsticks: Sequence[float]) -> float:
    """How many times as long the same work took in the last third as in the first; never less than 1."""
    third = max(1, len(yardsticks) // 3)
    return max(1.0, statistics.median(yardsticks[-third:]) / statistics.median(yardsticks[:third]))


def judge_latency(times: Sequence[float], waits: Sequence[float], machine_slowed: float = 1.0) -> list[str]:
    """Complain if answers surely take longer at the end than at the beginning, more so than the machine explains."""
    line = line_through(times, waits)
    typical = statistics.median(waits)
    if line.surely > (MOST_SLOWER * machine_slowed - 1) * typical:
        return [f"answers got slower by {line.growth * 1000:.0f} ms; their median is {typical * 1000:.0f} ms"]
    return []


def judge_work(early_ms: float, late_ms: float) -> list[str]:
    """Complain if a message costs more processor time at the end: a busy machine can't be blamed for that."""
    if late_ms > MOST_WORK_MORE * early_ms:
        return [f"a message took {early_ms:.1f} ms of the processors at first and {late_ms:.1f} ms at last"]
    return []
