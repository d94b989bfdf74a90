"""The queue, and what is done with a case from it."""

from __future__ import annotations

from dataclasses import fields
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.case_words import CHANNELS, CaseWords, worker_of
from bot.console.frame import Frame
from bot.console.page import Page
from bot.errors import NotFound
from bot.knowledge.library import PolicyLibrary
from bot.services.casework import Casework
from bot.services.casework.queue import Wanted
from bot.services.casework.worker import CaseRefused, Worker
from bot.services.staff.roles import EVERYONE, WORKERS

_LONGEST = 100
_REFUSED = 409
_DIGITS = 5


class QueuePages:
    """Everybody in the company sees the queue; who works there acts."""

    def __init__(self, casework: Casework, companies: PolicyLibrary, words: CaseWords, frame: Frame) -> None:
        self._casework = casework
        self._companies = companies
        self._words = words
        self._frame = frame

    def pages(self) -> list[Page]:
        """The queue is where staff land."""
        case = "/cases/{case}"
        return [
            Page("/queue", self.index, EVERYONE, nav="queue"),
            Page("/queue/rows", self.rows, EVERYONE, quiet=True),
            Page("/queue/search", self.search, EVERYONE, ("POST",)),
            Page("/queue/alerts", self.alerts, WORKERS, ("POST",)),
            Page(f"{case}/claim", self.claim, WORKERS, ("POST",)),
            Page(f"{case}/release", self.release, WORKERS, ("POST",)),
            Page(f"{case}/assign", self.assign, WORKERS, ("POST",)),
            Page(f"{case}/finish", self.finish, WORKERS, ("POST",)),
        ]

    async def index(self, request: Request) -> Response:
        """Show the queue, or the part of it that the filters leave."""
        return await self._show(request, "queue.html")

    async def rows(self, request: Request) -> Response:
        """Give the list alone, for a page that is open to bring it up to date."""
        return await self._show(request, "queue_rows.html")

    async def search(self, request: Request) -> Response:
        """Show what a name or number finds; posted, so that it stands in no address and no log."""
        form = await request.form()
        text, worker = str(form.get("text", "")), worker_of(request)
        found = await run_in_threadpool(self._casework.search.find, worker, text)
        return self._frame.show(request, "queue_found.html", found=found, text=text, words=self._words)

    async def alerts(self, request: Request) -> Response:
        """Switch e-mail of new cases on or off for oneself."""
        on = (await request.form()).get("on") == "yes"
        await run_in_threadpool(self._casework.alerts.switch, worker_of(request), on)
        return self._frame.back(self._frame.path(request, "/queue"), "alerts_on" if on else "alerts_off")

    async def claim(self, request: Request) -> Response:
        """Take a case and go to its conversation; to the queue as it is now, if somebody was faster."""
        try:
            case = await run_in_threadpool(self._casework.cases.claim, worker_of(request), _case(request))
        except CaseRefused as error:
            return await self._show(request, "queue.html", error)
        return self._frame.back(self._frame.path(request, f"/conversations/{case.conversation}"), "case_claimed")

    async def release(self, request: Request) -> Response:
        """Put one's case back."""
        await run_in_threadpool(self._casework.cases.release, worker_of(request), _case(request))
        return self._frame.back(self._frame.path(request, "/queue"), "case_released")

    async def assign(self, request: Request) -> Response:
        """Give a case to somebody, oneself included."""
        form = await request.form()
        to, held_by = str(form.get("to", "")), str(form.get("held_by", "")) or None
        assign = self._casework.cases.assign
        case = await run_in_threadpool(assign, worker_of(request), _case(request), to, held_by)
        return self._frame.back(self._frame.path(request, f"/conversations/{case.conversation}"), "case_assigned")

    async def finish(self, request: Request) -> Response:
        """Give the conversation back to the bot."""
        form = await request.form()
        word, seen = str(form.get("word", "")), str(form.get("seen", ""))
        number = int(seen) if seen.isdecimal() and len(seen) <= _DIGITS else 0
        await run_in_threadpool(self._casework.cases.finish, worker_of(request), _case(request), word, number)
        return self._frame.back(self._frame.path(request, "/queue"), "case_finished")

    async def _show(self, request: Request, template: str, error: CaseRefused | None = None) -> Response:
        worker, wanted = worker_of(request), wanted_of(request)
        shown = await run_in_threadpool(self._casework.queue.show, worker, wanted)
        company = self._companies.get(worker.company)
        return self._frame.show(
            request,
            template,
            _REFUSED if error else 200,
            problem=self._frame.words(error) if error else "",
            shown=shown,
            wanted=wanted,
            query=_query(wanted),
            following=_query(shown.next) if shown.next else "",
            words=self._words,
            channels=[(one, CHANNELS[one]) for one in company.channels if one in CHANNELS],
            stores=[(store.id, store.name) for store in company.stores if worker.store in (None, store.id)],
            told_by_mail=await run_in_threadpool(self._told_by_mail, request, worker),
        )

    def _told_by_mail(self, request: Request, worker: Worker) -> bool | None:
        """None for who doesn't work here."""
        return self._casework.alerts.is_on(worker) if request.state.membership.role in WORKERS else None


def wanted_of(request: Request) -> Wanted:
    """Read the filters; what makes no sense leaves nothing out."""
    given = request.query_params
    number = given.get("cases_before", "")
    return Wanted(
        mine=given.get("mine") == "yes",
        waiting=given.get("waiting") == "yes",
        week=given.get("week") == "yes",
        late=given.get("late") == "yes",
        kind=given.get("kind", "")[:_LONGEST],
        store=given.get("store", "")[:_LONGEST],
        channel=given.get("channel", "")[:_LONGEST],
        cases_before=int(number) if number.isdecimal() and len(number) <= _DIGITS else 0,
        request_before=given.get("request_before", "")[:_LONGEST],
    )


def _query(wanted: Wanted) -> str:
    values = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return urlencode({name: "yes" if value is True else value for name, value in values.items() if value})


def _case(request: Request) -> str:
    case = str(request.path_params["case"])
    if len(case) > _LONGEST:
        raise NotFound("no case has such an id")
    return case
