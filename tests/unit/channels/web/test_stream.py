from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sse_starlette import ServerSentEvent

from bot.channels.web.stream import STREAMS, Streams
from bot.errors import Unavailable
from bot.services.converse import View
from bot.web.app import Parts
from tests.scripted_desk import ScriptedEngine

CONVERSATION = "web-1"
PATIENCE_S = 5


class Listener:
    """Reads a stream's events as a browser would."""

    def __init__(self, events: AsyncIterator[ServerSentEvent]) -> None:
        self._events = events

    async def next(self) -> dict[str, Any]:
        async for event in self._events:
            fields = dict(
                line.split(": ", 1) for line in event.encode().decode().splitlines() if line[:1] not in ("", ":")
            )
            if fields:
                return {**fields, "data": json.loads(fields["data"])}
            return {"event": "comment"}
        return {"event": "closed"}

    async def of(self, kind: str) -> dict[str, Any]:
        """The next event of a kind."""

        async def search() -> dict[str, Any]:
            while (event := await self.next())["event"] != kind:
                assert event["event"] != "closed"
            return event

        return await asyncio.wait_for(search(), PATIENCE_S)


@pytest.fixture
def streams(parts: Parts) -> Streams:
    parts.desk.open(CONVERSATION, "web", "okura")
    return Streams(parts.desk, parts.notifier, ping_s=0.02, tabs=2, retry_s=0.01)


@asynccontextmanager
async def listening(streams: Streams, seen: int = 0) -> AsyncIterator[Listener]:
    body = streams.response(CONVERSATION, seen).body_iterator
    try:
        yield Listener(body)
    finally:
        await body.aclose()  # type: ignore[attr-defined]


async def ask(parts: Parts, text: str) -> None:
    parts.desk.accept(CONVERSATION, text, f"event-{text}")
    await parts.desk.work(CONVERSATION)


async def test_everything_missed_comes_first(streams: Streams, parts: Parts) -> None:
    await ask(parts, "ひとつめ")
    await ask(parts, "ふたつめ")
    async with listening(streams, seen=2) as listener:
        missed = await listener.of("message")
        assert (missed["id"], missed["data"]["text"]) == ("3", "ふたつめ")
        assert (await listener.of("message"))["id"] == "4"
        assert (await listener.next())["event"] == "state"


async def test_what_is_said_later_follows_at_once(parts: Parts) -> None:
    parts.desk.open(CONVERSATION, "web", "okura")
    slow = Streams(parts.desk, parts.notifier, ping_s=60)
    async with listening(slow) as listener:
        await listener.of("state")
        await ask(parts, "こんにちは")
        assert (await listener.of("message"))["data"]["author"] == "customer"
        assert (await listener.of("message"))["data"]["author"] == "bot"


async def test_how_things_stand_follows_every_message(streams: Streams, parts: Parts) -> None:
    async with listening(streams) as listener:
        await listener.of("state")
        await ask(parts, "こんにちは")
        await listener.of("message")
        assert (await listener.of("state"))["data"] == {"owner": "bot", "answering": False}


async def test_what_nobody_announced_comes_with_the_pings(streams: Streams, parts: Parts) -> None:
    async with listening(streams) as listener:
        await listener.of("state")
        parts.store.announce = lambda _: None
        await ask(parts, "こんにちは")
        assert (await listener.of("message"))["data"]["text"] == "こんにちは"


async def test_an_answer_under_way_is_told(streams: Streams, parts: Parts, engine: ScriptedEngine) -> None:
    engine.hold = asyncio.Event()
    async with listening(streams) as listener:
        assert (await listener.of("state"))["data"] == {"owner": "bot", "answering": False}
        working = asyncio.create_task(ask(parts, "こんにちは"))
        assert (await listener.of("state"))["data"]["answering"] is True
        engine.hold.set()
        assert (await listener.of("state"))["data"]["answering"] is False
        await working


@pytest.mark.parametrize("leave", ["end", "erase"])
async def test_the_end_is_told_to_every_tab(streams: Streams, parts: Parts, leave: str) -> None:
    async with listening(streams) as one, listening(streams) as other:
        await one.of("state")
        await other.of("state")
        getattr(parts.desk, leave)(CONVERSATION)
        for listener in (one, other):
            await listener.of("over")
            assert (await listener.next())["event"] == "closed"


async def test_a_database_that_is_gone_for_a_while_loses_nothing(
    streams: Streams, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = True
    look = parts.desk.look

    def sometimes(conversation: str, after_seq: int = 0) -> View:
        if gone:
            raise Unavailable("the database is gone")
        return look(conversation, after_seq)

    monkeypatch.setattr(parts.desk, "look", sometimes)
    async with listening(streams) as listener:
        await listener.of("comment")
        await ask(parts, "こんにちは")
        await listener.of("comment")
        gone = False
        assert (await listener.of("message"))["data"]["text"] == "こんにちは"


async def test_what_a_look_in_vain_was_woken_for_is_looked_for_again_soon(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = parts.desk.look

    def gone_once(conversation: str, after_seq: int = 0) -> View:
        monkeypatch.setattr(parts.desk, "look", look)
        raise Unavailable("the database is gone")

    parts.desk.open(CONVERSATION, "web", "okura")
    async with listening(Streams(parts.desk, parts.notifier, ping_s=600, retry_s=0.01)) as listener:
        await listener.of("state")
        monkeypatch.setattr(parts.desk, "look", gone_once)
        await ask(parts, "こんにちは")
        assert (await listener.of("message"))["data"]["text"] == "こんにちは"


async def test_a_conversation_has_as_many_streams_as_a_person_has_tabs(streams: Streams) -> None:
    async with listening(streams) as one:
        await one.next()
        assert not streams.full(CONVERSATION)
        async with listening(streams) as other:
            await other.next()
            assert streams.full(CONVERSATION)
            assert STREAMS._value.get() == 2
        assert not streams.full(CONVERSATION)
    assert streams._open == {}
    assert STREAMS._value.get() == 0


async def test_a_line_break_in_a_message_stays_within_its_event(streams: Streams, parts: Parts) -> None:
    await ask(parts, "一行目\r\n\r\nevent: over\u2028data: {}")
    async with listening(streams) as listener:
        assert "event: over" in (await listener.of("message"))["data"]["text"]
