"""The compiled record of a disclosure: to print, as CSV, and as a link that the customer gets by e-mail."""

from __future__ import annotations

import io

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.services.disclosures import Disclosures, Section
from bot.services.request_files import RequestFiles
from bot.services.spreadsheet import write_csv
from bot.services.staff.roles import WORKERS

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for CP932."""


class RequestRecordPages:
    """Whoever looks at a record is noted in the request's history."""

    def __init__(self, files: RequestFiles, disclosures: Disclosures, frame: Frame) -> None:
        self._files = files
        self._disclosures = disclosures
        self._frame = frame

    def pages(self) -> list[Page]:
        """Records are for who works on the request, not for who reads along."""
        one = "/requests/{receipt}"
        return [
            Page(f"{one}/record", self.show, WORKERS),
            Page(f"{one}/record.csv", self.as_csv, WORKERS),
            Page(f"{one}/link", self.send_link, WORKERS, ("POST",)),
        ]

    async def show(self, request: Request) -> Response:
        """Show the record, to be read and printed."""
        file = await run_in_threadpool(self._files.file, *self._place(request))
        sections = await self._sections(request)
        return self._frame.show(request, "request_record.html", file=file, sections=sections)

    async def as_csv(self, request: Request) -> Response:
        """Give the record as CSV."""
        text = io.StringIO()
        sections = await self._sections(request)
        rows = [(section.title, label, value) for section in sections for label, value in section.rows]
        write_csv(text, ("区分", "項目", "内容"), rows)
        name = f"record-{request.path_params['receipt']}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(_BYTE_ORDER_MARK + text.getvalue(), media_type="text/csv", headers=headers)

    async def send_link(self, request: Request) -> Response:
        """E-mail the customer a link to the record."""
        found = await run_in_threadpool(self._files.find, *self._place(request))
        await run_in_threadpool(self._disclosures.send_link, found.id, request.state.staff.id)
        return self._frame.back(self._frame.path(request, f"/requests/{found.receipt}"), "link_sent")

    async def _sections(self, request: Request) -> list[Section]:
        found = await run_in_threadpool(self._files.find, *self._place(request))
        return await run_in_threadpool(self._disclosures.show, found.id, request.state.staff.id)

    def _place(self, request: Request) -> tuple[str, str, str | None]:
        membership = request.state.membership
        return membership.company, request.path_params["receipt"], membership.store
