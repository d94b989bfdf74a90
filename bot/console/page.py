"""What a page of the console is; the table of all pages is in `app.py`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.services.staff.records import Stage
from bot.services.staff.roles import Role

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """A page below `/staff/{company}`, for those who have one of `roles` there; nobody else is let near it.

    `nav` is the phrase `nav_<nav>` that names it in the menu. A `quiet` page is fetched by another page of itself, so
    fetching it doesn't put off the idle time-out.
    """

    path: str
    endpoint: Endpoint
    roles: frozenset[Role]
    methods: tuple[str, ...] = ("GET",)
    nav: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class OpenPage:
    """A page below `/staff` that belongs to no company, for sessions in one of `stages`.

    Without stages it is for anybody.
    """

    path: str
    endpoint: Endpoint
    stages: frozenset[Stage] = frozenset()
    methods: tuple[str, ...] = ("GET",)
