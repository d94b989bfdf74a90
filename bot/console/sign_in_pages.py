"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.cookies import Cookies
from bot.console.frame import Frame
from bot.console.guard import SIGN_IN
from bot.console.page import OpenPage
from bot.console.visitors import HOME, visitor_of, way_on
from bot.errors import MadoguchiError
from bot.services.staff.records import Stage
from bot.services.staff.services import StaffServices
from bot.services.staff.sign_in import CodeRefused, Entered, SignInRefused, TooManyTries

_REFUSED, _TOO_MANY = 400, 429
_NEXT = {Stage.CODE: "/staff/totp", Stage.SET_UP: "/staff/totp/new"}


class SignInPages:
    """The form for the password, the form for the code, and the way out."""

    def __init__(self, staff: StaffServices, cookies: Cookies, frame: Frame) -> None:
        self._staff = staff
        self._cookies = cookies
        self._frame = frame

    def pages(self) -> list[OpenPage]:
        """Everybody may knock; the code is for who gave a password."""
        return [
            OpenPage("/login", self.form),
            OpenPage("/login", self.sign_in, methods=("POST",)),
            OpenPage("/logout", self.sign_out, methods=("POST",)),
            OpenPage("/totp", self.code_form, frozenset({Stage.CODE})),
            OpenPage("/totp", self.enter_code, frozenset({Stage.CODE}), methods=("POST",)),
        ]

    async def form(self, request: Request) -> Response:
        """Ask for e-mail and password, unless somebody is in."""
        signed_in = request.state.signed_in
        if signed_in and signed_in.session.stage is Stage.FULL:
            return RedirectResponse(HOME, 303)
        return self._form(request, way_on(request.query_params.get("next")))

    async def sign_in(self, request: Request) -> Response:
        """Check the password."""
        form = await request.form()
        email, password, way = str(form.get("email", "")), str(form.get("password", "")), way_on(form.get("next"))
        try:
            check = self._staff.sign_in.with_password
            entered = await run_in_threadpool(check, email, password, visitor_of(request))
        except (SignInRefused, TooManyTries) as error:
            return self._form(request, way, email, error)
        return self.let_in(entered, way)

    def let_in(self, entered: Entered, way: str = HOME) -> Response:
        """Give the browser its session and lead it on: to the second factor, or to where it wanted."""
        address = _NEXT.get(entered.stage)
        if address is None and entered.first:
            address = "/staff/totp/new"
        target = way if address is None else f"{address}?{urlencode({'next': way})}"
        response = RedirectResponse(target, 303)
        self._cookies.sign_in(response, entered.token)
        return response

    async def code_form(self, request: Request) -> Response:
        """Ask for the code."""
        return self._frame.show(request, "sign_in_code.html", next=way_on(request.query_params.get("next")), problem="")

    async def enter_code(self, request: Request) -> Response:
        """Check the code."""
        form = await request.form()
        way = way_on(form.get("next"))
        try:
            check, code = self._staff.sign_in.with_code, str(form.get("code", ""))
            entered = await run_in_threadpool(check, request.state.signed_in, code, visitor_of(request))
        except (CodeRefused, TooManyTries) as error:
            words, status = self._frame.words(error), status_of(error)
            return self._frame.show(request, "sign_in_code.html", status, next=way, problem=words)
        response = RedirectResponse(way, 303)
        self._cookies.sign_in(response, entered.token)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session here and in the database."""
        if request.state.signed_in:
            await run_in_threadpool(self._staff.sign_in.sign_out, request.state.signed_in)
        response = self._frame.back(SIGN_IN, told="signed_out")
        self._cookies.sign_out(response)
        return response

    def _form(self, request: Request, way: str, email: str = "", error: MadoguchiError | None = None) -> Response:
        words, status = (self._frame.words(error), status_of(error)) if error else ("", 200)
        return self._frame.show(request, "sign_in.html", status, next=way, email=email, problem=words)


def status_of(error: MadoguchiError) -> int:
    """How a form that is shown again is answered."""
    return _TOO_MANY if isinstance(error, TooManyTries) else _REFUSED
