"""The whole desk under measurement: what `madoguchi run` starts, on free ports and over a fresh folder."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import psutil

from bench.processes import READY_WITHIN_S, BenchError, Running, start
from bot.bootstrap import build_store
from bot.settings import ROOT, Settings, load_settings
from bot.storage.store import SqlStore
from bot.supervisor.parts import environment
from tests.ports import free_port

PARTS = {"bot.engine": "engine", "actions": "actions", "bot.web": "web", "bot.cli": "worker"}
_PORTS = ("WEB_PORT", "ENGINE_PORT", "ACTION_PORT")
_UNTHROTTLED = {"MESSAGES_MINUTE": "1000000", "CONVERSATIONS_HOUR": "1000000"}
"""A hundred visitors come from one address here."""


@dataclass
class WholeDesk:
    """A desk that may be started, hurt and stopped; settings are named as in the environment."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ports = {name: str(free_port()) for name in _PORTS}
        ours = {"VAR_DIR": str(self.folder), "SECRET_KEY": secrets.token_hex(32), "MADOGUCHI_ENV": "development"}
        self.environ = environment() | ports | ours | _UNTHROTTLED | self.settings
        self._running: Running | None = None

    @property
    def web_url(self) -> str:
        """The public front."""
        return f"http://127.0.0.1:{self.environ['WEB_PORT']}"

    @property
    def log(self) -> Path:
        """What the supervisor says; each part's own log lies in logs/."""
        return self.folder / "desk.log"

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        return self._started.process.pid

    def start(self) -> None:
        """Start and return at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._running = start("the desk", ["-m", "bot.cli", "run"], ROOT, self.log, self.environ)

    def wait_until_ready(self, within_s: float = READY_WITHIN_S) -> float:
        """Wait for /readyz; give the seconds it took."""
        began = time.monotonic()
        while time.monotonic() < began + within_s:
            if self._started.process.poll() is not None:
                break
            if self.is_ready():
                return time.monotonic() - began
            time.sleep(0.1)
        raise BenchError(f"the desk was not ready within {within_s} s; see {self.log}")

    def is_ready(self) -> bool:
        """Tell whether every part answers."""
        try:
            with urlopen(f"{self.web_url}/readyz", timeout=3):
                return True
        except (URLError, OSError):
            return False

    def parts(self) -> dict[str, list[psutil.Process]]:
        """The processes that live now, by the part they are."""
        found: dict[str, list[psutil.Process]] = defaultdict(list)
        for process in psutil.Process(self.pid).children():
            try:
                names = [PARTS[word] for word in process.cmdline() if word in PARTS]
            except psutil.NoSuchProcess:
                continue
            if names:
                found[names[0]].append(process)
        return found

    def read_settings(self) -> Settings:
        """The desk's settings, for who looks into its database."""
        return load_settings(self.environ)

    @contextmanager
    def store(self) -> Iterator[SqlStore]:
        """The desk's own database, beside the desk."""
        store = build_store(self.read_settings())
        try:
            yield store
        finally:
            store.close()

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `madoguchi …` on this desk's data."""
        line = [sys.executable, "-m", "bot.cli", *arguments]
        return subprocess.run(line, cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False)

    def kill(self) -> None:
        """End the supervisor as a power cut would; its parts notice and end by themselves."""
        parts = [process for processes in self.parts().values() for process in processes]
        self._started.process.kill()
        self._started.process.wait()
        psutil.wait_procs(parts, timeout=60)

    def stop(self) -> None:
        """End all of its processes."""
        if self._running is not None and self._running.process.poll() is None:
            self._running.stop()

    @property
    def _started(self) -> Running:
        if self._running is None:
            raise BenchError("the desk was not started")
        return self._running


@contextmanager
def whole_desk(folder: Path, **settings: str) -> Iterator[WholeDesk]:
    """Run a desk that is ready, and stop it."""
    desk = WholeDesk(folder, settings)
    desk.start()
    try:
        desk.wait_until_ready()
        yield desk
    finally:
        desk.stop()
