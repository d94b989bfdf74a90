"""Which websites may talk to the desk from a visitor's browser."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from bot.knowledge.library import PolicyLibrary
from bot.settings import Settings


class Origins:
    """The origins of each company's website, from its company.yml."""

    def __init__(self, companies: PolicyLibrary, settings: Settings) -> None:
        self._companies = companies
        self._settings = settings

    def allowed(self, origin: str, company: str) -> bool:
        """Whether pages of that origin may open conversations with the company."""
        return self._own(origin) or origin in self._companies.get(company).allowed_origins

    def allowed_by_any(self, origin: str) -> bool:
        """Whether any company names the origin: all that a preflight request, which carries no token, can be asked."""
        return self._own(origin) or any(
            origin in self._companies.get(company).allowed_origins for company in self._companies.ids()
        )

    def _own(self, origin: str) -> bool:
        if origin == self._settings.base_url:
            return True
        return not self._settings.production and _is_loopback(origin)


class CompanyCors(CORSMiddleware):
    """Starlette's CORS with the origins asked at each request, since a company file may change while we run."""

    def __init__(self, app: ASGIApp, allowed: Callable[[str], bool]) -> None:
        super().__init__(
            app,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            expose_headers=["Retry-After"],
        )
        self._allowed = allowed

    def is_allowed_origin(self, origin: str) -> bool:
        """Ask the companies."""
        return self._allowed(origin)


def _is_loopback(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
