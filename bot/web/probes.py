"""What an operator's machines ask: alive, ready, and the figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Sequence

import httpx
from prometheus_client import CONTENT_TYPE_LATEST, Gauge
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.errors import Unavailable
from bot.services.ports import Clock, Store
from bot.settings import Settings
from bot.web.figures import figures
from bot.web.vitals import vital_figures

_PATIENCE_S = 2.0

TASKS = Gauge("madoguchi_web_tasks", "Tasks of the web front when it was asked last", multiprocess_mode="livesum")


class Probes:
    """`/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, store: Store, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._clock = clock
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
        """Tell of each part whether it answers; 503 if a kind of part has none that does."""
        engines = _named("engine", [f"{url}/" for url in self._settings.engine_urls])
        actions = _named("actions", [f"{url}/health" for url in self._settings.action_urls])
        addresses = {**engines, **actions}
        async with httpx.AsyncClient(timeout=_PATIENCE_S, trust_env=False) as client:
            database, *answers = await asyncio.gather(
                self._database(), *(_answers(client, address) for address in addresses.values())
            )
        parts = {"database": database, **dict(zip(addresses, answers, strict=True))}
        ready = database and any(parts[name] for name in engines) and any(parts[name] for name in actions)
        return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)

    async def metrics(self, request: Request) -> Response:
        """Give the figures to this machine, or to who knows METRICS_TOKEN."""
        if not self._may_read(request):
            return JSONResponse({"error": "token"}, status_code=401)
        TASKS.set(len(asyncio.all_tasks()))
        vital = await vital_figures(self._store, self._clock)
        return Response(figures() + vital, media_type=CONTENT_TYPE_LATEST)

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


def _named(kind: str, addresses: Sequence[str]) -> dict[str, str]:
    """Name the parts of a kind as the supervisor does: engine, engine-2 …"""
    return {kind if number == 1 else f"{kind}-{number}": address for number, address in enumerate(addresses, 1)}


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
