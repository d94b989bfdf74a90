"""Who answers a message, and with what."""

from typing import Any

import pytest

from bot.errors import Unavailable
from bot.privacy.handoff import HandoffReason
from bot.services.converse import BoundToAnotherCompany, Desk
from bot.services.handoffs import Handoffs
from bot.services.phrases import Reply
from bot.services.ports import EngineReply
from tests.unit.services.front import COMPANIES, CONVERSATION, PHRASES, FakeEngine, exchange, say

# Companies


@pytest.mark.parametrize("company", [None, "toyota", "../okura", ""])
async def test_without_a_known_company_the_customer_is_asked(
    front: Desk, engine: FakeEngine, company: str | None
) -> None:
    assert front.open(CONVERSATION, "rest", company).company is None
    [reply] = await exchange(front, "クッキーは？", "e1")
    assert reply.text == PHRASES.text("which_company")
    assert [button["payload"] for button in reply.body["buttons"]] == ["鹿児島日産自動車株式会社", "有限会社大蔵自動車"]
    assert engine.asked == []


@pytest.mark.parametrize("named", ["有限会社大蔵自動車", "大蔵自動車", "大蔵自動車です", "okura", " okura\n"])
async def test_the_company_that_the_customer_names_is_bound(front: Desk, engine: FakeEngine, named: str) -> None:
    front.open(CONVERSATION, "rest", None)
    [greeting] = await say(front, named, "e1")
    assert "有限会社大蔵自動車" in greeting
    assert await say(front, "こんにちは", "e2") == ["答え：こんにちは"]
    with pytest.raises(BoundToAnotherCompany):
        front.open(CONVERSATION, "rest", "kagoshima")


# Without words


@pytest.mark.parametrize("empty", ["", " \n\t", "\x00\x07", "\ud800", "　"])
async def test_an_empty_message_gets_a_polite_answer(front: Desk, engine: FakeEngine, empty: str) -> None:
    front.open(CONVERSATION, "web", "okura")
    assert await say(front, empty) == [PHRASES.text("empty_message")]
    assert engine.asked == []


# Staff and failures


async def test_a_message_without_words_is_answered_by_the_phrase_its_channel_names(
    front: Desk, engine: FakeEngine
) -> None:
    front.open(CONVERSATION, "line", "okura")
    stored = front.accept(CONVERSATION, "〔スタンプ〕", "e1", {"phrase": "reply_greet", "line": {"at": 1}}).message
    assert stored.body == {"phrase": "reply_greet", "line": {"at": 1}}
    [reply] = await front.work(CONVERSATION)
    assert reply.text == PHRASES.text("reply_greet", company="有限会社大蔵自動車")
    assert engine.asked == []


async def test_what_staff_will_not_see_is_refused_even_while_they_own_the_conversation(
    front: Desk, handoffs: Handoffs
) -> None:
    front.open(CONVERSATION, "line", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "e0")
    front.accept(CONVERSATION, "〔画像〕", "e1", {"refusal": "line_image"})
    [reply] = await front.work(CONVERSATION)
    assert reply.text == PHRASES.text("line_image")


async def test_the_bot_is_silent_while_staff_own_the_conversation(
    front: Desk, engine: FakeEngine, handoffs: Handoffs
) -> None:
    front.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert await say(front, "もしもし", "e1") == []
    assert engine.asked == []
    assert front.look(CONVERSATION).answering is False
    # The message waits for a person, not for the bot
    assert [message.text for message in front.transcript(CONVERSATION)] == ["もしもし"]


async def test_what_staff_never_saw_is_the_bots_once_they_have_closed_the_case(
    front: Desk, engine: FakeEngine, handoffs: Handoffs, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a message that is taken for staff's, whose case is closed before that is noted
    front.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    left_to_staff = front._replier._while_staff_own

    def closed_meanwhile(*given: Any) -> list[Reply]:
        said = left_to_staff(*given)
        assert handoffs.close(handoffs.find()[0].id, "s1")
        return said

    monkeypatch.setattr(front._replier, "_while_staff_own", closed_meanwhile)
    # Then the bot answers it
    assert await say(front, "もしもし", "e1") == ["答え：もしもし"]


async def test_the_customer_may_return_to_the_bot(front: Desk, engine: FakeEngine, handoffs: Handoffs) -> None:
    front.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert await say(front, "自動でのお答えに戻る", "e1") == [PHRASES.text("handoff_returned")]
    assert await say(front, "こんにちは", "e2") == ["答え：こんにちは"]


async def test_the_button_that_leads_back_to_the_bot_does(front: Desk, handoffs: Handoffs) -> None:
    for number, button in enumerate(PHRASES.say("handoff_back").buttons):
        front.open(f"web-back-{number}", "web", "okura")
        handoffs.hand_off(f"web-back-{number}", COMPANIES.get("okura"), HandoffReason.ASKED, f"m{number}")
        front.accept(f"web-back-{number}", button.payload, "e1")
        [reply] = await front.work(f"web-back-{number}")
        assert reply.text == PHRASES.text("handoff_returned")


async def test_who_wants_the_bot_while_a_person_answers_is_told_so(
    front: Desk, engine: FakeEngine, handoffs: Handoffs
) -> None:
    front.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert handoffs.claim(handoffs.find()[0].id, "s1")
    assert await say(front, "ボットに戻してください", "e1") == [PHRASES.text("handoff_in_hand")]
    assert await say(front, "もしもし", "e2") == []
    assert engine.asked == []


@pytest.mark.parametrize("silent", [True, False])
async def test_without_the_engine_the_customer_gets_the_contact_and_staff_the_message(
    front: Desk, engine: FakeEngine, handoffs: Handoffs, silent: bool
) -> None:
    def fail(text: str) -> list[EngineReply]:
        if silent:
            return []
        raise Unavailable("the dialogue engine did not answer")

    front.open(CONVERSATION, "web", "okura")
    engine.answer = fail
    [reply] = await say(front, "クッキーは？", "e1")
    assert "0233-75-3111" in reply
    [case] = handoffs.find("okura", "waiting")
    assert (case.conversation, case.reason) == (CONVERSATION, HandoffReason.ENGINE_DOWN)
    # When the engine is back, the bot answers again
    engine.answer = lambda text: [EngineReply("答え")]
    assert await say(front, "クッキーは？", "e2") == ["答え"]
