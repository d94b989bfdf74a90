"""Requests: the list, and the file of one with what is done before it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.console.request_steps import next_step
from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.request_types import REQUEST_TYPES
from bot.privacy.statuses import ENDED, Status
from bot.services.decisions import Decisions, decision_of
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, RequestList
from bot.services.records import DataSubjectRequest
from bot.services.request_files import Listed, RequestFile, RequestFiles
from bot.services.request_work import RequestWork
from bot.services.staff.roles import EVERYONE, WORKERS

A_PAGE = 50
_WEEK = timedelta(days=7)


class RequestPages:
    """The pages of requests but for verification and decisions, which have modules of their own."""

    def __init__(
        self,
        files: RequestFiles,
        work: RequestWork,
        decisions: Decisions,
        companies: PolicyLibrary,
        phrases: Phrasebook,
        clock: Clock,
        frame: Frame,
    ) -> None:
        self._files = files
        self._work = work
        self._decisions = decisions
        self._companies = companies
        self._phrases = phrases
        self._clock = clock
        self._frame = frame

    def pages(self) -> list[Page]:
        """Everybody reads; who works here changes."""
        one = "/requests/{receipt}"
        return [
            Page("/requests", self.index, EVERYONE, nav="requests"),
            Page(one, self.show, EVERYONE),
            Page(f"{one}/begin", self.begin, WORKERS, ("POST",)),
            Page(f"{one}/assign", self.assign, WORKERS, ("POST",)),
            Page(f"{one}/tasks", self.tick, WORKERS, ("POST",)),
        ]

    async def index(self, request: Request) -> Response:
        """Show the requests of a filter, page by page."""
        wanted, last = _filter(request, jst_date(self._clock.now())), request.query_params.get("after", "")
        if last:
            wanted = RequestList(**{**vars(wanted), "after": await self._find(request, last)})
        rows = await run_in_threadpool(self._files.page, RequestList(**{**vars(wanted), "limit": A_PAGE + 1}))
        company = self._companies.get(wanted.company)
        return self._frame.show(
            request,
            "request_list.html",
            rows=rows[:A_PAGE],
            more=_more(request, rows),
            chosen=request.query_params,
            is_first=not last,
            start=str(request.url.remove_query_params("after").query),
            choices=self._choices(company),
        )

    async def show(self, request: Request) -> Response:
        """Show one request."""
        file = await run_in_threadpool(self._files.file, *_place(request))
        return self._frame.show(request, "request_file.html", **await self._file_context(request, file))

    async def begin(self, request: Request) -> Response:
        """Take it up."""
        found = await self._find(request, request.path_params["receipt"])
        await run_in_threadpool(self._work.begin, found.id, request.state.staff.id)
        return self._back(request, "request_begun")

    async def assign(self, request: Request) -> Response:
        """Give it to a colleague."""
        found, form = await self._find(request, request.path_params["receipt"]), await request.form()
        await run_in_threadpool(self._work.assign, found.id, str(form.get("to", "")), request.state.staff.id)
        return self._back(request, "request_assigned")

    async def tick(self, request: Request) -> Response:
        """Tick a task off, or open it again."""
        found, form = await self._find(request, request.path_params["receipt"]), await request.form()
        done, key = form.get("done") == "yes", str(form.get("task", ""))
        await run_in_threadpool(self._work.tick, found.id, key, done, request.state.staff.id)
        return self._back(request, "task_changed")

    async def _file_context(self, request: Request, file: RequestFile) -> dict[str, Any]:
        works, me = request.state.membership.role in WORKERS, request.state.staff.id
        return {
            "file": file,
            "works": works,
            "step": next_step(file, me) if works else "",
            "task_words": {task.key: self._files.task_words(task) for task in file.tasks},
            "letter": await self._letter(file),
            "ground": self._decisions.ground_words(file.request, file.request.decision.get("ground", "")),
        }

    async def _letter(self, file: RequestFile) -> Any:
        """What the customer will get by the proposal, as far as it may still be approved."""
        if not file.proposed_by:
            return None
        return await run_in_threadpool(self._decisions.compose, file.request, decision_of(file.request.decision))

    async def _find(self, request: Request, receipt: str) -> DataSubjectRequest:
        company, _, scope = _place(request)
        return await run_in_threadpool(self._files.find, company, receipt, scope)

    def _back(self, request: Request, told: str) -> Response:
        return self._frame.back(self._frame.path(request, f"/requests/{request.path_params['receipt']}"), told)

    def _choices(self, company: Company) -> Mapping[str, list[tuple[str, str]]]:
        """The values of the filters with their words."""
        return {
            "show": [(name, self._phrases.text(f"show_{name}")) for name in _SHOW],
            "type": [(kind.id, kind.label) for kind in REQUEST_TYPES],
            "due": [(name, self._phrases.text(f"due_{name}")) for name in ("late", "week")],
            "store": [(store.id, store.name) for store in company.stores],
        }


_STATUSES = frozenset(status.value for status in Status)
_ENDED = sorted(status.value for status in ENDED)
_SHOW = ("running", Status.OPEN.value, Status.IN_PROGRESS.value, *_ENDED, "all")


def _place(request: Request) -> tuple[str, str, str | None]:
    """The company, the receipt number and the staff member's only store."""
    membership = request.state.membership
    return membership.company, request.path_params.get("receipt", ""), membership.store


def _filter(request: Request, today: date) -> RequestList:
    """Read the filter; what makes no sense is as if it weren't there."""
    asked, membership = request.query_params, request.state.membership
    show = asked.get("show", "")
    status = show if show in _STATUSES else None
    due = asked.get("due", "")
    return RequestList(
        membership.company,
        running=show not in (*_ENDED, "all"),
        status=status,
        type=asked.get("type") or None,
        scope=membership.store,
        store=asked.get("store") or None,
        assigned_to=request.state.staff.id if asked.get("mine") else None,
        due_before={"late": today, "week": today + _WEEK + timedelta(days=1)}.get(due),
        due_from=today if due == "week" else None,
    )


def _more(request: Request, rows: list[Listed]) -> str:
    """The address of the next page, or nothing."""
    if len(rows) <= A_PAGE:
        return ""
    return str(request.url.include_query_params(after=rows[A_PAGE - 1].request.receipt).query)
