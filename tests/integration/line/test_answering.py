"""What somebody writes in LINE is answered there, and by the right company."""

import asyncio
from datetime import datetime

import pytest

from bot.errors import Unavailable
from tests.integration.line.conftest import HANAKO, PHRASES, LineDesk
from tests.waiting import until

TARO = "U" + "2" * 32


async def test_a_message_is_answered_by_one_reply_which_costs_nothing(at: LineDesk) -> None:
    await at.hear("こんにちは")
    [shown] = at.line.to(HANAKO)
    assert (shown.way, shown.company, shown.text) == ("reply", "okura", "「こんにちは」ですね。")
    assert at.line.used == 0


async def test_each_company_answers_its_own_customers(at: LineDesk) -> None:
    await at.hear("大蔵さんへ", company="okura")
    await at.hear("日産さんへ", company="kagoshima")
    assert [(shown.company, shown.text) for shown in at.line.to(HANAKO)] == [
        ("okura", "「大蔵さんへ」ですね。"),
        ("kagoshima", "「日産さんへ」ですね。"),
    ]
    assert at.conversation(company="okura") != at.conversation(company="kagoshima")
    assert len(at.transcript(company="okura")) == 2


async def test_a_batch_is_answered_message_by_message(at: LineDesk) -> None:
    events = [at.line.text("okura", person, f"{number}番") for number in range(5) for person in (HANAKO, TARO)]
    assert await at.receive(*events) == 200
    for person in (HANAKO, TARO):
        assert [shown.text for shown in at.line.to(person)] == [f"「{number}番」ですね。" for number in range(5)]


async def test_a_hundred_people_at_once_are_all_answered(at: LineDesk) -> None:
    people = [f"U{number:032d}" for number in range(100)]
    assert await at.receive(*(at.line.text("okura", person, f"{person}です") for person in people)) == 200
    assert [len(at.line.to(person, "reply")) for person in people] == [1] * 100


async def test_line_has_its_answer_while_the_engine_still_works(at: LineDesk) -> None:
    at.engine.hold = asyncio.Event()
    assert await at.receive(at.line.text("okura", HANAKO, "むずかしい質問"), settled=False) == 200
    await until(lambda: at.line.loading != [])
    assert at.line.shown == []
    assert at.line.loading == [{"chatId": HANAKO, "loadingSeconds": 20}]
    at.engine.hold.set()
    await at.settle()
    assert len(at.line.to(HANAKO, "reply")) == 1


async def test_the_buttons_of_the_greeting_can_be_pressed(at: LineDesk) -> None:
    await at.receive(at.line.event("okura", "follow", HANAKO, follow={"isUnblocked": False}))
    [shown] = at.line.to(HANAKO)
    greeting = PHRASES.say("greeting", company="有限会社大蔵自動車")
    assert shown.text == greeting.text
    assert shown.buttons == [button.payload for button in greeting.buttons]


async def test_the_engine_is_told_the_channel_and_never_the_line_user(at: LineDesk) -> None:
    await at.hear("こんにちは")
    assert at.engine.heard == ["こんにちは"]
    assert at.conversation().startswith("line-")
    assert HANAKO not in at.conversation()


async def test_without_the_engine_the_customer_gets_the_contact(at: LineDesk) -> None:
    at.engine.down = True
    await at.hear("こんにちは")
    [shown] = at.line.to(HANAKO)
    assert "0233-75-3111" in shown.text


@pytest.mark.parametrize("error", [Unavailable("the database is gone"), RuntimeError("can't start new thread")])
async def test_a_sweep_in_vain_is_not_the_last(at: LineDesk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    swept: list[datetime] = []
    answering = at.channel._answering

    async def sweep() -> None:
        swept.append(at.clock.now())
        raise error

    monkeypatch.setattr(answering, "sweep", sweep)
    monkeypatch.setattr(answering, "_sweep_every_s", 0.001)
    async with answering.running():
        await until(lambda: len(swept) > 2)
