"""How long the staff's pages take with 100,000 requests in the database: `python -m bench.console`.

Writes docs/benchmarks-console.md.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import text
from starlette.applications import Starlette
from starlette.testclient import TestClient
from tabulate import tabulate

from bench.processes import BenchError
from bench.requests import describe_machine, postgresql, sqlite
from bot.bootstrap import Services, build_desk
from bot.console.app import House, build_console
from bot.console.cookies import SESSION
from bot.knowledge.topics import topic_table
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import PRIORITY, HandoffReason
from bot.privacy.request_types import REQUEST_TYPES
from bot.privacy.statuses import ENDED, IdentityStatus, Status
from bot.services.ports.statistics import Counted
from bot.services.receipts import new_receipt
from bot.services.records import (
    Conversation,
    DataSubjectRequest,
    Handoff,
    Message,
    OutboundMessage,
    UnansweredQuestion,
)
from bot.services.staff.records import Membership, StaffMember, Stage
from bot.services.staff.roles import Role
from bot.settings import ROOT
from bot.storage.repository import Repository
from bot.storage.tables import audit_records, handoffs, requests

PAGE = ROOT / "docs" / "benchmarks-console.md"
COMPANY = "okura"
REQUESTS, RUNNING = 100_000, 2_000
YEARS = 3
CASES, WAITING = 20_000, 40
AUDITED = 300_000
LETTERS, QUESTIONS = 100, 5_000
CHUNK = 2_000
TIMES = 25
GOAL_MS = 100
PAGES = (
    "/queue",
    "/queue?channel=line",
    "/queue?channel=web&kind=disclosure&late=yes",
    "/requests",
    "/requests?show=all",
    "/requests/{receipt}",
    "/conversations/{conversation}",
    "/overview",
    "/overview/weekly.svg",
    "/overview/topics.svg",
    "/overview/requests.svg",
    "/overview.csv",
    "/admin/answers",
    "/admin/hours",
    "/admin/dead-letters",
    "/admin/policy",
    "/admin/unanswered",
    "/admin/audit",
    "/admin/audit?who=staff%3As7",
    "/admin/audit?what=request.decided&from=2026-01-01",
    "/admin/staff",
)


@dataclass(frozen=True)
class Timed:
    """One page on one database; milliseconds of each time, and of our processor's time on average."""

    database: str
    path: str
    taken: list[float]
    worked: float


class Filler(Repository):
    """Writes rows by the thousand, sealed like every other."""

    def fill(self, table: Any, records: Iterator[Any]) -> None:
        """Insert records."""
        self.write(table, (self._row(table, record) for record in records))

    def write(self, table: Any, rows: Iterator[dict[str, Any]]) -> None:
        """Insert rows that hold nothing personal."""
        while chunk := list(islice(rows, CHUNK)):
            self._run(table.insert(), chunk)

    def count_anew(self) -> None:
        """Let the planner know how much there is, as autovacuum does sooner or later."""
        self._run(text("ANALYZE"))


def fill(services: Services) -> None:
    """Make some years of a busy desk's records."""
    now = services.clock.now()
    with services.store.session() as session:
        filler = Filler(session)
        filler.fill(requests, _requests(now))
        filler.fill(handoffs, _cases(now))
        filler.write(audit_records, _audited(now))
    with services.store.transaction() as tx:
        for number in range(WAITING):
            opened = now - timedelta(minutes=7 * number)
            tx.conversations.add(Conversation(f"w{number}", "web", COMPANY, opened, opened, owner="staff"))
            for said in range(20):
                author = ("customer", "staff")[said % 2]
                tx.conversations.add_message(Message(f"w{number}-{said}", f"w{number}", 0, author, "お尋ねです", now))
        for number in range(LETTERS):
            tx.outbox.add(
                OutboundMessage(f"x{number}", COMPANY, "email", "a@example.jp", "題", "文", f"k{number}", now)
            )
            tx.outbox.mark_failed(f"x{number}", "550", None)
        for number in range(QUESTIONS):
            asked = now - timedelta(minutes=50 * number)
            tx.unanswered.add(
                UnansweredQuestion(f"q{number}", COMPANY, "ドローンで撮られましたか", "not_covered", asked)
            )
        for back in range(365):
            things = [Counted("topic", topic) for topic in random.sample(list(topic_table()), 30)]
            things += [Counted("conversation", "begun"), Counted("message", "bot"), Counted("answer", "covered")]
            tx.statistics.count(COMPANY, None, jst_date(now) - timedelta(days=back), things)
    with services.store.session() as session:
        Filler(session).count_anew()


