"""The figures in words: on the screen, and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.measuring import Result

MENDS_HEADING = "## What each mend of Rasa buys"


@dataclass(frozen=True)
class Line:
    """One figure of both, and the ratio of ours to the peer's with the one that is wanted."""

    label: str
    figure: Callable[[Result], float]
    form: str
    wanted: str = ""

    def cells(self, peer: Result, ours: Result) -> tuple[str, ...]:
        """Give the row of the table."""
        theirs, mine = self.figure(peer), self.figure(ours)
        return (
            self.label,
            self.form.format(theirs),
            self.form.format(mine),
            f"{mine / theirs:.2f}" if theirs else "–",
            self.wanted,
        )


def _latency(clients: int, share: float) -> Callable[[Result], float]:
    return lambda result: result.by_clients[clients].percentile(share) * 1000


def _throughput(clients: int) -> Callable[[Result], float]:
    return lambda result: result.by_clients[clients].per_second


LINES = (
    Line("messages a second, 8 clients", _throughput(8), "{:.1f}", "≥ 3"),
    Line("messages a second, 1 client", _throughput(1), "{:.1f}"),
    Line("p50 at 8 clients, ms", _latency(8, 0.50), "{:.0f}"),
    Line("p95 at 8 clients, ms", _latency(8, 0.95), "{:.0f}", "≤ 0.4"),
    Line("p99 at 8 clients, ms", _latency(8, 0.99), "{:.0f}"),
    Line("messages a second, 32 clients", _throughput(32), "{:.1f}"),
    Line("p50 at 32 clients, ms", _latency(32, 0.50), "{:.0f}"),
    Line("p95 at 32 clients, ms", _latency(32, 0.95), "{:.0f}"),
    Line("p99 at 32 clients, ms", _latency(32, 0.99), "{:.0f}"),
    Line("p50 at 1 client, ms", _latency(1, 0.50), "{:.0f}"),
    Line("p95 at 1 client, ms", _latency(1, 0.95), "{:.0f}"),
    Line("p99 at 1 client, ms", _latency(1, 0.99), "{:.0f}"),
    Line("turns 2-11 of a conversation, p50 ms", lambda result: result.first_turns_ms, "{:.0f}"),
    Line("turns 191-200 of it, p50 ms", lambda result: result.last_turns_ms, "{:.0f}"),
    Line("late turn / early turn", lambda result: result.growth, "{:.2f}", "ours itself ≤ 1.3"),
    Line("ready, s", lambda result: result.ready_s, "{:.1f}", "≤ 0.5"),
    Line("memory of the engine, MB", lambda result: result.engine_rss_mb, "{:.0f}", "≤ 0.75"),
    Line("memory of all processes, MB", lambda result: result.rss_mb, "{:.0f}"),
)

_PAGE = """# Benchmarks

Written by `{command}` on {date}. {machine}.

The peer is the bot that `rasa init` makes: the same Rasa {rasa} in the same environment, its default pipeline and
policies, an SQLite tracker store, no action server. Ours answers questions about a policy: understanding, rules, action
server, database, encryption, reply. Both are asked over Rasa's REST channel in a closed loop, in conversations of ten
messages, by a client on the same machine. Each reply is checked to be an answer. Both run for the whole time and are
asked turn and turn about, a few seconds each, so that a machine that changes its pace changes it for both; the one that
waits is idle. The environment is byte-compiled.

{table}

![Messages a second by the number of clients, and the time to answer by the turn of a conversation](images/bench.png)

{throughput}
{wrong}
{more}
{mends}"""


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out as a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def comparison(peer: Result, ours: Result) -> str:
    """Put both side by side."""
    return table(["", peer.name, ours.name, "ours / peer", "wanted"], [line.cells(peer, ours) for line in LINES])


def throughput_line(peer: Result, ours: Result) -> str:
    """The one figure that others quote."""
    return f"throughput over stock at 8 clients: {_throughput(8)(ours) / _throughput(8)(peer):.1f}x"


def wrong_line(results: Sequence[Result]) -> str:
    """Tell how many replies were no answers: a fast apology is no throughput."""
    wrong = {result.name: sum(measured.wrong for measured in result.by_clients.values()) for result in results}
    return "replies that were no answer: " + ", ".join(f"{name} {count}" for name, count in wrong.items())


def write(page: Path, peer: Result, ours: Result, command: str, more: str, mends: str | None) -> None:
    """Write the page with more parts; without new figures of the mends, those that stand in it are kept."""
    kept = page.read_text(encoding="utf-8").partition(MENDS_HEADING) if page.exists() else ("", "", "")
    page.write_text(
        _PAGE.format(
            command=command,
            date=datetime.now(timezone.utc).date().isoformat(),
            machine=_machine(),
            rasa=version("rasa"),
            table=comparison(peer, ours),
            throughput=throughput_line(peer, ours),
            wrong=wrong_line([peer, ours]) + "\n",
            more=more,
            mends=mends or (kept[1] + kept[2]),
        ),
        encoding="utf-8",
    )


def _machine() -> str:
    memory, python = psutil.virtual_memory().total / 1e9, platform.python_version()
    return f"{os.cpu_count()} cores of {_processor()}, {memory:.0f} GB, {platform.system()}, Python {python}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
