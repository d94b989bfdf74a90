"""A visitor of the website's chat: sends until the desk has it, follows the stream, remembers every answer."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

PATIENCE_S = 180.0
"""For one answer: a message that its process died over is taken up by the worker after a minute."""
SEND_S = 10.0
FIRST_BYTE_S, SILENCE_S = 8.0, 40.0
"""As the widget has them."""
RECONNECT_S = 0.5
LONGEST_WAIT_S = 2.0
"""Shorter than the widget's 30 s, so that a short run has something to count."""


class NotAnswered(Exception):
    """A message was not accepted or not answered for as long as anybody would wait."""


@dataclass
class Exchange:
    """One message and what came of it; times are the monotonic clock's."""

    id: str
    text: str
    sent: float
    accepted: float | None = None
    seq: int = 0
    answered: float | None = None
    first_reply: float | None = None
    replies: list[dict[str, Any]] = field(default_factory=list)
    owner: str = "bot"

    @property
    def words(self) -> str:
        """All that the desk said to it."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def field(self) -> str | None:
        """What the desk asks for now, if a form is open."""
        return next((reply["field"] for reply in reversed(self.replies) if "field" in reply), None)

    @property
    def waited_s(self) -> float:
        """From the first try to send until the answer was there."""
        return (self.answered or time.monotonic()) - self.sent


class Visitor:
    """One browser with one conversation."""

    def __init__(self, http: httpx.AsyncClient, company: str = "okura", patience_s: float = PATIENCE_S) -> None:
        self._http = http
        self._company = company
        self._patience_s = patience_s
        self._headers: dict[str, str] = {}
        self._listening: asyncio.Task[None] | None = None
        self._news = asyncio.Condition()
        self._standing: dict[str, Any] | None = None
        self._arrived: dict[int, float] = {}
        self.conversation = ""
        self.messages: dict[int, dict[str, Any]] = {}
        self.exchanges: list[Exchange] = []
        self.troubles: Counter[str] = Counter()

    async def __aenter__(self) -> Visitor:
        begun = await self._insist(lambda: self._http.post("/chat/conversations", json={"company": self._company}))
        self.conversation = begun["conversation"]
        self._headers = {"Authorization": f"Bearer {begun['token']}"}
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening

    @property
    def screen(self) -> str:
        """All that the desk has said so far."""
        return "\n".join(message["text"] for message in self.messages.values() if message["author"] != "customer")

    async def say(self, text: str, to_bot: bool = False) -> Exchange:
        """Send a message, as often as it takes, and wait for its answer; raise NotAnswered in the end.

        While staff own the conversation nobody is expected to answer, unless the message calls the bot back.
        """
        exchange = Exchange(uuid.uuid4().hex, text, time.monotonic())
        self.exchanges.append(exchange)
        # Escaped, as a browser does too where half of a pair of surrogates was typed.
        body = json.dumps({"id": exchange.id, "text": text})
        headers = {**self._headers, "Content-Type": "application/json"}
        receipt = await self._insist(lambda: self._http.post("/chat/messages", content=body, headers=headers))
        exchange.accepted, exchange.seq = time.monotonic(), receipt["seq"]
        await self._wait_for(exchange, to_bot)
        return exchange

    async def _insist(self, post: Callable[[], Any]) -> dict[str, Any]:
        deadline, wait_s = time.monotonic() + self._patience_s, RECONNECT_S
        while time.monotonic() < deadline:
            try:
                answer = await post()
            except httpx.HTTPError as error:
                self.troubles[type(error).__name__] += 1
            else:
                if answer.status_code in (200, 201, 202):
                    return dict(answer.json())
                self.troubles[str(answer.status_code)] += 1
            await asyncio.sleep(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)
        raise NotAnswered(f"not accepted in {self._patience_s} s: {dict(self.troubles)} ({self.conversation})")

    async def _wait_for(self, exchange: Exchange, to_bot: bool) -> None:
        def is_answered() -> bool:
            if exchange.seq not in self.messages or self._standing is None or self._standing["answering"]:
                return False
            return self._standing["owner"] == "bot" or not to_bot

        try:
            async with self._news:
                await asyncio.wait_for(self._news.wait_for(is_answered), self._patience_s)
        except asyncio.TimeoutError:
            raise NotAnswered(f"no answer to {exchange.id} of {self.conversation} in {self._patience_s} s") from None
        exchange.answered = time.monotonic()
        exchange.owner = (self._standing or {})["owner"]
        later = [seq for seq in sorted(self.messages) if seq > exchange.seq]
        exchange.replies = [self.messages[seq] for seq in later]
        exchange.first_reply = self._arrived[later[0]] if later else None

    async def _listen(self) -> None:
        while True:
            with suppress(httpx.HTTPError):
                await self._follow()
            await asyncio.sleep(RECONNECT_S)

    async def _follow(self) -> None:
        headers = {**self._headers, "Last-Event-ID": str(max(self.messages, default=0))}
        patience = httpx.Timeout(FIRST_BYTE_S, read=SILENCE_S)
        name = ""
        async with self._http.stream("GET", "/chat/events", headers=headers, timeout=patience) as answer:
            answer.raise_for_status()
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data: "):
                    await self._take(name, json.loads(line[6:]))

    async def _take(self, name: str, content: dict[str, Any]) -> None:
        async with self._news:
            if name == "message":
                self.messages[content["seq"]] = content
                self._arrived[content["seq"]] = time.monotonic()
                # How things stand is said anew after every message; until then it's unknown.
                self._standing = None
            elif name == "state":
                self._standing = content
            self._news.notify_all()


def browser(web_url: str) -> httpx.AsyncClient:
    """The connections of any number of visitors."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=web_url, timeout=SEND_S, limits=limits, trust_env=False)
