"""Every route that the public front has, found in the app itself, so that a new one is tried too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.web.entrance import Entrance


def public_routes(app: Any) -> list[tuple[str, str]]:
    """List methods and paths, the paths with their parameters in braces."""
    assert isinstance(app, Entrance)
    return sorted(set(_walk(app._app, "")))


def _walk(app: Any, prefix: str) -> Iterator[tuple[str, str]]:
    assert isinstance(app, Starlette), f"{prefix} leads to something that isn't looked into: {app!r}"
    for route in app.routes:
        yield from _of_route(route, prefix)


def _of_route(route: Any, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(route, Mount):
        for inner in route.routes:
            yield from _of_route(inner, prefix + route.path)
        return
    assert isinstance(route, Route), f"a route of an unknown kind: {route!r}"
    for method in route.methods or ("GET",):
        yield method, prefix + route.path
