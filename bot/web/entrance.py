"""What every request passes first: headers, a request id, a count, and an end to errors nobody foresaw."""

from __future__ import annotations

import time
import uuid

import structlog
from prometheus_client import Counter, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = structlog.get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Defaults: a route that needs another value sets its own."""

TLS_ONLY = "max-age=31536000"

REQUESTS = Counter("madoguchi_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("madoguchi_http_seconds", "From a request's start to its answer's first byte", ["route"])


class Entrance:
    """The outermost layer; it alone catches every Exception."""

    def __init__(self, app: ASGIApp, tls: bool) -> None:
        self._app = app
        self._tls = tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the app answer; count and log it without the address, the query or anything that was sent."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, self._tls)
        with structlog.contextvars.bound_contextvars(request_id=answer.request_id):
            try:
                await self._app(scope, receive, answer.send)
            except Exception as error:
                # Starlette has answered by now and passes the error on for whoever logs.
                _log.error("web.failed", method=scope["method"], route=_route(scope), exc_info=error)
            answer.count(scope)


class _Answer:
    """One request's answer on its way out."""

    def __init__(self, send: Send, tls: bool) -> None:
        self.request_id = uuid.uuid4().hex
        self.status = 0
        self._send = send
        self._tls = tls
        self._began = time.monotonic()
        self._seconds = 0.0

    async def send(self, message: Message) -> None:
        """Pass a part of the answer on, its head with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._seconds = time.monotonic() - self._began
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self.request_id
            if self._tls:
                headers.setdefault("Strict-Transport-Security", TLS_ONLY)
        await self._send(message)

    def count(self, scope: Scope) -> None:
        """Count and log; a visitor who left before the answer counts as 499, as nginx has it."""
        route, status = _route(scope), self.status or 499
        REQUESTS.labels(scope["method"], route, status).inc()
        SECONDS.labels(route).observe(self._seconds)
        _log.info(
            "web.answered", method=scope["method"], route=route, status=status, duration_ms=round(self._seconds * 1000)
        )


def _route(scope: Scope) -> str:
    """Name the route, never the path: what is in a path may be personal, and anybody can invent paths."""
    route = scope.get("route")
    mounted = scope.get("root_path", "")
    return f"{mounted}{getattr(route, 'path', '')}" if route else "none"
