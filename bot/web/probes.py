"""What an operator's machines ask: alive, ready, and the figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress

import httpx
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Unavailable
from bot.services.ports import Store
from bot.settings import Settings

_PATIENCE_S = 2.0


class Probes:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def routes(self) -> list[Route]:
        """The routes of the probes."""
        return [
            Route("/healthz", self.alive),
            Route("/readyz", self.ready),
            Route("/metrics", self.metrics),
        ]

    async def alive(self, request: Request) -> Response:
        """Tell that this process answers."""
        return PlainTextResponse("ok\n")

    async def ready(self, request: Request) -> Response:
        """Tell of each part whether it answers; 503 unless all do."""
        names = ("database", "engine", "actions")
        actions = f"http://127.0.0.1:{self._settings.action_port}/health"
        async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
            answers = await asyncio.gather(
                self._database(), _answers(client, f"{self._settings.engine_url}/"), _answers(client, actions)
            )
        parts = dict(zip(names, answers, strict=True))
        return JSONResponse({"ready": all(answers), "parts": parts}, status_code=200 if all(answers) else 503)

    async def metrics(self, request: Request) -> Response:
        """Give the figures to this machine, or to who knows METRICS_TOKEN."""
        if not self._may_read(request):
            return JSONResponse({"error": "token"}, status_code=401)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    async def _database(self) -> bool:
        try:
            await asyncio.wait_for(run_in_threadpool(self._store.ping), _PATIENCE_S)
        except (Unavailable, asyncio.TimeoutError):
            return False
        return True

    def _may_read(self, request: Request) -> bool:
        token = self._settings.metrics_token
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return True
        # A proxy on this machine speaks for others: without knowing for whom, loopback means nothing.
        through_proxy = "forwarded" in request.headers or "x-forwarded-for" in request.headers
        return not through_proxy and _is_loopback(request.client.host if request.client else "")


async def _answers(client: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await client.get(address)).status_code == 200
    except httpx.HTTPError:
        return False


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
