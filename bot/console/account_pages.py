"""The own account: password, second factor, where one is signed in."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Endpoint, OpenPage
from bot.console.sign_in_pages import status_of
from bot.console.visitors import visitor_of
from bot.errors import MadoguchiError
from bot.services.staff.names import StaffRefused
from bot.services.staff.passwords import SHORTEST, WeakPassword
from bot.services.staff.records import Stage
from bot.services.staff.services import StaffServices
from bot.services.staff.sign_in import SignInRefused, TooManyTries
from bot.settings import Settings

ACCOUNT = "/staff/account"
_FULL = frozenset({Stage.FULL})


class AccountPages:
    """One page, and what its buttons do."""

    def __init__(self, staff: StaffServices, settings: Settings, frame: Frame) -> None:
        self._staff = staff
        self._settings = settings
        self._frame = frame

    def pages(self) -> list[OpenPage]:
        """For whoever is signed in, each for themselves."""
        return [
            OpenPage("/account", self.account, _FULL),
            self._post("/account/name", self.rename),
            self._post("/account/password", self.change_password),
            self._post("/account/sessions/end-others", self.end_others),
            self._post("/account/sessions/{session}/end", self.end_one),
        ]

    async def account(self, request: Request) -> Response:
        """Show what one can change."""
        return await self._show(request)

    async def rename(self, request: Request) -> Response:
        """Change the name that customers read."""
        name = str((await request.form()).get("name", ""))
        try:
            await run_in_threadpool(self._staff.own_account.rename, request.state.signed_in, name)
        except StaffRefused as error:
            return await self._show(request, name_problem=error, typed_name=name)
        return self._frame.back(ACCOUNT, told="saved")

    async def change_password(self, request: Request) -> Response:
        """Change the password; all other sessions end."""
        form, signed_in = await request.form(), request.state.signed_in
        old, new = str(form.get("password_now", "")), str(form.get("password_new", ""))
        try:
            change = self._staff.own_account.change_password
            await run_in_threadpool(change, signed_in, old, new, visitor_of(request))
        except (SignInRefused, TooManyTries) as error:
            return await self._show(request, old_problem=error)
        except WeakPassword as error:
            return await self._show(request, new_problem=error)
        return self._frame.back(ACCOUNT, told="password_changed")

    async def end_one(self, request: Request) -> Response:
        """End one of one's sessions."""
        end, session = self._staff.own_account.end_session, request.path_params["session"]
        await run_in_threadpool(end, request.state.signed_in, session)
        return self._frame.back(ACCOUNT, told="session_ended")

    async def end_others(self, request: Request) -> Response:
        """End all sessions but this one."""
        await run_in_threadpool(self._staff.own_account.end_other_sessions, request.state.signed_in)
        return self._frame.back(ACCOUNT, told="sessions_ended")

    async def _show(
        self,
        request: Request,
        name_problem: MadoguchiError | None = None,
        old_problem: MadoguchiError | None = None,
        new_problem: MadoguchiError | None = None,
        typed_name: str = "",
    ) -> Response:
        signed_in, problem = request.state.signed_in, name_problem or old_problem or new_problem
        sessions = await run_in_threadpool(self._staff.sessions.of, signed_in.staff.id)
        left = await run_in_threadpool(self._staff.own_account.recovery_codes_left, signed_in)
        return self._frame.show(
            request,
            "account.html",
            status_of(problem) if problem else 200,
            sessions=sessions,
            this_session=signed_in.session.id,
            codes_left=left,
            required=self._settings.second_factor_required,
            shortest=SHORTEST,
            name_problem=self._words(name_problem),
            typed_name=typed_name,
            old_problem=self._words(old_problem),
            new_problem=self._words(new_problem),
        )

    def _words(self, error: MadoguchiError | None) -> str:
        if isinstance(error, SignInRefused):
            return self._frame.say("staff_password_not_right")
        return self._frame.words(error) if error else ""

    def _post(self, path: str, endpoint: Endpoint) -> OpenPage:
        return OpenPage(path, endpoint, _FULL, methods=("POST",))
