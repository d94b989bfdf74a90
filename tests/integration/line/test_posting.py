"""Each answer reaches LINE once, whatever LINE answers and whoever dies in between."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.line.events import read_arrivals
from bot.channels.line.posting import BREATH, PATIENCE, TOKEN_LIFE
from bot.services.ports import EngineReply
from bot.services.records import OutboundMessage
from tests.integration.line.conftest import HANAKO, LineDesk
from tests.line_server import Fault, Json
from tests.waiting import until

ANSWER = "「こんにちは」ですね。"


def _shown(at: LineDesk) -> list[tuple[str, str]]:
    return [(shown.way, shown.text) for shown in at.line.to(HANAKO)]


def _outbox(at: LineDesk, status: str | None = None) -> list[OutboundMessage]:
    with at.store.transaction(read_only=True) as tx:
        return tx.outbox.find(status)


async def _later(at: LineDesk, seconds: float = BREATH.total_seconds()) -> None:
    at.clock.advance(seconds=seconds)
    await at.sweep()


@pytest.mark.parametrize("status", [500, 503, 429, 401, 0])
async def test_a_reply_that_line_did_not_take_is_made_again(at: LineDesk, status: int) -> None:
    at.line.faults.append(Fault("reply", status))
    await at.hear("こんにちは")
    assert _shown(at) == []
    await at.sweep()
    assert _shown(at) == [], "LINE needs a moment"
    await _later(at)
    assert _shown(at) == [("reply", ANSWER)]


@pytest.mark.parametrize("status", [500, 0])
async def test_a_reply_that_line_took_without_saying_so_is_not_repeated(at: LineDesk, status: int) -> None:
    at.line.faults.append(Fault("reply", status, taken=True))
    await at.hear("こんにちは")
    await _later(at)
    await _later(at, 60)
    assert _shown(at) == [("reply", ANSWER)]
    assert at.line.refused == [("reply", 400, "Invalid reply token")]
    assert _outbox(at) == []


async def test_an_answer_that_is_ready_after_the_minute_is_pushed(at: LineDesk) -> None:
    at.engine.hold = asyncio.Event()
    await at.receive(at.line.text("okura", HANAKO, "こんにちは"), settled=False)
    await until(lambda: at.line.loading != [])
    at.clock.advance(seconds=TOKEN_LIFE.total_seconds())
    at.engine.hold.set()
    await at.settle()
    assert _shown(at) == []
    await at.push()
    assert _shown(at) == [("push", ANSWER)]


async def test_a_token_that_line_refuses_unused_costs_a_push(at: LineDesk) -> None:
    at.line.faults.append(Fault("reply", 400, said="Invalid reply token"))
    await at.hear("こんにちは")
    await at.push()
    assert _shown(at) == [("push", ANSWER)]


async def test_an_event_that_is_redelivered_late_is_answered_by_a_push(at: LineDesk) -> None:
    event = at.line.text("okura", HANAKO, "こんにちは")
    at.line.signed("okura", [event])  # A webhook that was lost on its way.
    at.clock.advance(seconds=61)
    await at.receive({**event, "deliveryContext": {"isRedelivery": True}})
    await at.push()
    assert _shown(at) == [("push", ANSWER)]
    assert at.line.refused == []


async def test_a_token_that_grew_old_while_a_process_died_proves_nothing(at: LineDesk) -> None:
    event = at.line.text("okura", HANAKO, "こんにちは")
    at.line.signed("okura", [event])
    at.clock.advance(seconds=50)
    await _die(at, calling=False, event=event)
    await _later(at, 20)
    await at.push()
    assert _shown(at) == [("push", ANSWER)]


async def test_when_line_takes_no_reply_for_a_minute_the_answer_is_pushed(at: LineDesk) -> None:
    at.line.faults += [Fault("reply", 500) for _ in range(100)]
    await at.hear("こんにちは")
    while not _outbox(at):
        await _later(at)
    await at.push()
    await _later(at)
    assert _shown(at) == [("push", ANSWER)]


async def test_a_process_that_died_before_its_reply_is_replaced(at: LineDesk) -> None:
    await _die(at, calling=False)
    await at.sweep()
    assert _shown(at) == [], "it could still be at it"
    await _later(at, PATIENCE.total_seconds())
    assert _shown(at) == [("reply", ANSWER)]


async def test_a_process_that_died_after_its_reply_is_not_repeated(at: LineDesk) -> None:
    await _die(at, calling=True)
    assert _shown(at) == [("reply", ANSWER)]
    await _later(at, PATIENCE.total_seconds())
    await _later(at, 60)
    await at.push()
    assert _shown(at) == [("reply", ANSWER)]


async def test_a_process_that_was_taken_for_dead_adds_nothing(at: LineDesk) -> None:
    batch = await _die(at, calling=False)
    await _later(at, PATIENCE.total_seconds())
    poster = at.channel._answering._poster
    rest = await poster._reply(batch)
    assert rest, "its token is refused, and as far as it knows it is the first to use it"
    await asyncio.to_thread(poster._end, batch, rest)
    await at.push()
    assert _shown(at) == [("reply", ANSWER)]


async def test_two_processes_send_an_answer_once(at: LineDesk) -> None:
    poster = at.channel._answering._poster
    at.line.faults.append(Fault("reply", 503))
    await at.hear("こんにちは")
    at.clock.advance(seconds=BREATH.total_seconds())
    await asyncio.gather(*(poster.post(at.conversation()) for _ in range(10)))
    assert _shown(at) == [("reply", ANSWER)]
    assert at.line.refused == []


async def test_what_an_earlier_process_left_unanswered_is_answered_by_the_worker(at: LineDesk) -> None:
    event = at.line.text("okura", HANAKO, "こんにちは")
    [arrival] = read_arrivals({"events": [event]})
    at.channel._webhook._reception.take_in("okura", arrival)
    at.clock.advance(seconds=6)
    await at.sweep()
    assert _shown(at) == [("reply", ANSWER)]


async def test_a_bubble_that_line_refuses_goes_as_plain_text(at: LineDesk) -> None:
    parts = [{"kind": "quote", "text": "⑤ 情報の提供を行うため。"}]
    at.engine.answers["目的"] = EngineReply("⑤ 情報の提供を行うため。", custom={"parts": parts})
    at.line.faults.append(Fault("reply", 400, said="A message (messages[0]) in the request body is invalid"))
    await at.hear("目的は")
    await at.push()
    [shown] = at.line.to(HANAKO)
    assert (shown.way, shown.messages[0]["type"], shown.text) == ("push", "text", "⑤ 情報の提供を行うため。")


async def test_what_does_not_fit_into_one_reply_is_pushed_after_it(at: LineDesk) -> None:
    text = "".join(f"{number:04d}番目の文です。" for number in range(3000))
    at.engine.answers["全部"] = EngineReply(text)
    await at.hear("全部")
    await at.push()
    [(first, one), (second, two)] = _shown(at)
    assert (first, second) == ("reply", "push")
    assert (one + two).replace("\n", "") == text


async def test_staff_are_pushed_under_their_name(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。", staff_name="山田")
    await at.sweep()
    await at.push()
    shown = at.line.to(HANAKO)[-1]
    assert (shown.way, shown.text) == ("push", "お調べします。")
    assert shown.messages[0]["sender"] == {"name": "担当者 山田"}
    await at.sweep()
    assert len(_outbox(at)) == 1


async def test_a_push_that_line_took_without_saying_so_is_not_repeated(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    at.line.faults.append(Fault("push", 0, taken=True))
    await at.push()
    assert [push.status for push in _outbox(at)] == ["waiting"]
    at.clock.advance(minutes=10)
    await at.push()
    assert [push.status for push in _outbox(at)] == ["sent"]
    assert len(at.line.to(HANAKO, "push")) == 1
    assert at.line.refused == [("push", 409, "The retry key is already accepted")]


@pytest.mark.parametrize("status", [500, 429])
async def test_a_push_that_line_did_not_take_is_made_again(at: LineDesk, status: int) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    at.line.faults.append(Fault("push", status))
    await at.push()
    at.clock.advance(minutes=10)
    await at.push()
    assert len(at.line.to(HANAKO, "push")) == 1


async def test_a_reply_does_not_overtake_a_push_that_waits(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    await at.hear("ありがとう")
    assert _shown(at) == [("reply", ANSWER)]
    await at.push()
    assert _shown(at)[1:] == [("push", "お調べします。"), ("push", "「ありがとう」ですね。")]


async def test_a_push_that_line_puts_off_again_keeps_no_reply_back(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    for _ in range(2):
        at.line.faults.append(Fault("push", 500))
        await at.push()
        at.clock.advance(seconds=5)
    await at.hear("ありがとう")
    assert _shown(at)[1:] == [("reply", "「ありがとう」ですね。")]


async def test_staff_see_when_the_month_is_used_up_and_may_try_again(at: LineDesk) -> None:
    at.line.limit = 0
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    await at.push()
    [dead] = _outbox(at, "dead")
    assert "used up" in dead.last_error
    quota = await at.channel.quota("okura")
    assert quota is not None
    assert quota.remaining == 0
    at.line.limit = 10
    with at.store.transaction() as tx:
        tx.outbox.retry(dead.id, at.clock.now())
    await at.push()
    assert len(at.line.to(HANAKO, "push")) == 1


async def test_an_account_that_was_taken_away_leaves_a_letter_that_staff_can_see(at: LineDesk) -> None:
    await at.hear("こんにちは")
    at.staff_say("お調べします。")
    await at.sweep()
    del at.line.bots["okura"]
    await at.push()
    [waiting] = _outbox(at, "waiting")
    assert waiting.last_error == "the company has no LINE account set up"


async def _die(at: LineDesk, calling: bool, event: Json | None = None) -> Any:
    """Let a process begin a reply, and make it if `calling`, and never come back."""
    poster = at.channel._answering._poster
    posted = poster.post
    poster.post = _nothing  # type: ignore[method-assign]
    await at.receive(event or at.line.text("okura", HANAKO, "こんにちは"))
    poster.post = posted  # type: ignore[method-assign]
    batch = await asyncio.to_thread(poster._begin, at.conversation())
    assert batch is not None
    if calling:
        await poster._reply(batch)
    return batch


async def _nothing(conversation: str) -> None:
    """Stand for a process that died."""
