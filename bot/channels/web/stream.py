"""A conversation as server-sent events: everything after what the browser has seen, then what comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from prometheus_client import Gauge
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from bot.channels.web.outgoing import message_json
from bot.errors import NotFound, Unavailable
from bot.services.converse import Desk, View
from bot.services.notifier import Notifier

PING_S = 15
"""Phones' networks drop a connection that is silent for half a minute or so."""

RETRY_S = 2.0
"""How long a look that the database refused waits for the next: what woke it hasn't been seen yet."""

_PINGS_A_LOOK = 2
"""A message that another process stored, and no wake-up told of, shows after this many pings."""

STREAMS = Gauge("madoguchi_web_streams", "Conversations shown in a browser just now", multiprocess_mode="livesum")


class Streams:
    """The open streams; a conversation may have as many as a person has tabs, not more."""

    def __init__(
        self, desk: Desk, notifier: Notifier, ping_s: float = PING_S, tabs: int = 10, retry_s: float = RETRY_S
    ) -> None:
        self._desk = desk
        self._notifier = notifier
        self._ping_s = ping_s
        self._retry_s = retry_s
        self._tabs = tabs
        self._open: dict[str, int] = {}

    def full(self, conversation: str) -> bool:
        """Whether a conversation has all the streams it may have."""
        return self._open.get(conversation, 0) >= self._tabs

    def response(self, conversation: str, after_seq: int) -> EventSourceResponse:
        """Stream a conversation until the browser leaves."""
        # The pings come from our own generator, which saves a task a stream.
        return EventSourceResponse(self._events(conversation, after_seq), ping=0)

    async def _events(self, conversation: str, after_seq: int) -> AsyncIterator[ServerSentEvent]:
        self._open[conversation] = self._open.get(conversation, 0) + 1
        STREAMS.inc()
        try:
            async for event in self._follow(conversation, after_seq):
                yield event
        finally:
            STREAMS.dec()
            self._open[conversation] -= 1
            if not self._open[conversation]:
                del self._open[conversation]

    async def _follow(self, conversation: str, seen: int) -> AsyncIterator[ServerSentEvent]:
        shown = _Shown(seen)
        quiet = 0
        with self._notifier.subscribe(conversation) as wake_ups:
            yield ServerSentEvent(comment="open")
            while not shown.over:
                if quiet % _PINGS_A_LOOK == 0:
                    try:
                        news = await self._news(conversation, shown)
                    except Unavailable:
                        await asyncio.sleep(self._retry_s)
                        yield ServerSentEvent(comment="ping")
                        continue
                    for event in news:
                        yield event
                if shown.over or await wake_ups.wait(self._ping_s):
                    quiet = 0
                else:
                    quiet += 1
                    yield ServerSentEvent(comment="ping")

    async def _news(self, conversation: str, shown: _Shown) -> list[ServerSentEvent]:
        try:
            view = await run_in_threadpool(self._desk.look, conversation, shown.seen)
        except NotFound:
            shown.over = True
            return [ServerSentEvent(event="over", data="{}")]
        return shown.news(view)


@dataclass
class _Shown:
    """What a browser knows by now."""

    seen: int
    state: str = ""
    over: bool = False

    def news(self, view: View) -> list[ServerSentEvent]:
        """Take note of a view; give what is new in it."""
        events = [_event("message", message_json(message), message.seq) for message in view.messages]
        # Said after every message too: the browser may have thought ahead.
        if view.messages or self.state != _state(view):
            self.state = _state(view)
            events.append(ServerSentEvent(event="state", data=self.state))
        self.seen = view.messages[-1].seq if view.messages else self.seen
        return events


def _state(view: View) -> str:
    return json.dumps({"owner": view.conversation.owner, "answering": view.answering})


def _event(name: str, content: object, number: int) -> ServerSentEvent:
    # ensure_ascii leaves no line separator in the data that a reader of the stream could split at.
    return ServerSentEvent(id=str(number), event=name, data=json.dumps(content))
