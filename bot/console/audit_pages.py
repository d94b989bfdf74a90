"""操作の記録: who did what and when, to look through, to take along and to check."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.console.frame import Frame
from bot.console.page import Page
from bot.privacy.due_dates import jst_midnight
from bot.services.audit_log import AuditLog
from bot.services.ports.casework import AuditFilter
from bot.services.staff.roles import READERS_OF_AUDIT

LOG = "/admin/audit"
SHOWN = 50
_FILTERS = ("who", "what", "from", "to", "receipt")
WHOLE, BROKEN = "whole", "broken"


class AuditPages:
    """The log with its filter, the same as CSV, and the check of the chain."""

    def __init__(self, log: AuditLog, frame: Frame) -> None:
        self._log = log
        self._frame = frame

    def pages(self) -> list[Page]:
        """For those who oversee the others."""
        return [
            Page(LOG, self.show, READERS_OF_AUDIT, nav="audit"),
            Page(f"{LOG}.csv", self.download, READERS_OF_AUDIT),
            Page(f"{LOG}/check", self.check, READERS_OF_AUDIT, ("POST",)),
        ]

    async def show(self, request: Request) -> Response:
        """Show a page of records, the newest first."""
        return await self._show(request)

    async def download(self, request: Request) -> Response:
        """Send all records that the filter lets through, as a spreadsheet."""
        wanted = await run_in_threadpool(self._wanted, request)
        name = f"audit-{request.state.membership.company}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(
            self._log.spreadsheet(wanted, request.state.membership.store),
            media_type="text/csv; charset=utf-8",
            headers=headers,
        )

    async def check(self, request: Request) -> Response:
        """Check the chain now, and say how it is above the log: a result of now is no page to come back to."""
        fault = await run_in_threadpool(self._log.check)
        return await self._show(request, BROKEN if fault else WHOLE, fault or "")

    async def _show(self, request: Request, state: str = "", fault: str = "") -> Response:
        wanted = await run_in_threadpool(self._wanted, request)
        page = await run_in_threadpool(self._log.page, wanted, request.state.membership.store)
        query = {name: request.query_params.get(name, "") for name in _FILTERS}
        return self._frame.show(
            request,
            "audit.html",
            lines=page.lines,
            more=_place(*page.more) if page.more else "",
            chosen=query,
            query=urlencode(query),
            actors=await run_in_threadpool(self._log.actors, wanted.company),
            actions=self._log.actions(),
            state=state,
            fault=fault,
        )

    def _wanted(self, request: Request) -> AuditFilter:
        """Read the filter; what makes no sense in it is left out."""
        asked = request.query_params
        until = _midnight(asked.get("to", ""))
        wanted = AuditFilter(
            request.state.membership.company,
            actor=asked.get("who") or None,
            action=asked.get("what") or None,
            since=_midnight(asked.get("from", "")),
            until=until + timedelta(days=1) if until else None,
            before=_read_place(asked.get("before", "")),
            limit=SHOWN,
        )
        receipt = asked.get("receipt", "").strip()
        return self._log.about(wanted, receipt) if receipt else wanted


def _midnight(typed: str) -> datetime | None:
    """The beginning of a day in Japan; None for what is no day of this time."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return jst_midnight(day) if 2000 <= day.year < 3000 else None


def _place(at: datetime, seq: int) -> str:
    return f"{at.isoformat()}_{seq}"


def _read_place(typed: str) -> tuple[datetime, int] | None:
    at, _, seq = typed.partition("_")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return (moment, int(seq)) if moment.tzinfo and seq.isdecimal() and len(seq) < 10 else None
