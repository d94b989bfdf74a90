"""What links in e-mails lead to: the invitation, and a new password."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Endpoint, OpenPage
from bot.console.sign_in_pages import SignInPages, status_of
from bot.console.visitors import visitor_of
from bot.errors import MadoguchiError
from bot.services.staff.links import LinkOver
from bot.services.staff.passwords import SHORTEST, WeakPassword
from bot.services.staff.records import LinkKind
from bot.services.staff.services import StaffServices
from bot.services.staff.sign_in import TooManyTries

_GONE = 410


class LinkPages:
    """Setting a password by a link, and asking for one."""

    def __init__(self, staff: StaffServices, sign_in: SignInPages, frame: Frame) -> None:
        self._staff = staff
        self._sign_in = sign_in
        self._frame = frame

    def pages(self) -> list[OpenPage]:
        """For anybody: the link itself is the proof."""
        return [
            OpenPage("/forgotten", self.ask),
            OpenPage("/forgotten", self.send, methods=("POST",)),
            *(page for kind in LinkKind for page in self._of(kind)),
        ]

    def _of(self, kind: LinkKind) -> list[OpenPage]:
        path = f"/{kind.value}/{{token}}"
        return [OpenPage(path, self._form(kind)), OpenPage(path, self._set_password(kind), methods=("POST",))]

    async def ask(self, request: Request) -> Response:
        """Ask for the e-mail address."""
        return self._frame.show(request, "forgotten.html", problem="", sent=False)

    async def send(self, request: Request) -> Response:
        """Send a link if there is such an account; the answer is the same if not."""
        email = str((await request.form()).get("email", ""))
        try:
            await run_in_threadpool(self._staff.access.forgotten, email, visitor_of(request))
        except TooManyTries as error:
            words, status = self._frame.words(error), status_of(error)
            return self._frame.show(request, "forgotten.html", status, problem=words, sent=False)
        return self._frame.show(request, "forgotten.html", problem="", sent=True)

    def _form(self, kind: LinkKind) -> Endpoint:
        async def form(request: Request) -> Response:
            return await self._show(request, kind)

        return form

    def _set_password(self, kind: LinkKind) -> Endpoint:
        async def set_password(request: Request) -> Response:
            form, token = await request.form(), request.path_params["token"]
            try:
                entered = await run_in_threadpool(
                    self._staff.access.set_password, token, kind, str(form.get("password", "")), visitor_of(request)
                )
            except LinkOver as error:
                return self._over(request, error)
            except WeakPassword as error:
                return await self._show(request, kind, error)
            return self._sign_in.let_in(entered)

        return set_password

    async def _show(self, request: Request, kind: LinkKind, error: MadoguchiError | None = None) -> Response:
        try:
            link = await run_in_threadpool(self._staff.access.read, request.path_params["token"], kind)
        except LinkOver as over:
            return self._over(request, over)
        return self._frame.show(
            request,
            "new_password.html",
            status_of(error) if error else 200,
            person=link.staff,
            invited=kind is LinkKind.INVITATION,
            shortest=SHORTEST,
            problem=self._frame.words(error) if error else "",
        )

    def _over(self, request: Request, error: MadoguchiError) -> Response:
        return self._frame.show(request, "link_over.html", _GONE, words=self._frame.words(error))
