"""外部システム: which other help desks take part over the API, for administrators."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Page
from bot.errors import MadoguchiError
from bot.services.actors import staff_actor
from bot.services.machines import BadMachine, MachineRegister, Scope
from bot.services.staff.roles import ADMINS
from bot.services.webhook_targets import WebhookRefused

LIST = "/admin/machines"
_REFUSED = 409


class MachinePages:
    """The list, a new key that is shown once, and the end of one."""

    def __init__(self, register: MachineRegister, frame: Frame) -> None:
        self._register = register
        self._frame = frame

    def pages(self) -> list[Page]:
        """All for administrators alone."""
        return [
            Page(LIST, self.list, ADMINS, nav="machines"),
            Page(LIST, self.add, ADMINS, methods=("POST",)),
            Page(f"{LIST}/{{machine}}/revoke", self.revoke, ADMINS, methods=("POST",)),
        ]

    async def list(self, request: Request) -> Response:
        """Show all, and the form for a new one."""
        return await self._list(request)

    async def add(self, request: Request) -> Response:
        """Make a key and show it, this once: so the answer is the page itself."""
        form = await request.form()
        typed = {name: str(form.get(name, "")).strip() for name in ("name", "scope", "webhook")}
        scope = Scope.WORK if typed["scope"] == Scope.WORK.value else Scope.READ
        company, actor = request.state.membership.company, staff_actor(request.state.staff.id)
        try:
            made = await run_in_threadpool(
                self._register.add, typed["name"], company, scope, typed["webhook"] or None, actor
            )
        except (BadMachine, WebhookRefused) as error:
            return await self._list(request, error, typed)
        return self._frame.show(request, "machine_key.html", machine=made.machine, key=made.key)

    async def revoke(self, request: Request) -> Response:
        """End a key."""
        company, actor = request.state.membership.company, staff_actor(request.state.staff.id)
        await run_in_threadpool(self._register.revoke, request.path_params["machine"], company, actor)
        return self._frame.back(self._frame.path(request, LIST), told="machine_revoked")

    async def _list(
        self, request: Request, error: MadoguchiError | None = None, typed: dict[str, str] | None = None
    ) -> Response:
        machines = await run_in_threadpool(self._register.find, request.state.membership.company)
        return self._frame.show(
            request,
            "machines.html",
            _REFUSED if error else 200,
            machines=machines,
            typed=typed or {"name": "", "scope": Scope.READ.value, "webhook": ""},
            problem=self._frame.words(error) if error else "",
        )
