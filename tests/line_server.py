"""LINE on loopback: takes the calls of the Messaging API as strictly as LINE, and sends webhooks as wildly as LINE may.

Every call is read by the SDK's own models and held to the limits of the reference; what breaks one is answered as LINE
would and noted in `violations`. Every event that is sent is one that the SDK can read.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
import random
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiohttp import web
from linebot.v3.messaging import (
    MarkMessagesAsReadByTokenRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    ShowLoadingAnimationRequest,
)
from linebot.v3.webhooks import Event

from tests.line_limits import over_limits, readable, unlike

Json = dict[str, Any]


@dataclass(frozen=True)
class Bot:
    """One official account."""

    company: str
    secret: str
    token: str
    user_id: str


@dataclass
class Fault:
    """What the next call to a path gets instead of an answer; `taken` says that LINE took it nevertheless.

    Status 0 drops the connection.
    """

    path: str
    status: int
    taken: bool = False
    said: str = "fault on demand"
    hangs_s: float = 0


@dataclass(frozen=True)
class Shown:
    """What a user of LINE sees: the messages of one call."""

    way: str  # reply or push
    company: str
    to: str
    messages: list[Json]

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return "\n".join(readable(message) for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """What the quick replies would send."""
        items = self.messages[-1].get("quickReply", {}).get("items", [])
        return [item["action"]["text"] for item in items]


@dataclass
class _Token:
    company: str
    to: str
    issued: float
    sent: bool = False  # Its minute counts from the first webhook that bears it.
    used: bool = False


@dataclass
class LineServer:
    """One LINE for several accounts."""

    now: Callable[[], float] = time.time
    limit: int | None = None
    token_life_s: float = 60
    bots: dict[str, Bot] = field(default_factory=dict)
    shown: list[Shown] = field(default_factory=list)
    refused: list[tuple[str, int, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    loading: list[Json] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    endpoints: dict[str, Json] = field(default_factory=dict)
    endpoint_test: Json = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    """What customers sent, by the message's id."""
    fetched: list[str] = field(default_factory=list)
    used: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self._tokens: dict[str, _Token] = {}
        self._keys: set[str] = set()
        self._sent_to: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> LineServer:
        app = web.Application()
        routes = {
            "reply": ("/v2/bot/message/reply", self._reply),
            "push": ("/v2/bot/message/push", self._push),
            "loading": ("/v2/bot/chat/loading/start", self._loading),
            "read": ("/v2/bot/chat/markAsRead", self._mark_read),
            "test": ("/v2/bot/channel/webhook/test", self._test_endpoint),
        }
        for name, (path, handler) in routes.items():
            app.router.add_post(path, self._guarded(name, handler))
        for path, handler in {
            "/v2/bot/info": self._info,
            "/v2/bot/message/quota": self._quota,
            "/v2/bot/message/quota/consumption": self._consumption,
            "/v2/bot/channel/webhook/endpoint": self._endpoint,
            "/v2/bot/message/{message}/content": self._content,
        }.items():
            app.router.add_get(path, self._guarded(path.rpartition("/")[2], handler))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def add(self, company: str) -> Bot:
        """Open an account for a company."""
        bot = Bot(
            company, f"secret-{company}", f"token-{company}", f"U{hashlib.sha256(company.encode()).hexdigest()[:32]}"
        )
        self.bots[company] = bot
        return bot

    def to(self, user: str, way: str | None = None) -> list[Shown]:
        """What a user has seen."""
        return [shown for shown in self.shown if shown.to == user and way in (None, shown.way)]

    # Webhooks

    def picture(self, company: str, person: str, content: bytes, **more: Any) -> Json:
        """Make the event of a picture, which LINE keeps for the account that it was sent to."""
        event = self.message(company, person, "image", contentProvider={"type": "line"}, quoteToken="q", **more)
        self.pictures[event["message"]["id"]] = content
        self._sent_to[event["message"]["id"]] = company
        return event

    def event(self, company: str, kind: str, person: str, **more: Any) -> Json:
        """Make an event, with a reply token where LINE gives one."""
        number = next(self._numbers)
        source = {"type": "user", "userId": person} if person.startswith("U") else {"type": "group", "groupId": person}
        event: Json = {
            "type": kind,
            "source": source,
            "timestamp": int(self.now() * 1000) + number,
            "mode": "active",
            "webhookEventId": f"01H{number:023d}",
            "deliveryContext": {"isRedelivery": False},
        }
        if kind not in ("unfollow", "unsend", "leave"):
            event["replyToken"] = f"reply-{number}"
            self._tokens[event["replyToken"]] = _Token(company, person, self.now())
        event |= more
        Event.from_dict(event)
        return event

    def text(self, company: str, person: str, text: str, **more: Any) -> Json:
        """Make the event of a text message."""
        return self.message(company, person, "text", text=text, quoteToken="q", **more)

    def message(self, company: str, person: str, kind: str, **content: Any) -> Json:
        """Make the event of a message of any kind."""
        number = f"{next(self._numbers):018d}"
        message = {"id": number, "type": kind, "markAsReadToken": f"read-{number}", **content}
        return self.event(company, "message", person, message=message)

    def signed(self, company: str, events: Sequence[Json], destination: str | None = None) -> tuple[bytes, str]:
        """Write the body of a webhook and its signature."""
        bot = self.bots[company]
        for event in events:
            token = self._tokens.get(event.get("replyToken", ""))
            if token is not None and not token.sent:
                token.sent, token.issued = True, self.now()
                event["timestamp"] = int(self.now() * 1000)
        content = {"destination": destination or bot.user_id, "events": list(events)}
        body = json.dumps(content, ensure_ascii=False).encode()
        digest = hmac.new(bot.secret.encode(), body, hashlib.sha256).digest()
        return body, base64.b64encode(digest).decode()

    async def deliver(self, http: httpx.AsyncClient, company: str, *events: Json) -> int:
        """Send a webhook; return the status, 0 where nobody answered within LINE's two seconds."""
        body, signature = self.signed(company, events)
        headers = {"x-line-signature": signature, "content-type": "application/json"}
        try:
            answer = await http.post(f"/line/{company}/webhook", content=body, headers=headers, timeout=2)
        except httpx.HTTPError:
            return 0
        return answer.status_code

    # The Messaging API

    def _guarded(self, name: str, handler: Callable[[web.Request, Bot], Any]) -> Any:
        async def answer(request: web.Request) -> web.StreamResponse:
            bot = next(
                (b for b in self.bots.values() if request.headers.get("Authorization") == f"Bearer {b.token}"), None
            )
            if bot is None:
                return web.json_response({"message": "Authentication failed"}, status=401)
            fault = next((fault for fault in self.faults if fault.path == name), None)
            if fault is not None:
                self.faults.remove(fault)
                await asyncio.sleep(fault.hangs_s)
                if fault.taken:
                    await handler(request, bot)
                if not fault.status and request.transport is not None:
                    request.transport.abort()
                return web.json_response({"message": fault.said}, status=fault.status or 500)
            return await handler(request, bot)

        return answer

    async def _reply(self, request: web.Request, bot: Bot) -> web.Response:
        content = await request.json()
        faults = unlike(ReplyMessageRequest, content) or over_limits(content["messages"])
        if "X-Line-Retry-Key" in request.headers:
            faults.append("a reply with a retry key")
        if faults:
            return self._violated("reply", faults)
        token = self._tokens.get(content["replyToken"])
        live = (
            token and not token.used and token.company == bot.company and self.now() < token.issued + self.token_life_s
        )
        if token is None or not live:
            return self._refused("reply", 400, "Invalid reply token")
        token.used = True
        return self._sent(Shown("reply", bot.company, token.to, content["messages"]))

    async def _push(self, request: web.Request, bot: Bot) -> web.Response:
        content = await request.json()
        faults = unlike(PushMessageRequest, content) or over_limits(content["messages"])
        key = request.headers.get("X-Line-Retry-Key")
        if key is None or str(uuid.UUID(key)) != key:
            faults.append(f"a push with the retry key {key}")
        if faults:
            return self._violated("push", faults)
        if key in self._keys:
            return self._refused("push", 409, "The retry key is already accepted")
        if self.limit is not None and self.used >= self.limit:
            return self._refused("push", 429, "You have reached your monthly limit.")
        self._keys.add(str(key))
        self.used += 1
        return self._sent(Shown("push", bot.company, content["to"], content["messages"]))

    async def _loading(self, request: web.Request, bot: Bot) -> web.Response:
        content = await request.json()
        faults = unlike(ShowLoadingAnimationRequest, content)
        if not content["chatId"].startswith("U") or content["loadingSeconds"] % 5:
            faults.append(f"a loading animation {content}")
        if faults:
            return self._violated("loading", faults)
        self.loading.append(content)
        return web.json_response({}, status=202)

    async def _mark_read(self, request: web.Request, bot: Bot) -> web.Response:
        content = await request.json()
        if faults := unlike(MarkMessagesAsReadByTokenRequest, content):
            return self._violated("read", faults)
        self.read.append(content["markAsReadToken"])
        return web.json_response({})

    async def _content(self, request: web.Request, bot: Bot) -> web.Response:
        message = request.match_info["message"]
        if self._sent_to.get(message) != bot.company:
            return self._refused("content", 404, "Not found")
        self.fetched.append(message)
        # LINE names a type of its own; the file's first bytes are what counts.
        return web.Response(body=self.pictures[message], content_type="image/jpeg")

    async def _info(self, request: web.Request, bot: Bot) -> web.Response:
        named = {"userId": bot.user_id, "basicId": f"@{bot.company}", "displayName": bot.company}
        return web.json_response({**named, "chatMode": "chat", "markAsReadMode": "manual"})

    async def _quota(self, request: web.Request, bot: Bot) -> web.Response:
        return web.json_response({"type": "none"} if self.limit is None else {"type": "limited", "value": self.limit})

    async def _consumption(self, request: web.Request, bot: Bot) -> web.Response:
        return web.json_response({"totalUsage": self.used})

    async def _endpoint(self, request: web.Request, bot: Bot) -> web.Response:
        if bot.company not in self.endpoints:
            return web.json_response({"message": "Not found"}, status=404)
        return web.json_response(self.endpoints[bot.company])

    async def _test_endpoint(self, request: web.Request, bot: Bot) -> web.Response:
        tried = {
            "success": True,
            "timestamp": "2026-06-02T01:00:00Z",
            "statusCode": 200,
            "reason": "OK",
            "detail": "200",
        }
        return web.json_response({**tried, **self.endpoint_test})

    def _sent(self, shown: Shown) -> web.Response:
        self.shown.append(shown)
        sent = [{"id": str(next(self._numbers))} for _ in shown.messages]
        return web.json_response({"sentMessages": sent})

    def _violated(self, path: str, faults: list[str]) -> web.Response:
        self.violations += [f"{path}: {fault}" for fault in faults]
        return self._refused(path, 400, faults[0])

    def _refused(self, path: str, status: int, said: str) -> web.Response:
        self.refused.append((path, status, said))
        return web.json_response({"message": said}, status=status)


def unruly(events: Sequence[Json], chance: random.Random, repeated: float = 0.2, batch: int = 10) -> list[list[Json]]:
    """Put events into batches the way LINE may: some a second time, none in order."""
    again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events if chance.random() < repeated]
    mixed = [*events, *again]
    chance.shuffle(mixed)
    batches: list[list[Json]] = []
    while mixed:
        size = chance.randint(1, batch)
        batches.append(mixed[:size])
        del mixed[:size]
    return batches
