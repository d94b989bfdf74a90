"""The supervisor over small parts that start at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.settings import ROOT
from tests.ports import free_ports
from tests.waiting import wait_until

SERVE = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
SOON_S = 15
"""Well within the half minute that the library underneath would grant a part that doesn't listen."""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
RUN = """
import sys
from pathlib import Path
from bot.errors import MadoguchiError
from bot.settings import load_settings
from bot.supervisor.parts import Part
from bot.supervisor.supervising import Supervisor
port = sys.argv[1]
parts = [Part("web", "part_web", (port,), health=f"http://127.0.0.1:{port}/healthz"), Part("other", "part_other")]
say = lambda line: print(line, flush=True)
try:
    Supervisor(load_settings(), parts, say).run(lambda: say("ready"))
except MadoguchiError as error:
    say(f"failed: {error}")
    sys.exit(1)
say("over")
"""


class Supervised:
    """A supervisor in a process of its own, with a web part and another."""

    def __init__(self, folder: Path, other: str) -> None:
        (folder / "part_web.py").write_text(SERVE)
        (folder / "part_other.py").write_text(other)
        (port,) = free_ports(1)
        ours = {"VAR_DIR": str(folder / "var"), "WEB_PORT": str(port), "SECRET_KEY": "k", "PYTHONPATH": str(folder)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(port)],
            cwd=ROOT,
            env={**os.environ, **ours},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())

    def children(self) -> list[psutil.Process]:
        """The parts, in the order of their names on the command line."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number: signal.Signals) -> tuple[int, float]:
        """Send a signal; give the exit status and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(20)
        self._reader.join(5)
        return status, time.monotonic() - began


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def start(other: str = "import time; time.sleep(600)") -> Supervised:
        started.append(Supervised(tmp_path, other))
        return started[-1]

    yield start
    for supervised in started:
        if supervised.process.poll() is None:
            for child in supervised.children():
                child.kill()
            supervised.process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_every_part(supervise: Callable[..., Supervised], number: signal.Signals) -> None:
    supervised = supervise()
    wait_until(lambda: "ready" in supervised.lines)
    children = supervised.children()
    assert len(children) == 2

    status, seconds = supervised.end(number)

    assert status == 0
    assert seconds < SOON_S
    assert set(supervised.lines[:2]) == {"web is up", "other is up"}
    assert supervised.lines[2:] == ["ready", "Stopping …", "over"]
    assert not [child for child in children if child.is_running()]


def test_a_part_that_does_not_listen_is_killed_in_time(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise(DEAF)
    wait_until(lambda: "ready" in supervised.lines)
    children = supervised.children()
    status, seconds = supervised.end(signal.SIGTERM)
    assert status == 0
    assert seconds < SOON_S
    assert not [child for child in children if child.is_running()]


@pytest.mark.parametrize("other", ["import time; time.sleep(600)", DEAF])
def test_a_supervisor_that_is_killed_takes_its_parts_along(supervise: Callable[..., Supervised], other: str) -> None:
    supervised = supervise(other)
    wait_until(lambda: "ready" in supervised.lines)
    children = supervised.children()
    supervised.process.kill()
    wait_until(lambda: not [child for child in children if child.is_running()])


def test_a_part_that_dies_is_started_again_and_told(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise()
    wait_until(lambda: "ready" in supervised.lines)
    for child in supervised.children():
        child.kill()
    wait_until(lambda: len([line for line in supervised.lines if "was started again" in line]) == 2)
    wait_until(lambda: len(supervised.children()) == 2)
    assert supervised.end(signal.SIGTERM)[0] == 0


def test_a_part_that_never_comes_up_stops_all_and_its_last_words_are_told(
    supervise: Callable[..., Supervised],
) -> None:
    supervised = supervise("import sys, time; time.sleep(0.2); print('no key for X'); sys.exit(1)")
    wait_until(lambda: supervised.process.poll() is not None)
    assert supervised.process.returncode == 1
    wait_until(lambda: any("failed" in line for line in supervised.lines))
    assert any("failed: other ends right after its start" in line for line in supervised.lines)
    assert any("no key for X" in line for line in supervised.lines)


def test_a_signal_before_all_is_up_stops_what_has_started(supervise: Callable[..., Supervised]) -> None:
    supervised = supervise()
    wait_until(lambda: len(supervised.children()) >= 1)
    status, seconds = supervised.end(signal.SIGTERM)
    assert status == 0
    assert seconds < SOON_S
