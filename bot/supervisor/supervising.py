"""Run the parts under circus: start them side by side, start again what dies, stop all on a signal."""

from __future__ import annotations

import asyncio
import os
import select
import shlex
import signal
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from circus.arbiter import Arbiter
from circus.exc import ConflictError
from circus.stream import FileStream
from circus.watcher import Watcher
from tornado.ioloop import IOLoop

from bot.settings import ROOT, Settings
from bot.supervisor.parts import Part, environment, interpreter, web_address
from bot.supervisor.readiness import Starts, wait_until_up

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 3
"""How long a part may take to end what it is at; then it is killed, so that all is over within 5 s."""

CHECK_S = 0.5
LOG_BYTES = 10_000_000
LOG_FILES = 5


class Supervisor:
    """The parts of one desk, from their start to their end."""

    def __init__(self, settings: Settings, parts: Sequence[Part], say: Callable[[str], None]) -> None:
        self._settings = settings
        self._parts = parts
        self._say = say
        self._starts = Starts(self._last_words)
        self._ready = False

    def run(self, on_ready: Callable[[], None]) -> None:
        """Return after a signal has stopped all; raise PartFailed, with all stopped, if a part doesn't come up."""
        # A socket's path may have some hundred characters, so it can't lie in VAR_DIR, which may be any path.
        with tempfile.TemporaryDirectory(prefix="madoguchi-") as sockets:
            asyncio.run(self._run(Path(sockets), on_ready))

    async def _run(self, sockets: Path, on_ready: Callable[[], None]) -> None:
        watchers = [self._watcher(part) for part in self._parts]
        arbiter = Arbiter(
            watchers, f"ipc://{sockets}/c", f"ipc://{sockets}/p", check_delay=CHECK_S, loop=IOLoop.current()
        )
        stop = asyncio.Event()
        starting = asyncio.ensure_future(self._start(arbiter, on_ready))
        # After the arbiter, which sets handlers of its own that don't tell when it has stopped.
        for number in STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await stopping
            self._say("Stopping …")
        finally:
            starting.cancel()
            stopping.cancel()
            await _stop(arbiter)

    async def _start(self, arbiter: Any, on_ready: Callable[[], None]) -> None:
        await arbiter.start()
        ready = f"{web_address(self._settings)}/readyz"
        await wait_until_up(self._parts, ready, self._starts, lambda name: self._say(f"  {name} is up"))
        self._ready = True
        on_ready()

    def _watcher(self, part: Part) -> Any:
        log = FileStream(str(self.log_file(part.name)), max_bytes=LOG_BYTES, backup_count=LOG_FILES)
        return Watcher(
            part.name,
            shlex.quote(interpreter()),
            args=["-m", "bot.supervisor.following", str(os.getpid()), part.module, *part.arguments],
            working_dir=str(ROOT),
            env={**environment(), **dict(part.environ)},
            stdout_stream={"stream": log},
            stderr_stream={"stream": log},
            graceful_timeout=GRACE_S,
            stop_children=True,
            max_retry=-1,
            hooks={"after_spawn": (self._note_start, False), "before_reap": (_let_go_of_pipes, False)},
        )

    def _note_start(self, watcher: Any, **_: Any) -> bool:
        self._starts.note(watcher.name)
        if self._ready:
            self._say(f"{watcher.name} ended and was started again (log: {self.log_file(watcher.name)})")
        return True

    def log_file(self, name: str) -> Path:
        """Where a part's output goes."""
        folder = self._settings.var_dir / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def _last_words(self, name: str) -> str:
        path = self.log_file(name)
        lines = path.read_text(errors="replace").splitlines() if name and path.exists() else []
        said = lines[-1].strip() if lines else "it said nothing"
        return f"{said} (log: {path if name else path.parent})"


def _let_go_of_pipes(watcher: Any, process_pid: int, **_: Any) -> bool:
    """Read a dead part's last words and stop listening to it, before circus closes its pipes.

    Circus goes on listening if their end wasn't seen yet. The next part's pipe that gets the number is then refused,
    twice a second for ever, and nothing that comes after it is started again.
    """
    process, redirector = watcher.processes.get(process_pid), watcher.stream_redirector
    if process is None or redirector is None:
        return True
    try:
        for name, pipe in redirector.get_process_pipes(process):
            while not pipe.closed and select.select([pipe], [], [], 0)[0]:
                said = os.read(pipe.fileno(), redirector.buffer)
                if not said:
                    break
                redirector.redirect[name]({"data": said, "pid": process_pid, "name": name})
    finally:  # Its log may lie on a disk that is full.
        redirector.remove_redirections(process)
    return True


async def _stop(arbiter: Any) -> None:
    """Stop every part; circus refuses while it looks after a dead one, so that is ended first."""
    arbiter.ctrl.caller.stop()
    while True:
        try:
            await arbiter.stop()
            return
        except ConflictError:
            await asyncio.sleep(0.05)
