"""The figures of this web process, or of all that share its port."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Set before the start where WEB_PROCESSES > 1: prometheus_client then keeps each process's figures in a file there."""


def figures() -> bytes:
    """Give them in Prometheus' text format, added up over the processes where there are several."""
    if FOLDER not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_the_dead() -> None:
    """Take what processes that are no more had under way (open streams, waiting messages) out of the sums."""
    for file in Path(os.environ.get(FOLDER, "/nonexistent")).glob("gauge_live*_*.db"):
        process = int(file.stem.rpartition("_")[2])
        if not _alive(process):
            mark_process_dead(process)  # type: ignore[no-untyped-call]


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
