"""Setting up the second factor."""

from __future__ import annotations

import io

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.cookies import Cookies
from bot.console.frame import Frame
from bot.console.page import OpenPage
from bot.console.sign_in_pages import status_of
from bot.console.visitors import visitor_of, way_on
from bot.errors import MadoguchiError
from bot.services.staff.records import Stage
from bot.services.staff.services import StaffServices
from bot.services.staff.sign_in import CodeRefused, SignInRefused, TooManyTries

_WHO = frozenset({Stage.SET_UP, Stage.FULL})
_GROUP = 4
_REFUSALS = (CodeRefused, SignInRefused, TooManyTries)


class FactorPages:
    """The QR code, the first code, and the recovery codes."""

    def __init__(self, staff: StaffServices, cookies: Cookies, frame: Frame) -> None:
        self._staff = staff
        self._cookies = cookies
        self._frame = frame

    def pages(self) -> list[OpenPage]:
        """For who must set it up, and for who wants another one."""
        return [
            OpenPage("/totp/new", self.form, _WHO),
            OpenPage("/totp/new", self.set_up, _WHO, methods=("POST",)),
            OpenPage("/totp/new.svg", self.picture, _WHO),
            OpenPage("/account/codes", self.renew_codes, frozenset({Stage.FULL}), methods=("POST",)),
            OpenPage("/account/totp/drop", self.drop, frozenset({Stage.FULL}), methods=("POST",)),
        ]

    async def form(self, request: Request) -> Response:
        """Show the QR code and ask for its first code."""
        return self._form(request, way_on(request.query_params.get("next")))

    async def picture(self, request: Request) -> Response:
        """Draw the QR code; an address of ours, since the page's rules refuse pictures within the page."""
        address = self._staff.own_account.pending_address(request.state.signed_in)
        drawn = io.BytesIO()
        segno.make(address, error="m").save(drawn, kind="svg", scale=6, border=4, light="#fff", xmldecl=False)
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    async def set_up(self, request: Request) -> Response:
        """Check the first code; the answer shows the recovery codes, this once."""
        form, account = await request.form(), self._staff.own_account
        way, code, password = way_on(form.get("next")), str(form.get("code", "")), str(form.get("password", ""))
        try:
            made = await run_in_threadpool(
                account.set_up_factor, request.state.signed_in, code, password, visitor_of(request)
            )
        except _REFUSALS as error:
            return self._form(request, way, error)
        response = self._frame.show(request, "recovery_codes.html", codes=made.recovery_codes, next=way, fresh=True)
        self._cookies.sign_in(response, made.entered.token)
        return response

    async def renew_codes(self, request: Request) -> Response:
        """Make new recovery codes and show them, this once."""
        account, password = self._staff.own_account, str((await request.form()).get("password", ""))
        codes = await run_in_threadpool(
            account.renew_recovery_codes, request.state.signed_in, password, visitor_of(request)
        )
        return self._frame.show(request, "recovery_codes.html", codes=codes, next="/staff/account", fresh=False)

    async def drop(self, request: Request) -> Response:
        """Go on without a second factor."""
        account, password = self._staff.own_account, str((await request.form()).get("password", ""))
        await run_in_threadpool(account.drop_factor, request.state.signed_in, password, visitor_of(request))
        return self._frame.back("/staff/account", told="factor_dropped")

    def _form(self, request: Request, way: str, error: MadoguchiError | None = None) -> Response:
        signed_in = request.state.signed_in
        secret = self._staff.own_account.pending_secret(signed_in)
        return self._frame.show(
            request,
            "second_factor.html",
            status_of(error) if error else 200,
            next=way,
            secret=" ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP)),
            address=self._staff.own_account.pending_address(signed_in),
            may_wait=signed_in.session.stage is Stage.FULL,
            replaces=bool(signed_in.staff.totp_secret),
            problem=self._frame.words(error) if error else "",
        )
