"""What a page of the console is; the table of all pages is in `app.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.services.staff.records import Membership, Stage
from bot.services.staff.roles import ADMINS, Role

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """A page below `/staff/{company}`, for those who have one of `roles` there; nobody else is let near it.

    `nav` is the phrase `nav_<nav>` that names it in the menu. A `quiet` page is fetched by another page of itself, so
    fetching it doesn't put off the idle time-out. A `whole` one is about all stores: who works for one isn't
    let near it.
    """

    path: str
    endpoint: Endpoint
    roles: frozenset[Role]
    methods: tuple[str, ...] = ("GET",)
    nav: str = ""
    quiet: bool = False
    whole: bool = False

    def is_open_to(self, membership: Membership) -> bool:
        """Whether somebody in the company may see it; what administrators alone may is the whole company's anyway."""
        everywhere = membership.store is None or not (self.whole or self.roles <= ADMINS)
        return membership.role in self.roles and everywhere


@dataclass(frozen=True)
class OpenPage:
    """A page below `/staff` that belongs to no company, for sessions in one of `stages`.

    Without stages it is for anybody.
    """

    path: str
    endpoint: Endpoint
    stages: frozenset[Stage] = frozenset()
    methods: tuple[str, ...] = ("GET",)
