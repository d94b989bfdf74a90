"""Several processes' figures, added up; prometheus_client decides at its import, so each is a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

COUNT = """
import sys
from prometheus_client import Counter, Gauge
from bot.web.figures import figures, forget_the_dead
counter = Counter("things", "Things")
open_now = Gauge("open_now", "Open just now", multiprocess_mode="livesum")
forget_the_dead()
counter.inc(int(sys.argv[1]))
open_now.inc(int(sys.argv[1]))
print(figures().decode())
"""


def told(folder: Path | None, number: int) -> list[str]:
    environ = {**os.environ, **({"PROMETHEUS_MULTIPROC_DIR": str(folder)} if folder else {})}
    command = [sys.executable, "-c", COUNT, str(number)]
    ran = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=60)
    return ran.stdout.splitlines()


def test_one_process_tells_its_own() -> None:
    assert "things_total 2.0" in told(None, 2)


def test_counters_are_added_up_and_what_the_dead_had_open_is_not(tmp_path: Path) -> None:
    told(tmp_path, 2)
    lines = told(tmp_path, 3)
    assert "things_total 5.0" in lines
    assert "open_now 3.0" in lines
