"""The one place where it is decided who may see and do what."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.console.cookies import Cookies
from bot.console.forms import ForgedForm, read_form
from bot.console.page import OpenPage, Page
from bot.errors import MadoguchiError
from bot.knowledge.library import PolicyLibrary
from bot.services.staff.records import Stage
from bot.services.staff.sessions import Sessions, SignedIn

_SAFE = ("GET", "HEAD")
SIGN_IN = "/staff/login"
_PLACE_OF = {Stage.CODE: "/staff/totp", Stage.SET_UP: "/staff/totp/new", Stage.FULL: "/staff"}


class SignedOut(MadoguchiError):
    """A form came from a page of ours after its session had ended."""

    phrase = "console_signed_out"


class Guard:
    """Turns the pages into routes that check session, company, role and form before anything else happens."""

    def __init__(self, sessions: Sessions, cookies: Cookies, companies: PolicyLibrary) -> None:
        self._sessions = sessions
        self._cookies = cookies
        self._companies = companies

    def route(self, page: Page) -> Route:
        """Let those in who have one of the page's roles in the company."""

        async def endpoint(request: Request) -> Response:
            signed_in = await self._signed_in(request, page.quiet)
            if signed_in is None or signed_in.session.stage is not Stage.FULL:
                return await self._turn_away(request, signed_in)
            self._admit(request, signed_in, page)
            return await page.endpoint(await self._checked(request))

        return Route("/{company}" + page.path, endpoint, methods=list(page.methods))

    def open_route(self, page: OpenPage) -> Route:
        """Let sessions in that are in one of the page's stages, or anybody if it names none."""

        async def endpoint(request: Request) -> Response:
            signed_in = await self._signed_in(request)
            if page.stages and (signed_in is None or signed_in.session.stage not in page.stages):
                return await self._turn_away(request, signed_in)
            return await page.endpoint(await self._checked(request))

        return Route(page.path, endpoint, methods=list(page.methods))

    async def _signed_in(self, request: Request, quiet: bool = False) -> SignedIn | None:
        if "\x00" in request.url.path or "%00" in request.url.query:
            raise HTTPException(404)
        token = self._cookies.session(request)
        signed_in = await run_in_threadpool(self._sessions.find, token, quiet=quiet) if token else None
        request.state.signed_in = signed_in
        request.state.staff = signed_in and signed_in.staff
        request.state.membership = None
        return signed_in

    def _admit(self, request: Request, signed_in: SignedIn, page: Page) -> None:
        """Set the membership; 404 for who has none in the company, as for a company that isn't there."""
        company = request.path_params["company"]
        membership = signed_in.in_company(company)
        if membership is None or company not in self._companies.ids():
            raise HTTPException(404)
        request.state.membership = membership
        if not page.is_open_to(membership):
            raise HTTPException(403)

    async def _turn_away(self, request: Request, signed_in: SignedIn | None) -> Response:
        """Lead to the form to sign in; what was typed in a page whose session is over meanwhile is shown, not lost."""
        if signed_in is None and request.method not in _SAFE:
            with suppress(ForgedForm):
                await self._checked(request)
                raise SignedOut("a form of a session that is over")
        return _send_to_sign_in(request, signed_in)

    async def _checked(self, request: Request) -> Request:
        if request.method in _SAFE:
            return request
        return await read_form(request, self._cookies.form_token(request))


def _send_to_sign_in(request: Request, signed_in: SignedIn | None) -> Response:
    if signed_in is not None:
        address = _PLACE_OF[signed_in.session.stage]
    else:
        way_back = request.url.path if request.method in _SAFE else ""
        address = f"{SIGN_IN}?{urlencode({'next': way_back}, quote_via=quote)}" if way_back else SIGN_IN
    if request.headers.get("hx-request"):
        # A part of a page can't be replaced by the form to sign in: the whole page goes there.
        return Response(status_code=204, headers={"HX-Redirect": SIGN_IN})
    return RedirectResponse(address, 303)
