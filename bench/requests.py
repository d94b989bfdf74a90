"""Verified requests a second, and finding a customer as the register grows: `python -m bench.requests [--full]`.

Writes docs/benchmarks-requests.md. `--full` goes on to 1,000,000 customers, which takes half an hour more.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import re
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

import pgserver
from tabulate import tabulate

from bench.processes import BenchError
from bench.register import COMPANY, FullScan, grow, person, time_look_ups
from bot.bootstrap import Services, build_services
from bot.services.ports import RequestFilter
from bot.services.records import Conversation
from bot.services.turns import Turn
from bot.settings import ROOT, Settings
from bot.storage.migrate import migrate
from bot.understanding.result import Understanding

PAGE = ROOT / "docs" / "benchmarks-requests.md"
SIZES = (1_000, 10_000, 100_000)
FULL = 1_000_000
SCANNED_UP_TO = 10_000
SCANS = 3
LOOK_UPS = 300
REQUESTS = 30
"""Requests at each size by each number of customers at once."""
AT_ONCE = (1, 4)
_LEASE_S = 60


@dataclass(frozen=True)
class Requested:
    """Requests a second; milliseconds of each, and of our processor's time on average."""

    a_second: float
    taken: list[float]
    worked: float


@dataclass(frozen=True)
class Figures:
    """One database at one size; milliseconds, and the requests' figures by how many customers ask at once."""

    database: str
    size: int
    imported_a_second: tuple[float, float]
    look_ups: list[float]
    scans: list[float]
    requests: dict[int, Requested]


class Mailbox:
    """What the desk sent, by recipient: takes the outbox's rows as the worker that delivers them does."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._lock = Lock()
        self._letters: dict[str, str] = {}

    def code_for(self, recipient: str) -> str:
        """The code in the last message to that address."""
        with self._lock:
            if recipient not in self._letters:
                self._fetch()
            text = self._letters.pop(recipient)
        return next(line for line in text.splitlines() if re.fullmatch(r"\d{8}", line))

    def _fetch(self) -> None:
        now = self._services.clock.now()
        with self._services.store.transaction() as tx:
            for message in tx.outbox.take_due(now, 100, _LEASE_S):
                self._letters[message.recipient] = message.text
                tx.outbox.mark_sent(message.id, now)


def request_disclosure(services: Services, mailbox: Mailbox, number: int) -> float:
    """Lead one customer from the first words to the receipt; give the seconds."""
    customer, conversation = person(number), uuid.uuid4().hex
    company = services.companies.get(COMPANY)

    def turn(text: str) -> Turn:
        understanding = Understanding(text, "inform", 0.9, (("inform", 0.9),))
        return Turn(conversation, company, "web", uuid.uuid4().hex, text, understanding)

    began, now = time.perf_counter(), services.clock.now()
    with services.store.transaction() as tx:
        tx.conversations.add(Conversation(conversation, "web", COMPANY, now, now))
    services.intake.start(turn("私のデータを全部見せてください"), "disclosure")
    for said in ("電子データ", customer["name"], customer["email"]):
        services.intake.answer(turn(said))
    code = mailbox.code_for(customer["email"])
    for said in (code, customer["birth_date"], "送信する"):
        replies = services.intake.answer(turn(said))
    if not any("受付番号：" in reply.text for reply in replies):
        raise BenchError(f"customer {number} got no receipt but {[reply.text for reply in replies]}")
    return time.perf_counter() - began


def time_requests(services: Services, numbers: Sequence[int], at_once: int) -> Requested:
    """Let these customers ask, some at once."""
    mailbox = Mailbox(services)
    began, worked = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(at_once) as customers:
        taken = list(customers.map(lambda number: 1000 * request_disclosure(services, mailbox, number), numbers))
    a_second = len(numbers) / (time.perf_counter() - began)
    return Requested(a_second, taken, 1000 * (time.process_time() - worked) / len(numbers))


def measure(services: Services, database: str, sizes: Sequence[int], folder: Path) -> Iterator[Figures]:
    """Let one register grow, and measure at each size."""
    before = asked = 0
    for size in sizes:
        imported = grow(services.store, folder, range(before, size))
        look_ups = time_look_ups(services.store, random.sample(range(size), LOOK_UPS))
        scanned = random.sample(range(size), SCANS) if size <= SCANNED_UP_TO else ()
        scans = time_look_ups(services.store, scanned, FullScan)
        # The new customers: whoever has asked before would hear of the request that is open.
        askers = random.sample(range(before, size), REQUESTS * len(AT_ONCE))
        shares = {at_once: askers[place :: len(AT_ONCE)] for place, at_once in enumerate(AT_ONCE)}
        requests = {at_once: time_requests(services, share, at_once) for at_once, share in shares.items()}
        before, asked = size, asked + len(askers)
        _check_all_verified(services, asked)
        yield Figures(database, size, imported, look_ups, scans, requests)


def _check_all_verified(services: Services, expected: int) -> None:
    with services.store.transaction(read_only=True) as tx:
        verified = sum(request.verified for request in tx.requests.find(RequestFilter()))
    if verified != expected:
        raise BenchError(f"{verified} of {expected} requests are there and verified")


@contextmanager
def sqlite(folder: Path) -> Iterator[Services]:
    """The desk over a fresh SQLite file."""
    with _desk(f"sqlite:///{folder / 'desk.db'}", folder) as services:
        yield services


@contextmanager
def postgresql(folder: Path) -> Iterator[Services]:
    """The desk over a fresh PostgreSQL of its own, with the server's default settings."""
    with pgserver.get_server(folder / "postgresql") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        with _desk(url, folder) as services:
            yield services


