"""What a second engine buys, and what a message costs each part: `python -m bench.scale [--seconds N]`.

The whole desk is measured, with PostgreSQL and Redis, from the website's chat to the answer in its stream. A machine of
few cores can't show what more processes give together: client, database and desk share them. So beside the messages a
second stands the processor time a message costs. What a machine of enough cores does follows from it, for engines share
nothing but the database.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import pgserver
import psutil

from bench.contenders import OUR_MESSAGES
from bench.processes import BenchError
from bench.report import _machine as machine
from bench.report import table
from bench.table_sizes import sizes
from bench.traffic.visitor import Visitor, browser
from bench.whole_desk import WholeDesk, whole_desk
from bot.settings import ROOT
from tests.left_out import REDIS
from tests.ports import free_port

PAGE = ROOT / "docs" / "benchmarks-scale.md"
WARM_UP_S = 4.0
VISITORS = 16
TURNS = 10
"""Messages a conversation; then its visitor begins another one."""
WANTED = 1.7
CHAT_TABLES = ("conversations", "messages", "engine_states")
PARTS = ("engine", "actions", "web", "worker", "postgresql", "redis")


@dataclass(frozen=True)
class Run:
    """One measurement: `cpu_ms` is each part's processor time a message, `rss_mb` the memory of one process of it."""

    processes: int
    seconds: float
    messages: int
    latencies: list[float]
    cpu_ms: dict[str, float]
    rss_mb: dict[str, float]
    row_bytes: dict[str, float]

    @property
    def all_ms(self) -> float:
        """Processor time a message of all parts."""
        return sum(self.cpu_ms.values())


@dataclass(frozen=True)
class Around:
    """The servers that the desk stands on, whose processor time counts, too."""

    settings: dict[str, str]
    postgresql: psutil.Process
    redis: psutil.Process


