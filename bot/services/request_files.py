"""All that staff see of requests: the list, and the file of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.errors import NotFound
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import business_days_left, jst_date
from bot.privacy.request_types import Field, Level, RequestType, request_type
from bot.privacy.statuses import ENDED
from bot.services.decisions import Decisions
from bot.services.intake.fields import show_value
from bot.services.phrases import Phrasebook
from bot.services.ports import BusinessCalendar, Clock, RequestList, Store, Transaction
from bot.services.receipts import read_receipt
from bot.services.records import Customer, DataSubjectRequest
from bot.services.register_comparison import Compared, compare, search_words
from bot.services.request_history import HistoryLine, RequestHistory, staff_names
from bot.services.request_tasks import TaskState, tasks_of
from bot.services.request_work import workers_on

MOST_CANDIDATES = 20


@dataclass(frozen=True)
class Due:
    """A due date in business days: `left` is negative past it, None once the request has ended."""

    day: date
    left: int | None


@dataclass(frozen=True)
class Listed:
    """A request in the list."""

    request: DataSubjectRequest
    kind: RequestType
    due: Due
    assignee: str
    store: str


@dataclass(frozen=True)
class Candidate:
    """A person of the register who may be meant."""

    customer: Customer
    compared: list[Compared]


@dataclass(frozen=True)
class RequestFile:
    """A request with everything that belongs to it; `asked` and `claimed` are pairs of label and value."""

    request: DataSubjectRequest
    kind: RequestType
    due: Due
    store: str
    asked: list[tuple[str, str]]
    claimed: list[tuple[str, str]]
    customer: Customer | None
    compared: list[Compared]
    tasks: list[TaskState]
    history: list[HistoryLine]
    names: dict[str, str]
    colleagues: list[tuple[str, str]]
    four_eyes: bool

    @property
    def ended(self) -> bool:
        """Whether nothing changes any more."""
        return self.request.status in ENDED

    @property
    def needs_proof(self) -> bool:
        """Whether the type asks for a verified person."""
        return self.kind.level is not Level.NAMED_CONTACT

    @property
    def proposed_by(self) -> str:
        """Who proposed a decision that waits for approval; empty if none does."""
        return "" if self.ended else self.request.decision.get("proposed_by", "")


class RequestFiles:
    """Reads for staff; `scope` is the only store of a staff member who has one."""

    def __init__(
        self,
        store: Store,
        companies: PolicyLibrary,
        decisions: Decisions,
        calendar: BusinessCalendar,
        phrases: Phrasebook,
        clock: Clock,
    ) -> None:
        self._store = store
        self._companies = companies
        self._decisions = decisions
        self._calendar = calendar
        self._phrases = phrases
        self._clock = clock
        self._history = RequestHistory(phrases)

    def page(self, wanted: RequestList) -> list[Listed]:
        """A page of the list."""
        company, is_open = self._companies.get(wanted.company), self._calendar_of(wanted.company)
        with self._store.transaction(read_only=True) as tx:
            requests = tx.requests.page(wanted)
            names = staff_names(tx, [one.assigned_to or "" for one in requests])
        return [self._listed(one, company, is_open, names) for one in requests]

    def find(self, company: str, receipt: str, scope: str | None = None) -> DataSubjectRequest:
        """Find a request that the staff member may see; raise NotFound for any other as if it weren't there."""
        with self._store.transaction(read_only=True) as tx:
            return self._find(tx, company, receipt, scope)

    def file(self, company: str, receipt: str, scope: str | None = None) -> RequestFile:
        """Everything about one request."""
        with self._store.transaction(read_only=True) as tx:
            request = self._find(tx, company, receipt, scope)
            customer = tx.customers.get(request.customer) if request.customer else None
            owner = self._companies.get(company)
            tasks = tasks_of(tx, request, owner)
            known = [request.assigned_to or "", *(request.decision.get(name, "") for name in _WHO)]
            return RequestFile(
                request=request,
                kind=request_type(request.type),
                due=self._due(request, self._calendar_of(company)),
                store=_store_name(owner, request.store),
                asked=self._answers(request.details),
                claimed=self._answers(request.claimant),
                customer=customer,
                compared=compare(request, customer),
                tasks=tasks,
                history=self._history.of(tx, request, {task.key: self.task_words(task) for task in tasks}),
                names=staff_names(tx, known + [task.done.done_by for task in tasks if task.done]),
                colleagues=[(member.id, member.name) for member in workers_on(tx, request)],
                four_eyes=self._decisions.needs_four_eyes(tx, request),
            )

    def candidates(self, request: DataSubjectRequest, search: str = "", scope: str | None = None) -> list[Candidate]:
        """Find those of the register who may be meant: by a name, a contact or a number, or by what was said."""
        found: dict[str, Customer] = {}
        with self._store.transaction(read_only=True) as tx:
            for words in (search.strip(),) if search.strip() else search_words(request):
                by_no = tx.customers.get_many_by_no(request.company, [words]).values()
                by_contact = tx.customers.find_by_contact(request.company, words)
                for one in (*by_no, *by_contact, *tx.customers.find_by_name(request.company, words)):
                    if scope is None or one.store in (None, scope):
                        found.setdefault(one.id, one)
        nearest = sorted(
            (Candidate(one, compare(request, one)) for one in found.values()),
            key=lambda candidate: -sum(row.agrees is True for row in candidate.compared),
        )
        return nearest[:MOST_CANDIDATES]

    def task_words(self, task: TaskState) -> str:
        """What a task is, and whom it is about."""
        words = self._phrases.text(f"task_{task.task.id}")
        return self._phrases.text("task_for", task=words, value=task.value) if task.value else words

    def asked(self, request: DataSubjectRequest, field: str) -> str:
        """One thing that was asked for, as the customer reads it; empty if it wasn't."""
        value = request.details.get(field, "")
        return show_value(self._phrases, Field(field), value) if value else ""

    def _find(self, tx: Transaction, company: str, receipt: str, scope: str | None) -> DataSubjectRequest:
        request = tx.requests.by_receipt(read_receipt(receipt) or "")
        if request is None or request.company != company or (scope and request.store not in (None, scope)):
            raise NotFound(f"{company} has no request {receipt}")
        return request

    def _listed(
        self, request: DataSubjectRequest, company: Company, is_open: Callable[[date], bool], names: dict[str, str]
    ) -> Listed:
        return Listed(
            request,
            request_type(request.type),
            self._due(request, is_open),
            names.get(request.assigned_to or "", ""),
            _store_name(company, request.store),
        )

    def _due(self, request: DataSubjectRequest, is_open: Callable[[date], bool]) -> Due:
        if request.status in ENDED:
            return Due(request.due_date, None)
        today = jst_date(self._clock.now())
        return Due(request.due_date, business_days_left(today, request.due_date, is_open))

    def _calendar_of(self, company: str) -> Callable[[date], bool]:
        """The company's calendar for one page, on which the same days come again and again."""
        return lru_cache(maxsize=None)(lambda day: self._calendar.is_business_day(company, day))

    def _answers(self, values: object) -> list[tuple[str, str]]:
        said = dict(values) if isinstance(values, dict) else {}
        return [
            (self._phrases.text(f"label_{name}"), show_value(self._phrases, Field(name), value))
            for name, value in said.items()
            if name in _FIELDS
        ]


_FIELDS = frozenset(field.value for field in Field)
_WHO = ("proposed_by", "decided_by", "sent_back_by", "drafted_by")


def _store_name(company: Company, store: str | None) -> str:
    known = company.store(store)
    return known.name if known else store or ""
