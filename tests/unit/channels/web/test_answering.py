from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.web.answering import ANSWER_FAILURES, Answering
from bot.web.app import Parts
from tests.scripted_desk import ScriptedEngine

CONVERSATION = "web-1"


async def test_what_fails_is_counted_and_logged_without_its_words(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, logged: list[dict[str, Any]]
) -> None:
    async def broken(_: str) -> None:
        raise RuntimeError("山田太郎")

    monkeypatch.setattr(parts.desk, "work", broken)
    before = ANSWER_FAILURES._value.get()
    answering = Answering(parts.desk)
    answering.begin(CONVERSATION)
    await answering.finish(1)
    assert ANSWER_FAILURES._value.get() == before + 1
    (line,) = logged
    assert (line["event"], line["conversation"]) == ("web.answer_failed", CONVERSATION)
    assert "山田太郎" not in str({**line, "exc_info": None})


async def test_an_answer_under_way_is_given_a_moment_at_the_end(parts: Parts, engine: ScriptedEngine) -> None:
    parts.desk.open(CONVERSATION, "web", "okura")
    parts.desk.accept(CONVERSATION, "こんにちは", "event-1")
    engine.hold = asyncio.Event()
    answering = Answering(parts.desk)
    answering.begin(CONVERSATION)
    asyncio.get_running_loop().call_later(0.05, engine.hold.set)
    await answering.finish(5)
    assert len(parts.desk.transcript(CONVERSATION)) == 2