@contextmanager
def _desk(url: str, folder: Path) -> Iterator[Services]:
    migrate(url)
    services = build_services(Settings(var_dir=folder, secret_key=uuid.uuid4().hex, database_url=url))
    try:
        yield services
    finally:
        services.store.close()


def page(found: Sequence[Figures], machine: str, command: str) -> str:
    """The figures as a page of Markdown."""
    return f"""# Requests and the register: speed

Written by `{command}`: change `bench/requests.py`, not this page.

{machine}

## Finding a customer

A look-up by name and e-mail or phone, each in a transaction of its own: {LOOK_UPS} of random customers.
The peer is the same table without the blind index: each of its {SCANS} look-ups reads and decrypts the contacts of
every row (up to {SCANNED_UP_TO:,} customers). The import is the CSV by which the register grew to this size.

Others on the machine lengthen these times, the p10 and the processor time of this process (CPU) least; PostgreSQL's
server works beside that process. A load average far above the number of cores makes lines hard to compare.

These look-ups follow the import at once, which ends with ANALYZE on PostgreSQL: without it the planner reads the whole
table of customers for a look-up until autovacuum has counted the new rows.

{_look_up_table(found)}

## Verified requests

A disclosure from its first words to its receipt in the service layer: seven messages, the code taken from the outbox
as the delivery worker takes it, and a second fact. {REQUESTS} requests each; the understanding of texts, the channel
and the mail server are not in it. Commits wait for the disk; the databases have their default settings.

{_request_table(found)}
"""


def _look_up_table(found: Sequence[Figures]) -> str:
    headers = (
        "database",
        "customers",
        "import, lines/s",
        "lines/CPU s",
        "look-up p10",
        "p50",
        "p95",
        "full scan p50",
        "ratio",
    )
    return tabulate([_look_up_row(each) for each in found], headers, "github", disable_numparse=True)


def _look_up_row(each: Figures) -> tuple[str, ...]:
    middle = statistics.median(each.look_ups)
    scan = statistics.median(each.scans) if each.scans else None
    return (
        each.database,
        f"{each.size:,}",
        *(f"{lines:,.0f}" for lines in each.imported_a_second),
        *(
            f"{time_ms:.2f} ms"
            for time_ms in (statistics.quantiles(each.look_ups, n=10)[0], middle, _p95(each.look_ups))
        ),
        f"{scan:,.0f} ms" if scan else "–",
        f"{scan / middle:,.0f}×" if scan else "–",
    )


def _request_table(found: Sequence[Figures]) -> str:
    rows = [_request_row(each, at_once) for each in found for at_once in each.requests]
    headers = ("database", "customers", "asking at once", "requests/s", "p50", "p95", "CPU a request")
    return tabulate(rows, headers, "github", disable_numparse=True)


def _request_row(each: Figures, at_once: int) -> tuple[str, ...]:
    done = each.requests[at_once]
    times = (statistics.median(done.taken), _p95(done.taken), done.worked)
    return (
        each.database,
        f"{each.size:,}",
        str(at_once),
        f"{done.a_second:.1f}",
        *(f"{time_ms:.0f} ms" for time_ms in times),
    )


def _p95(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def describe_machine() -> str:
    """What it ran on and when; how busy that was belongs to it."""
    named = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text()) if sys.platform == "linux" else None
    busy = f", load average {os.getloadavg()[0]:.1f} as it began"
    machine = f"{os.cpu_count()} × {named[1] if named else platform.processor()}, {platform.system()}, "
    return f"{machine}Python {platform.python_version()}{busy}; {datetime.now().astimezone():%Y-%m-%d %H:%M %Z}."


def main(arguments: Sequence[str]) -> int:
    """Measure on both databases; the page is written anew with every line that comes."""
    parser = argparse.ArgumentParser(prog="python -m bench.requests", description=__doc__)
    parser.add_argument("--full", action="store_true", help=f"go on to {FULL:,} customers")
    options = parser.parse_args(arguments)
    command, machine = " ".join(("python -m bench.requests", *arguments)), describe_machine()
    found: list[Figures] = []
    sizes = (*SIZES, FULL) if options.full else SIZES
    for database, opened in (("PostgreSQL", postgresql), ("SQLite", sqlite)):
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder, opened(Path(folder)) as services:
            for figures in measure(services, database, sizes, Path(folder)):
                found.append(figures)
                print(_look_up_table([figures]), _request_table([figures]), sep="\n", flush=True)
                PAGE.write_text(page(found, machine, command), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
