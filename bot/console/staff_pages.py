"""担当者: who works for a company, for its administrators."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.console.frame import Frame
from bot.console.page import Endpoint, Page
from bot.console.sign_in_pages import status_of
from bot.console.stores import stores_wanted
from bot.errors import MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.services.actors import staff_actor
from bot.services.staff.names import StaffRefused
from bot.services.staff.register import Colleague, Place, StaffRegister
from bot.services.staff.roles import ADMINS, Role

LIST = "/admin/staff"


class StaffPages:
    """The list, the invitation, and one person's page."""

    def __init__(self, register: StaffRegister, companies: PolicyLibrary, frame: Frame) -> None:
        self._register = register
        self._companies = companies
        self._frame = frame

    def pages(self) -> list[Page]:
        """All for administrators alone."""
        one = f"{LIST}/{{staff}}"
        return [
            Page(LIST, self.list, ADMINS, nav="staff"),
            self._post(LIST, self.invite),
            Page(one, self.show, ADMINS),
            self._post(one, self.change),
            self._post(f"{one}/invite", self.invite_again),
            self._post(f"{one}/remove", self.remove),
            self._post(f"{one}/reset", self.reset),
        ]

    async def list(self, request: Request) -> Response:
        """Show everybody, and the form to invite."""
        return await self._list(request)

    async def invite(self, request: Request) -> Response:
        """Invite somebody by e-mail."""
        form = await request.form()
        email, name = str(form.get("email", "")), str(form.get("name", ""))
        try:
            place = _place(request, form.get("role"), form.get("store"))
            await run_in_threadpool(self._register.invite, email, name, place, request.state.staff)
        except StaffRefused as error:
            return await self._list(request, error, email=email, name=name, role=str(form.get("role", "")))
        return self._frame.back(self._frame.path(request, LIST), told="invited")

    async def show(self, request: Request) -> Response:
        """Show one person, with what can be changed."""
        company = self._companies.get(request.state.membership.company)
        return self._frame.show(request, "staff_member.html", one=await self._one(request), stores=company.stores)

    async def change(self, request: Request) -> Response:
        """Change role and store."""
        form, one = await request.form(), await self._one(request)
        place = _place(request, form.get("role"), form.get("store"))
        await run_in_threadpool(self._register.change, one.staff.id, place, request.state.staff)
        return self._frame.back(self._frame.path(request, LIST), told="saved")

    async def invite_again(self, request: Request) -> Response:
        """Send a new invitation."""
        one = await self._one(request)
        await run_in_threadpool(
            self._register.invite_again, request.state.membership.company, one.staff.id, request.state.staff
        )
        return self._frame.back(self._frame.path(request, LIST), told="invited")

    async def remove(self, request: Request) -> Response:
        """Take somebody out of the company."""
        one, actor = await self._one(request), staff_actor(request.state.staff.id)
        await run_in_threadpool(self._register.remove, request.state.membership.company, one.staff.id, actor)
        return self._frame.back(self._frame.path(request, LIST), told="staff_removed")

    async def reset(self, request: Request) -> Response:
        """Take a lost second factor away."""
        one = await self._one(request)
        await run_in_threadpool(
            self._register.reset_factor, request.state.membership.company, one.staff.id, request.state.staff
        )
        return self._frame.back(self._frame.path(request, f"{LIST}/{one.staff.id}"), told="factor_reset")

    async def _list(self, request: Request, error: MadoguchiError | None = None, **typed: str) -> Response:
        membership, store = request.state.membership, request.query_params.get("store", "")
        company = self._companies.get(membership.company)
        stores = stores_wanted(membership, company, store)
        colleagues = await run_in_threadpool(self._register.colleagues, company.id)
        return self._frame.show(
            request,
            "staff_list.html",
            status_of(error) if error else 200,
            colleagues=[one for one in colleagues if stores is None or (one.membership.store or "") in stores],
            store=store,
            stores=company.stores,
            typed={"email": "", "name": "", "role": Role.CLERK.value, **typed},
            problem=self._frame.words(error) if error else "",
        )

    async def _one(self, request: Request) -> Colleague:
        colleagues = await run_in_threadpool(self._register.colleagues, request.state.membership.company)
        wanted = request.path_params["staff"]
        found = next((one for one in colleagues if one.staff.id == wanted), None)
        if found is None:
            raise NotFound("nobody of this company has that id")
        return found

    def _post(self, path: str, endpoint: Endpoint) -> Page:
        return Page(path, endpoint, ADMINS, methods=("POST",))


def _place(request: Request, role: object, store: object) -> Place:
    try:
        return Place(request.state.membership.company, Role(str(role)), str(store) if store else None)
    except ValueError as error:
        raise StaffRefused("no such role", "staff_role_wrong") from error
