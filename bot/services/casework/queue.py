"""What waits for staff, cases and requests in one list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date, jst_midnight
from bot.privacy.handoff import HandoffReason
from bot.privacy.urgency import Urgency, urgency
from bot.services.casework.worker import Worker, names_of
from bot.services.opening_hours import OpeningHours
from bot.services.ports import Clock, RequestList, Store, Transaction
from bot.services.ports.queue import QueueCounts, QueuedCase
from bot.services.records import DataSubjectRequest
from bot.settings import Settings

PAGE = 40
"""Rows a page."""
MOST_CASES = 500
"""More open conversations than any desk works on: the queue shows the most urgent ones."""
SEEN = timedelta(seconds=50)
"""Who was seen within that time is looking now; a page that is open says so every 20 seconds."""
CASES, REQUESTS = "case", "request"


@dataclass(frozen=True)
class Wanted:
    """Which rows to show; empty means any. `place` is the last row of the page before."""

    mine: bool = False
    waiting: bool = False
    week: bool = False
    late: bool = False
    kind: str = ""  # A handoff reason, or a request type.
    store: str = ""
    channel: str = ""
    cases_before: int = 0
    request_before: str = ""

    @property
    def filtered(self) -> bool:
        """Whether anything is left out."""
        return replace(self, cases_before=0, request_before="") != Wanted()


@dataclass(frozen=True)
class Row:
    """One thing to do."""

    kind: str  # case or request
    id: str
    what: str  # A handoff reason, or a request type.
    status: str
    channel: str
    store: str | None
    since: datetime
    due: datetime
    due_date: date | None
    late: bool
    holder: str | None
    conversation: str | None
    receipt: str = ""
    answered: bool = True  # False if the customer wrote last.
    last_at: datetime | None = None
    raised: bool = False
    topics: tuple[str, ...] = ()  # Of the last question about the policy.

    @property
    def leak(self) -> bool:
        """Whether it is a suspected leak."""
        return self.what == HandoffReason.LEAK.value

    @property
    def urgency(self) -> Urgency:
        """Its place in the queue."""
        return urgency(self.leak, self.due, self.id)

    @property
    def subject(self) -> str:
        """What a page about it is, where presences name it."""
        return f"conversation:{self.conversation}" if self.kind == CASES else f"request:{self.id}"


@dataclass(frozen=True)
class Shown:
    """A page of the queue; `names` are those of holders and of who looks, by their ids."""

    rows: list[Row]
    names: dict[str, str]
    looking: dict[str, list[str]]
    counts: QueueCounts
    next: Wanted | None


class StaffQueue:
    """The queue of a company, as far as a member of staff may see it."""

    def __init__(self, store: Store, companies: PolicyLibrary, hours: OpeningHours, clock: Clock, s: Settings) -> None:
        self._store = store
        self._companies = companies
        self._hours = hours
        self._clock = clock
        self._minutes = s.handoff_raise_minutes

    def show(self, worker: Worker, wanted: Wanted) -> Shown:
        """Read a page, most urgent first; a request is decrypted only if it is on it."""
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            cases = [row for row in self._cases(tx, worker, now) if _fits(row, wanted, worker, now)]
            requests = self._requests(tx, worker, wanted, now)
            rows, following = _page(sorted(cases, key=lambda row: row.urgency), requests, wanted)
            looking = self._looking(tx, rows, now)
            holders = {row.holder for row in rows if row.holder} | {one for who in looking.values() for one in who}
            counts = tx.queue.counts(worker.company, worker.store, jst_date(now))
            return Shown(rows, names_of(tx, holders), looking, counts, following)

    def pulse(self, company: str) -> str:
        """A text that changes whenever the queue of a company may have."""
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            seen = [(one.subject, one.staff) for one in tx.presences.since(now - SEEN)]
            return f"{tx.queue.pulse(company)} {seen}"

    def waiting(self, worker: Worker) -> int:
        """How many customers wait for somebody to take them."""
        with self._store.transaction(read_only=True) as tx:
            return tx.queue.waiting(worker.company, worker.store)

    def look_at(self, worker: Worker, subject: str) -> None:
        """Note that a page about a subject is open."""
        with self._store.transaction(durable=False) as tx:
            tx.presences.touch(subject, worker.id, self._clock.now())

    def look_away(self, worker: Worker, subject: str) -> None:
        """Note that it was closed."""
        with self._store.transaction(durable=False) as tx:
            tx.presences.leave(subject, worker.id)

    def case_row(self, company: str, queued: QueuedCase, now: datetime) -> Row:
        """A case as a row; it is due when the company has been open for as long as a customer may wait."""
        case = queued.case
        due = self._hours.after(self._companies.get(company), case.waiting_since, self._minutes)
        late = case.status == "waiting" and due < now
        return Row(
            CASES,
            case.id,
            case.reason.value,
            case.status,
            queued.channel,
            case.store,
            case.waiting_since,
            due,
            None,
            late,
            case.claimed_by,
            case.conversation,
            answered=queued.last_author != "customer",
            last_at=queued.last_at,
            raised=case.raised_at is not None,
            topics=queued.topics,
        )

    def _cases(self, tx: Transaction, worker: Worker, now: datetime) -> list[Row]:
        found = tx.queue.cases(worker.company, worker.store, MOST_CASES)
        return [self.case_row(worker.company, one, now) for one in found]

    def _requests(self, tx: Transaction, worker: Worker, wanted: Wanted, now: datetime) -> list[Row]:
        """One more than fits on a page, which tells whether there is another."""
        if wanted.waiting or wanted.kind in {reason.value for reason in HandoffReason}:
            return []
        today = jst_date(now)
        before = today if wanted.late else _next_week(today) if wanted.week else None
        after = tx.requests.get(wanted.request_before) if wanted.request_before else None
        listed = RequestList(
            worker.company,
            type=wanted.kind or None,
            scope=worker.store,
            store=wanted.store or None,
            channel=wanted.channel or None,
            assigned_to=worker.id if wanted.mine else None,
            due_before=before,
            after=after,
            limit=PAGE + 1,
        )
        return [request_row(one, today) for one in tx.requests.page(listed)]

    def _looking(self, tx: Transaction, rows: list[Row], now: datetime) -> dict[str, list[str]]:
        subjects = {row.subject for row in rows}
        looking: dict[str, list[str]] = {}
        for one in tx.presences.since(now - SEEN):
            if one.subject in subjects:
                looking.setdefault(one.subject, []).append(one.staff)
        return looking


def request_row(request: DataSubjectRequest, today: date) -> Row:
    """A request as a row; it is due at the end of its due date in Japan."""
    ends = jst_midnight(request.due_date + timedelta(days=1))
    return Row(
        REQUESTS,
        request.id,
        request.type,
        request.status.value,
        request.channel,
        request.store,
        request.created_at,
        ends,
        request.due_date,
        request.decided_at is None and request.due_date < today,
        request.assigned_to,
        request.conversation,
        request.receipt,
    )


def _next_week(today: date) -> date:
    """Monday of next week: what is due before is due this week."""
    return today + timedelta(days=7 - today.weekday())


def _fits(row: Row, wanted: Wanted, worker: Worker, now: datetime) -> bool:
    due = jst_date(row.due)
    tests = (
        not wanted.mine or row.holder == worker.id,
        not wanted.waiting or row.status == "waiting",
        not wanted.late or row.late,
        not wanted.week or due < _next_week(jst_date(now)),
        not wanted.kind or row.what == wanted.kind,
        not wanted.store or row.store == wanted.store,
        not wanted.channel or row.channel == wanted.channel,
    )
    return all(tests)


def _page(cases: list[Row], requests: list[Row], wanted: Wanted) -> tuple[list[Row], Wanted | None]:
    """Put both together from where the page before ended; give the place of the next page, if there is one."""
    merged = sorted([*cases[wanted.cases_before :], *requests], key=lambda row: row.urgency)
    rows = merged[:PAGE]
    if len(merged) <= PAGE:
        return rows, None
    last = next((row.id for row in reversed(rows) if row.kind == REQUESTS), wanted.request_before)
    number = wanted.cases_before + sum(row.kind == CASES for row in rows)
    return rows, replace(wanted, cases_before=number, request_before=last)
