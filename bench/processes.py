"""Processes under measurement: started on a free port, waited for, weighed and stopped by their own ids."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

READY_WITHIN_S = 240
STOP_WITHIN_S = 15


class BenchError(Exception):
    """A contender can't be measured; the text says which and where its log is."""


@dataclass
class Running:
    """A started process with its log file."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    started: float

    @property
    def rss_mb(self) -> float:
        """Resident memory of the process and its children, in MB."""
        root = psutil.Process(self.process.pid)
        return float(sum(each.memory_info().rss for each in (root, *root.children(recursive=True)))) / 1e6

    @property
    def cpu_s(self) -> float:
        """Processor time of the process so far, in seconds."""
        used = psutil.Process(self.process.pid).cpu_times()
        return float(used.user + used.system)

    def wait_for(self, url: str) -> float:
        """Wait until `url` answers; return the seconds since the start."""
        while time.monotonic() - self.started < READY_WITHIN_S:
            if self.process.poll() is not None:
                raise BenchError(f"{self.name} ended with status {self.process.returncode}; see {self.log}")
            try:
                with urlopen(url, timeout=5):
                    return time.monotonic() - self.started
            except (URLError, OSError):
                time.sleep(0.1)
        raise BenchError(f"{self.name} was not ready within {READY_WITHIN_S} s; see {self.log}")

    def stop(self) -> None:
        """End the process and its children."""
        tree = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        self.process.terminate()
        _, left = psutil.wait_procs(tree, STOP_WITHIN_S)
        for process in left:
            process.kill()


def start(name: str, arguments: Sequence[str], folder: Path, log: Path, environ: Mapping[str, str]) -> Running:
    """Start `python` of this environment with its output in a log file."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=dict(environ), stdout=output, stderr=subprocess.STDOUT
        )
    return Running(name, process, log, time.monotonic())
