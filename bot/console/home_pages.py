"""Where staff land: the only company's first page, or a choice of companies."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.frame import Frame
from bot.console.page import OpenPage, Page
from bot.knowledge.library import PolicyLibrary
from bot.services.staff.records import Stage
from bot.services.staff.roles import EVERYONE


class HomePages:
    """The ways in."""

    def __init__(self, companies: PolicyLibrary, frame: Frame) -> None:
        self._companies = companies
        self._frame = frame

    def pages(self) -> list[Page]:
        """The company's own address."""
        return [Page("", self.company, EVERYONE)]

    def open_pages(self) -> list[OpenPage]:
        """The console's own address."""
        full = frozenset({Stage.FULL})
        return [OpenPage("/", self.start, full), OpenPage("/companies", self.choose, full)]

    async def start(self, request: Request) -> Response:
        """Go to the only company, or let choose one."""
        known = self._companies.ids()
        mine = [one for one in request.state.signed_in.memberships if one.company in known]
        if len(mine) == 1:
            return RedirectResponse(f"/staff/{mine[0].company}", 303)
        return await self.choose(request)

    async def choose(self, request: Request) -> Response:
        """List the companies that a person works for."""
        known = self._companies.ids()
        mine = [one.company for one in request.state.signed_in.memberships if one.company in known]
        companies = [self._companies.get(company) for company in mine]
        return self._frame.show(request, "companies.html", companies=companies)

    async def company(self, request: Request) -> Response:
        """Go to the first page of the menu."""
        pages: list[Page] = request.app.state.pages
        first = next((page for page in pages if page.nav and page.is_open_to(request.state.membership)), None)
        if first is None:
            raise HTTPException(404)
        return RedirectResponse(self._frame.path(request, first.path), 303)
