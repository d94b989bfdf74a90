"""The whole way of a message and of a request, as a customer waits for them: `python -m bench.whole_way`."""

from __future__ import annotations

import argparse
import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.contenders import OUR_MESSAGES
from bench.register import person
from bench.report import table
from bench.traffic.forms import disclose
from bench.traffic.line_person import LinePerson
from bench.traffic.mail import MailServer
from bench.traffic.stage import Stage, stage
from bench.traffic.visitor import Exchange, Visitor, browser

AT_ONCE = (1, 8)
TURNS = 10
"""Messages a conversation; then the customer is followed by another one."""
WARM_UP_S = 3.0
REGISTERED = 2000

Say = Callable[[str], Awaitable[Exchange]]


@dataclass(frozen=True)
class Way:
    """Milliseconds of each passage, by how many customers were there at once; and how many passages a second."""

    name: str
    at_once: int
    taken_ms: list[float]
    a_second: float

    def cells(self) -> tuple[str, ...]:
        """Give the row of the table."""
        cuts = statistics.quantiles(self.taken_ms, n=100, method="inclusive")
        figures = (f"{cuts[at]:.0f} ms" for at in (49, 94, 98))
        return (self.name, str(self.at_once), f"{self.a_second:.1f}", *figures, str(len(self.taken_ms)))


def measure_whole_way(seconds: float) -> list[Way]:
    """Measure each way for so many seconds, on a desk of its own with its four processes, over SQLite."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder:
        return asyncio.run(_measure(Path(folder), seconds))


def section(ways: list[Way]) -> str:
    """Lay the figures out as a part of docs/benchmarks.md."""
    header = ("", "customers at once", "a second", "p50", "p95", "p99", "measured")
    return f"""## The whole way

All four processes over SQLite, from outside: the front, the engine, the action server, the worker, the database. A web
message is timed from its POST to the first event of its answer in the open stream; a LINE message from the webhook to
the reply at LINE's door; a verified request from the first words to the receipt: seven messages, and the code that
comes by mail.

{table(header, [way.cells() for way in ways])}
"""


async def _measure(folder: Path, seconds: float) -> list[Way]:
    ways = []
    numbers = itertools.count()
    async with stage(folder, {}, REGISTERED) as on:
        await _way("warm-up", 2, WARM_UP_S, lambda until: _ask_on_the_website(on, until))
        for at_once in AT_ONCE:
            ways.append(await _way("web message", at_once, seconds, lambda until: _ask_on_the_website(on, until)))
        for at_once in AT_ONCE:
            ways.append(await _way("LINE message", at_once, seconds, lambda until: _ask_in_line(on, numbers, until)))
        for at_once in AT_ONCE:
            ways.append(await _way("verified request", at_once, seconds, lambda until: _request(on, numbers, until)))
    return ways


async def _way(name: str, at_once: int, seconds: float, go: Callable[[float], Awaitable[list[float]]]) -> Way:
    began = time.monotonic()
    taken = await asyncio.gather(*(go(began + seconds) for _ in range(at_once)))
    all_of_them = list(itertools.chain.from_iterable(taken))
    return Way(name, at_once, [1000 * one for one in all_of_them], len(all_of_them) / (time.monotonic() - began))


async def _ask_on_the_website(on: Stage, until: float) -> list[float]:
    taken: list[float] = []
    async with browser(on.desk.web_url) as http:
        while time.monotonic() < until:
            async with Visitor(http) as visitor:
                taken += await _ask(visitor.say, until)
    return taken


async def _ask_in_line(on: Stage, numbers: Iterator[int], until: float) -> list[float]:
    taken: list[float] = []
    async with browser(on.desk.web_url) as http:
        while time.monotonic() < until:
            taken += await _ask(LinePerson(on.line, http, next(numbers)).say, until)
    return taken


async def _ask(say: Say, until: float) -> list[float]:
    taken = []
    for question in itertools.islice(itertools.cycle(OUR_MESSAGES), TURNS):
        if time.monotonic() >= until:
            break
        exchange = await say(question)
        taken.append((exchange.first_reply or exchange.sent) - exchange.sent)
    return taken


async def _request(on: Stage, numbers: Iterator[int], until: float) -> list[float]:
    taken = []
    async with browser(on.desk.web_url) as http:
        while time.monotonic() < until:
            customer = person(next(numbers) % REGISTERED)
            began = time.monotonic()
            async with Visitor(http) as visitor:
                await disclose(visitor, customer, lambda address=customer["email"]: _code(on.mail, address))
            taken.append(time.monotonic() - began)
    return taken


async def _code(mail: MailServer, address: str) -> str:
    while (code := await mail.code(address)) is None:
        await asyncio.sleep(0.01)
    return code


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.whole_way", description=__doc__)
    parser.add_argument("--seconds", type=float, default=15, help="how long each way is measured (15)")
    print(section(measure_whole_way(parser.parse_args().seconds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