@contextmanager
def around() -> Iterator[Around]:
    """Run a PostgreSQL and a Redis of our own."""
    program = REDIS.path()
    if program is None:
        raise BenchError(f"Redis is not on this machine: {REDIS.install}")
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder, pgserver.get_server(folder) as server:
        port = free_port()
        quiet = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", tempfile.gettempdir()]
        redis = subprocess.Popen([program, *quiet], stdout=subprocess.DEVNULL)
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        settings = {"DATABASE_URL": address, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
        try:
            yield Around(settings, psutil.Process(server.get_pid()), psutil.Process(redis.pid))
        finally:
            redis.terminate()
            redis.wait()


def measure(servers: Around, folder: Path, processes: int, seconds: float) -> Run:
    """Let visitors talk to a desk with so many web, engine and action processes."""
    kinds = ("WEB_PROCESSES", "ENGINE_PROCESSES", "ACTION_PROCESSES")
    ports = {"ENGINE_PORT": str(_row_of_ports(processes)), "ACTION_PORT": str(_row_of_ports(processes))}
    settings = {**servers.settings, **ports, **dict.fromkeys(kinds, str(processes)), "SECRET_KEY": "k" * 64}
    with whole_desk(folder / str(processes), **settings) as desk:
        asyncio.run(_talk(desk, WARM_UP_S))
        before, began = _cpu_s(desk, servers), time.monotonic()
        latencies = asyncio.run(_talk(desk, seconds))
        took, after = time.monotonic() - began, _cpu_s(desk, servers)
        cpu_ms = {part: (after[part] - before[part]) * 1000 / len(latencies) for part in PARTS}
        rss_mb = {part: found[0].memory_info().rss / 1e6 for part, found in desk.parts().items()}
        with desk.store() as store:
            row_bytes = {name: size for name, _, size in sizes(store, CHAT_TABLES)}
    return Run(processes, took, len(latencies), latencies, cpu_ms, rss_mb, row_bytes)


def gain(one: Run, two: Run) -> float:
    """How many times one engine's messages two engines work on, each with a core of its own."""
    return two.processes * one.cpu_ms["engine"] / two.cpu_ms["engine"]


def report(runs: list[Run]) -> str:
    """The figures as a table, and what follows from them."""
    one, two = runs
    rows = [
        ["messages a second on this machine", *(f"{run.messages / run.seconds:.1f}" for run in runs)],
        ["from message to answer, p50 ms", *(f"{statistics.median(run.latencies) * 1000:.0f}" for run in runs)],
        *([f"processor time a message: {part}, ms", *(f"{run.cpu_ms[part]:.1f}" for run in runs)] for part in PARTS),
        ["processor time a message: all, ms", *(f"{run.all_ms:.1f}" for run in runs)],
        *([f"memory of a process: {part}, MB", *(f"{run.rss_mb[part]:.0f}" for run in runs)] for part in one.rss_mb),
        *([f"bytes a row: {name}", *(f"{run.row_bytes[name]:.0f}" for run in runs)] for name in CHAT_TABLES),
    ]
    header = ["", *(f"{run.processes} web, engine and action process{'es' * (run.processes > 1)}" for run in runs)]
    return (
        f"{table(header, rows)}\n\n"
        f"two engines over one, by processor time a message: {gain(one, two):.2f}x (wanted: {WANTED}x)\n"
    )


def _row_of_ports(count: int) -> int:
    """A free port after which the next ones are free, too."""
    while True:
        first = free_port()
        with suppress(OSError, OverflowError), ExitStack() as stack:
            for port in range(first, first + count):
                stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


async def _talk(desk: WholeDesk, seconds: float) -> list[float]:
    """Let all visitors talk; give how long each answer took."""
    until = time.monotonic() + seconds
    async with browser(desk.web_url) as http:
        talks = await asyncio.gather(*(_visit(http, number, until) for number in range(VISITORS)))
    return [waited for talk in talks for waited in talk]


async def _visit(http: object, number: int, until: float) -> list[float]:
    questions, waited = itertools.islice(itertools.cycle(OUR_MESSAGES), number, None), []
    while time.monotonic() < until:
        async with Visitor(http) as visitor:  # type: ignore[arg-type]
            for question in itertools.islice(questions, TURNS):
                exchange = await visitor.say(question)
                if "個人情報保護方針" not in exchange.words:
                    raise BenchError(f"no answer from the policy, but: {exchange.words[:80]}")
                waited.append(exchange.waited_s)
                if time.monotonic() >= until:
                    break
    return waited


def _cpu_s(desk: WholeDesk, servers: Around) -> dict[str, float]:
    """Processor time so far, in seconds, by part."""
    backends = [servers.postgresql, *servers.postgresql.children()]
    found = {**desk.parts(), "postgresql": backends, "redis": [servers.redis]}
    return {part: sum(_used(process) for process in found.get(part, [])) for part in PARTS}


def _used(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        # Of backends that ended, their parent has the sum.
        used = process.cpu_times()
        ended = used.children_user + used.children_system if process.name() == "postgres" else 0.0
        return float(used.user + used.system + ended)
    return 0.0


def main() -> int:
    """Measure, print, and write docs/benchmarks-scale.md."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description="What a second engine buys.")
    parser.add_argument("--seconds", type=float, default=20, help="how long each load lasts (20)")
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
            runs = []
            for processes in (1, 2):
                with around() as servers:
                    runs.append(measure(servers, Path(folder), processes, options.seconds))
    except BenchError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    told = report(runs)
    print(told)
    head = (
        f"Written by `python -m bench.scale --seconds {options.seconds:.0f}` on {datetime.now(timezone.utc).date()}. "
    )
    PAGE.write_text(f"# Benchmarks: several processes\n\n{head}{machine()}.\n\n{_WHAT}\n{told}", encoding="utf-8")
    return 0


_WHAT = f"""The whole desk with PostgreSQL and Redis, from the website's chat to the answer in its stream:
{VISITORS} visitors ask about a policy, each its next question when it has the answer. Client, database and desk share
the cores, so the messages a second say more of the machine than of the desk; the processor time a message says
what a desk on more cores does.
"""


if __name__ == "__main__":
    sys.exit(main())
