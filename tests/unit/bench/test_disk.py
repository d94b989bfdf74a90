"""The small disk is gone with whoever wanted it, however that ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bench.chaos.disk import FileLimit, disk
from bot.settings import ROOT
from tests.waiting import wait_until

_HOLDS_IT = """
import sys, time
from pathlib import Path
from bench.chaos.disk import disk
with disk(Path(sys.argv[1])) as small:
    print(type(small).__name__, flush=True)
    sys.stdin.read()
"""


def test_it_is_unmounted_at_the_end(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    with disk(folder) as small:
        # Where nothing may be mounted, its files are limited instead.
        assert folder.is_mount() != isinstance(small, FileLimit)
    assert not folder.is_mount()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_it_is_unmounted_when_its_process_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    folder = tmp_path / "var"
    command = [sys.executable, "-c", _HOLDS_IT, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        limited = holder.stdout.readline().strip() == FileLimit.__name__
        assert folder.is_mount() != limited
        holder.send_signal(how)
    wait_until(lambda: not folder.is_mount())