def _requests(now: datetime) -> Iterator[DataSubjectRequest]:
    for number in range(REQUESTS):
        created = now - timedelta(days=YEARS * 365 * (1 - number / REQUESTS))
        ended = number < REQUESTS - RUNNING
        status = random.choice(sorted(ENDED)) if ended else random.choice((Status.OPEN, Status.IN_PROGRESS))
        kind = random.choice(REQUEST_TYPES)
        yield DataSubjectRequest(
            id=f"r{number}",
            receipt=new_receipt(COMPANY),
            company=COMPANY,
            type=kind.id,
            status=status,
            identity=IdentityStatus.VERIFIED,
            level=kind.level,
            channel="web",
            conversation=None,
            created_at=created,
            due_date=jst_date(created) + timedelta(days=14),
            idempotency_key=f"key-{number}",
            details={"scope": "all"},
            claimant={"name": "髙橋花子", "contact": "hanako@example.jp"},
            decided_at=created + timedelta(days=9) if ended else None,
        )


def _cases(now: datetime) -> Iterator[Handoff]:
    reason = HandoffReason.ASKED
    for number in range(CASES):
        opened = now - timedelta(days=YEARS * 365 * (1 - number / CASES), hours=1)
        yield Handoff(
            f"h{number}", COMPANY, f"w{number % WAITING}", reason, "closed", PRIORITY[reason], opened, closed_at=now
        )
    for number in range(WAITING):
        opened = now - timedelta(minutes=7 * number)
        yield Handoff(f"o{number}", COMPANY, f"w{number}", reason, "waiting", PRIORITY[reason], opened)


def _audited(now: datetime) -> Iterator[dict[str, Any]]:
    """Records to look through; their chain is none, since its check is no page."""
    for number in range(AUDITED):
        yield {
            "seq": number + 1,
            "at": now - timedelta(minutes=5 * (AUDITED - number)),
            "actor": f"staff:s{number % 40}",
            "action": ("request.opened", "request.begun", "request.decided")[number % 3],
            "subject": f"request:r{number // 3}",
            "company": COMPANY,
            "before": '{"status":"open"}',
            "after": '{"outcome":"fulfilled","status":"fulfilled"}',
            "previous_hash": "0" * 64,
            "hash": f"{number:064}",
        }


def sign_in(services: Services) -> TestClient:
    """An administrator's browser."""
    now = services.clock.now()
    with services.store.transaction() as tx:
        for number in range(40):
            tx.staff.add(StaffMember(f"s{number}", f"s{number}@example.jp", f"担当{number}", now, "hash"))
            tx.staff.put_membership(Membership(f"s{number}", COMPANY, Role.ADMIN))
        token = services.staff.sessions.begin(tx, "s7", Stage.FULL, "bench")
    house = House(services, build_desk(services), services.notifier)
    return TestClient(Starlette(routes=[build_console(house)]), cookies={SESSION: token})


def measure(services: Services, database: str) -> Iterator[Timed]:
    """Fetch each page some times."""
    fill(services)
    client, last = sign_in(services), f"r{REQUESTS - 1}"
    with services.store.transaction(read_only=True) as tx:
        receipt, _ = tx.requests.receipts([last])[last]
    for path in PAGES:
        address = f"/staff/{COMPANY}{path.format(receipt=receipt, conversation='w3')}"
        answer = client.get(address)
        if answer.status_code != 200:
            raise BenchError(f"{address} answers {answer.status_code}")
        worked, taken = time.process_time(), []
        for _ in range(TIMES):
            began = time.perf_counter()
            client.get(address)
            taken.append(1000 * (time.perf_counter() - began))
        yield Timed(database, path, taken, 1000 * (time.process_time() - worked) / TIMES)


def page(found: Sequence[Timed], machine: str) -> str:
    """The figures as a page of Markdown."""
    return f"""# The console: speed

Written by `python -m bench.console`: change `bench/console.py`, not this page.

{machine}

Each page of a desk with {REQUESTS:,} requests ({RUNNING:,} of them running), {CASES:,} cases, {AUDITED:,} audit
records and a year of daily counts, fetched {TIMES} times after a first one, in process (no network, no browser). The
goal is {GOAL_MS} ms. Others on the machine lengthen the times, the p10 and the processor time of this process (CPU)
least; PostgreSQL's server works beside that process.

{_table(found)}
"""


def _table(found: Sequence[Timed]) -> str:
    headers = ("database", "page", "p10", "p50", "p95", "CPU")
    return tabulate([_row(one) for one in found], headers, "github", disable_numparse=True)


def _row(one: Timed) -> tuple[str, ...]:
    tenths = statistics.quantiles(one.taken, n=20)
    times = (tenths[1], statistics.median(one.taken), tenths[-1], one.worked)
    return (one.database, f"`{one.path}`", *(f"{time_ms:.0f} ms" for time_ms in times))


def main(arguments: Sequence[str]) -> int:
    """Measure on both databases, or on SQLite alone."""
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out")
    options = parser.parse_args(arguments)
    machine, found = describe_machine(), list[Timed]()
    databases = (("SQLite", sqlite),) if options.sqlite else (("SQLite", sqlite), ("PostgreSQL", postgresql))
    for database, opened in databases:
        with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder, opened(Path(folder)) as services:
            for timed in measure(services, database):
                found.append(timed)
                print(" | ".join(_row(timed)), flush=True)
    PAGE.write_text(page(found, machine), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
