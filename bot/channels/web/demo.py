"""Pages of pretend company sites, which show the chat as it looks on a real one; only in development."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from bot.knowledge.library import PolicyLibrary

_PAGES = Path(__file__).parent / "pages"

STRICT = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""As strict as a page can be; the widget needs its script and its connection, nothing else."""


class Demo:
    """The list of companies and a page for each."""

    def __init__(self, companies: PolicyLibrary) -> None:
        self._companies = companies
        self._templates = Jinja2Templates(_PAGES)

    def routes(self) -> list[Route]:
        """The routes of the demo."""
        return [
            Route("/", self.index),
            Route("/demo/site.css", self.style),
            Route("/demo/icon.svg", self.icon),
            Route("/demo/{company}", self.site),
        ]

    async def index(self, request: Request) -> Response:
        """List the companies."""
        companies = [self._companies.get(company) for company in self._companies.ids()]
        return self._page(request, "index.html", companies=companies)

    async def site(self, request: Request) -> Response:
        """Show a company's pretend site with the widget."""
        company = request.path_params["company"]
        if company not in self._companies.ids():
            raise HTTPException(404)
        return self._page(request, "site.html", company=self._companies.get(company))

    async def style(self, request: Request) -> Response:
        """Give the pages' style sheet."""
        return FileResponse(_PAGES / "site.css", media_type="text/css")

    async def icon(self, request: Request) -> Response:
        """Give the pages' icon."""
        return FileResponse(_PAGES / "icon.svg", media_type="image/svg+xml")

    def _page(self, request: Request, name: str, **values: object) -> Response:
        return self._templates.TemplateResponse(
            request, name, dict(values), headers={"Content-Security-Policy": STRICT}
        )
