"""What all pages have around them: the menu, the words of what was done, headers, and errors in plain Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.console.assets import Assets
from bot.console.cookies import Cookies
from bot.console.forms import typed
from bot.console.guard import SignedOut
from bot.console.japanese import FILTERS
from bot.console.menu import menu_of
from bot.errors import MadoguchiError, NotFound, Unavailable
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock
from bot.settings import ROOT

TEMPLATES = ROOT / "bot" / "console" / "templates"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No script and no style but our files: what anybody wrote into a name or a chat can't run."""

_STATUS: dict[type[MadoguchiError], int] = {SignedOut: 401, NotFound: 404, Unavailable: 503}
_REFUSED = 409
_FAULT = 500


class Frame:
    """Shows pages, goes back to them, and answers errors."""

    def __init__(
        self, phrases: Phrasebook, companies: PolicyLibrary, clock: Clock, cookies: Cookies, assets: Assets
    ) -> None:
        self._phrases = phrases
        self._companies = companies
        self._clock = clock
        self._cookies = cookies
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(FILTERS)
        self._templates.globals.update(asset=assets.address, say=phrases.text)

    def show(self, request: Request, template: str, status: int = 200, **context: Any) -> Response:
        """Render a template for whoever asks; see `_context` for what every template has."""
        told = self._told(request)
        html = self._templates.get_template(template).render(
            **self._context(request), status=status, told=told, **context
        )
        response = HTMLResponse(html, status, {"Content-Security-Policy": POLICY})
        self._cookies.begin_visit(request, response)
        if told:
            self._cookies.forget_told(response)
        return response

    def back(self, path: str, told: str = "") -> Response:
        """Answer a form: go to a page of ours, which says the phrase `told_<told>`."""
        response = RedirectResponse(path, 303)
        if told:
            self._cookies.tell(response, told)
        return response

    def path(self, request: Request, path: str) -> str:
        """The address of a page of the company that the request is in."""
        return f"/staff/{request.path_params['company']}{path}"

    def words(self, error: MadoguchiError) -> str:
        """What staff read of an error, for a page that shows it beside the field that caused it."""
        return self._phrases.text(error.phrase, **error.values)

    def say(self, name: str, **values: object) -> str:
        """A phrase of the responses."""
        return self._phrases.text(name, **values)

    async def answer_error(self, request: Request, error: Exception) -> Response:
        """Answer one of our own errors in Japanese, with what was typed; one without words for staff is a fault."""
        assert isinstance(error, MadoguchiError)  # noqa: S101 -- registered for it alone
        status = next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), _REFUSED)
        if not error.phrase and status == _REFUSED:
            raise error
        words = self.words(error) if error.phrase else self._phrases.text(f"console_http_{status}")
        return await self._answer(request, status, words)

    async def answer_http_error(self, request: Request, error: Exception) -> Response:
        """Answer what the guard or Starlette refuses, telling nothing of what is behind it."""
        assert isinstance(error, HTTPException)  # noqa: S101 -- registered for it alone
        name = f"console_http_{error.status_code}"
        known = name if name in self._phrases.names() else "console_http_400"
        return await self._answer(request, error.status_code, self._phrases.text(known))

    async def answer_fault(self, request: Request, error: Exception) -> Response:
        """Answer an error that nobody foresaw, telling nothing of it."""
        return await self._answer(request, _FAULT, self._phrases.text("console_http_500"))

    async def _answer(self, request: Request, status: int, words: str) -> Response:
        template = "error_part.html" if request.headers.get("hx-request") else "error.html"
        return self.show(request, template, status, words=words, kept=await _kept(request))

    def _told(self, request: Request) -> str:
        name = f"told_{self._cookies.told(request)}"
        return self._phrases.text(name) if name in self._phrases.names() else ""

    def _context(self, request: Request) -> dict[str, Any]:
        """`staff`, `membership` and `company` are None for who isn't signed in or in no company's page."""
        membership = getattr(request.state, "membership", None)
        return {
            "request": request,
            "staff": getattr(request.state, "staff", None),
            "membership": membership,
            "company": self._companies.get(membership.company) if membership else None,
            "here": f"/staff/{membership.company}" if membership else "/staff",
            "csrf": self._cookies.form_token(request),
            "nav": menu_of(request, membership) if membership else (),
            "now": self._clock.now(),
            "today": jst_date(self._clock.now()),
        }


async def _kept(request: Request) -> Mapping[str, str]:
    """What was typed into the form that couldn't be taken, as far as it was read."""
    form = getattr(request.state, "form", None)
    return typed(form) if form is not None else {}
