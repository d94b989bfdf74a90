"""What each mend of Rasa buys: the desk under load with one of them left out at a time."""

from __future__ import annotations

from pathlib import Path

from bench.contenders import Contender, desk
from bench.load import run_clients
from bench.measuring import WARM_UP_S
from bench.report import MENDS_HEADING, table
from bench.without import MENDS

CLIENTS = 8


def measure_mends(work: Path, seconds: float) -> str:
    """Give the section of the page, with the most valuable mend first."""
    whole = _cpu_ms(work, seconds, ("-m", "bot.engine"))
    without = {name: _cpu_ms(work, seconds, ("-m", "bench.without", name)) for name in MENDS}
    rows = [
        (name, f"`{MENDS[name]}`", f"{cost:.1f}", f"{cost - whole:+.1f}")
        for name, cost in sorted(without.items(), key=lambda item: -item[1])
    ]
    rows.append(("none: all in force", "", f"{whole:.1f}", ""))
    words = (
        "Processor time of the engine for a message, at 8 clients, with one mend of `bot/engine/mends.py` left out.\n\n"
        "![Where the engine's time goes](images/engine-profile.svg)\n\n"
        "The picture is drawn by `python -m bench.profile`."
    )
    header = ("left out", "in bot/engine/mends.py", "ms a message", "more")
    return f"{MENDS_HEADING}\n\n{words}\n\n{table(header, rows)}\n"


def _cpu_ms(work: Path, seconds: float, engine: tuple[str, ...]) -> float:
    with desk(work, engine) as contender:
        run_clients(contender.target, CLIENTS, WARM_UP_S)
        before = _cpu_s(contender)
        measured = run_clients(contender.target, CLIENTS, seconds)
        return (_cpu_s(contender) - before) * 1000 / len(measured.latencies)


def _cpu_s(contender: Contender) -> float:
    return contender.processes[0].cpu_s
