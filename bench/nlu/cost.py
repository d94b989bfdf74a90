"""What the understanding costs: time to learn, time a message, size, memory."""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.nlu.sets import Row
from bot.understanding.model import FILE_NAME, Understander
from bot.understanding.training_data import Example


@dataclass(frozen=True)
class Cost:
    """Seconds to learn, milliseconds a message (median, 95th of 100), megabytes on disk and of memory at most."""

    training_s: float
    median_ms: float
    slow_ms: float
    file_mb: float
    memory_mb: float


def learn(examples: Sequence[Example]) -> tuple[Understander, float]:
    """Train, and take the seconds of processor time it took."""
    start = time.process_time()
    understander = Understander.fit(examples)
    return understander, time.process_time() - start


def measure(understander: Understander, training_s: float, rows: Sequence[Row]) -> Cost:
    """Understand each row once more, alone, and weigh the saved model."""
    times = []
    for row in rows:
        start = time.process_time()
        understander.understand(row.text)
        times.append(1000 * (time.process_time() - start))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        understander.save(path)
        size = path.stat().st_size / 1e6
    slow = statistics.quantiles(times, n=20)[-1]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    return Cost(training_s, statistics.median(times), slow, size, memory)
