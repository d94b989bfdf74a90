"""The menu, made from the table of pages."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from bot.console.page import Page
from bot.services.staff.records import Membership

_ADMIN = "/admin/"


@dataclass(frozen=True)
class MenuItem:
    """One entry; those of the administration are shown below the entry that leads there."""

    address: str
    phrase: str
    current: bool
    admin: bool


def menu_of(request: Request, membership: Membership) -> tuple[MenuItem, ...]:
    """The pages that somebody's role opens, in the table's order."""
    pages: list[Page] = request.app.state.pages
    base = f"/staff/{membership.company}"
    return tuple(
        MenuItem(base + page.path, f"nav_{page.nav}", _is_at(request, base + page.path), page.path.startswith(_ADMIN))
        for page in pages
        if page.nav and page.is_open_to(membership)
    )


def _is_at(request: Request, address: str) -> bool:
    here = request.url.path
    return here == address or here.startswith(f"{address}/")
