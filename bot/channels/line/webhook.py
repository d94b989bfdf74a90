"""The address that LINE calls: POST /line/COMPANY/webhook."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import structlog
from prometheus_client import Counter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.channels.line.accounts import Account
from bot.channels.line.answering import Answering
from bot.channels.line.events import Arrival, BadWebhook, read_arrivals
from bot.channels.line.reception import Reception
from bot.errors import Unavailable

_log = structlog.get_logger(__name__)

LONGEST_BODY = 2_000_000
"""Bytes; LINE names no limit, and a hundred of the longest texts are less."""

WEBHOOKS = Counter("madoguchi_line_webhooks", "Webhooks of LINE by what we answered", ["status"])


class Webhook:
    """Verifies, stores, answers 200 at once, and lets the rest be done after; LINE gives up on us after 2 seconds."""

    def __init__(self, accounts: Mapping[str, Account], reception: Reception, answering: Answering) -> None:
        self._accounts = accounts
        self._reception = reception
        self._answering = answering

    async def receive(self, request: Request) -> Response:
        """Answer a webhook: 200 once all is stored; 503 if it can't be, so that LINE delivers it again."""
        status, error = await self._take(request)
        WEBHOOKS.labels(status).inc()
        return JSONResponse({"error": error} if error else {}, status_code=status)

    async def _take(self, request: Request) -> tuple[int, str]:
        account = self._accounts.get(request.path_params["company"])
        if account is None:
            return 404, "not_found"
        body = await _read(request)
        if body is None:
            return 413, "too_large"
        if not account.signed(body, request.headers.get("x-line-signature", "")):
            return 401, "signature"
        try:
            payload = json.loads(body)
            arrivals = read_arrivals(payload)
        except (ValueError, RecursionError, BadWebhook):
            return 400, "bad_request"
        if account.bot_user_id not in (None, payload.get("destination")):
            _log.error("line.other_destination", company=account.company)
            return 400, "destination"
        try:
            conversations = await run_in_threadpool(self._store, account.company, arrivals)
        except Unavailable:
            return 503, "unavailable"
        for conversation in conversations:
            self._answering.begin(conversation)
        return 200, ""

    def _store(self, company: str, arrivals: Sequence[Arrival]) -> list[str]:
        touched: dict[str, None] = {}
        for arrival in arrivals:
            try:
                conversation = self._reception.take_in(company, arrival)
            except Unavailable:
                raise
            except Exception as error:
                # An event that we fail at would fail again: it must not keep the others of its batch out.
                _log.error("line.event_failed", company=company, exc_info=error)
                continue
            if conversation is not None:
                touched[conversation] = None
        return list(touched)


async def _read(request: Request) -> bytes | None:
    """The body; None if it is longer than any webhook."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LONGEST_BODY:
            return None
    return bytes(received)
