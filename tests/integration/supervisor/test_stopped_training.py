"""A training that is stopped leaves nothing running."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bot.settings import ROOT

pytestmark = pytest.mark.real

WITHIN_S = 60


def wait_for(condition) -> None:
    until = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_stopped_training_leaves_no_process(tmp_path: Path) -> None:
    environ = {**os.environ, "VAR_DIR": str(tmp_path / "var"), "MODEL_DIR": str(tmp_path / "models")}
    command = [sys.executable, "-m", "bot.cli", "train"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL) as training:
        master = psutil.Process(training.pid)
        wait_for(lambda: master.children(recursive=True))
        workers = master.children(recursive=True)
        training.terminate()
        training.wait(WITHIN_S)
        _, left = psutil.wait_procs(workers, WITHIN_S)
        assert left == []
