"""The customer's pages of a link to a disclosed record; what the link is stands in its address alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.errors import NotFound, Unavailable
from bot.privacy.due_dates import jst_date
from bot.privacy.japanese_dates import show_date
from bot.services.document_delivery import Document, DocumentDelivery
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock
from bot.services.verification import Sending

PAGES = Path(__file__).parent / "pages"
_POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Robots-Tag": "noindex"}
_LONGEST_FORM = 1000
_TOO_LONG = 413


class Documents:
    """`/documents/{secret}`: nothing happens by opening it, a code is sent and the record fetched by its forms."""

    def __init__(self, delivery: DocumentDelivery, phrases: Phrasebook, clock: Clock) -> None:
        self._delivery = delivery
        self._phrases = phrases
        self._clock = clock
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
        self._style = (PAGES / "documents.css").read_bytes()

    def routes(self) -> list[Route]:
        """The routes of these pages."""
        return [
            Route("/documents/documents.css", self.style),
            Route("/documents/{secret}", self.show),
            Route("/documents/{secret}", self.act, methods=["POST"]),
        ]

    async def style(self, request: Request) -> Response:
        """Give the pages' style sheet."""
        return Response(self._style, media_type="text/css")

    async def show(self, request: Request) -> Response:
        """Say what can be fetched here."""
        try:
            company = await run_in_threadpool(self._delivery.look, request.path_params["secret"])
        except NotFound:
            return self._page("over", 404)
        except Unavailable:
            return self._page("busy", 503)
        return self._page("begin", company=company)

    async def act(self, request: Request) -> Response:
        """Send a code, or give the record for one."""
        if int(request.headers.get("content-length", _LONGEST_FORM + 1)) > _LONGEST_FORM:
            return self._page("over", _TOO_LONG)
        form, secret = await request.form(max_files=0), request.path_params["secret"]
        try:
            company = await run_in_threadpool(self._delivery.look, secret)
            if form.get("do") != "fetch":
                sending = await run_in_threadpool(self._delivery.send_code, secret)
                tone = "told" if sending is Sending.SENT else "problem"
                told = self._phrases.text(f"document_code_{sending.value}")
                return self._page("code", company=company, told=told, tone=tone)
            document = await run_in_threadpool(self._delivery.fetch, secret, str(form.get("code", "")))
        except NotFound:
            return self._page("over", 404)
        except Unavailable:
            return self._page("busy", 503)
        if document is None:
            told = self._phrases.text("document_code_wrong")
            return self._page("code", 403, company=company, told=told, tone="problem")
        return self._file(document)

    def _page(self, step: str, status: int = 200, **context: Any) -> Response:
        values = {"company": None, "told": "", "tone": "", **context}
        html = self._templates.get_template("document.html").render(step=step, **values)
        return HTMLResponse(html, status, _HEADERS)

    def _file(self, document: Document) -> Response:
        day = show_date(jst_date(self._clock.now()))
        html = self._templates.get_template("document_file.html").render(document=document, day=day)
        name = f"disclosure-{document.receipt}.html"
        return HTMLResponse(html, headers={**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'})
