"""A user of LINE: the webhook is delivered again until the desk has it, as LINE does; the answer is what LINE shows."""

from __future__ import annotations

import asyncio
import time

import httpx

from bench.traffic.visitor import PATIENCE_S, RECONNECT_S, Exchange, NotAnswered
from tests.line_server import LineServer


class LinePerson:
    """One person with one company's account, who waits for an answer before going on."""

    def __init__(self, line: LineServer, http: httpx.AsyncClient, number: int, company: str = "okura") -> None:
        self._line = line
        self._http = http
        self._company = company
        self.id = f"U{number:032d}"
        self.exchanges: list[Exchange] = []

    async def say(self, text: str) -> Exchange:
        """Write, and wait until something new is on the screen; raise NotAnswered in the end."""
        event = self._line.text(self._company, self.id, text)
        exchange = Exchange(event["webhookEventId"], text, time.monotonic())
        self.exchanges.append(exchange)
        before = len(self._line.to(self.id))
        deadline = exchange.sent + PATIENCE_S
        while await self._line.deliver(self._http, self._company, event) != 200:
            event = {**event, "deliveryContext": {"isRedelivery": True}}
            await _pause(deadline, RECONNECT_S, f"{exchange.id} was not taken from LINE")
        exchange.accepted = time.monotonic()
        while len(self._line.to(self.id)) == before:
            await _pause(deadline, 0.01, f"{exchange.id} of LINE was not answered")
        exchange.answered = exchange.first_reply = time.monotonic()
        exchange.replies = [{"text": shown.text} for shown in self._line.to(self.id)[before:]]
        return exchange


async def _pause(deadline: float, seconds: float, otherwise: str) -> None:
    if time.monotonic() > deadline:
        raise NotAnswered(otherwise)
    await asyncio.sleep(seconds)
