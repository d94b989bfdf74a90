import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Busy, NotFound, Unavailable
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.privacy.masking import MASK
from bot.services.business_calendar import CompanyCalendar
from bot.services.converse import BoundToAnotherCompany, Desk
from bot.services.handoffs import Handoffs
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import EngineReply
from bot.services.records import Message
from bot.services.turns import Expectation
from bot.settings import ROOT, Settings
from bot.storage.conversations import SqlConversations
from bot.storage.store import SqlStore
from tests.conftest import FixedClock

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
CONVERSATION = "c1"


class FakeEngine:
    """Says what it was asked, or what a test wants it to do."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.answer: Callable[[str], list[EngineReply]] = lambda text: [EngineReply(f"答え：{text}")]

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        self.asked.append((conversation, text, metadata))
        return self.answer(text)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def expected() -> dict[str, Expectation]:
    """What open forms wait for, by conversation."""
    return {}


@pytest.fixture
def handoffs(sqlite_store: SqlStore, clock: FixedClock) -> Handoffs:
    return Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def desk(
    sqlite_store: SqlStore,
    engine: FakeEngine,
    handoffs: Handoffs,
    expected: dict[str, Expectation],
    clock: FixedClock,
    announced: list[str],
) -> Desk:
    sqlite_store.announce = announced.append
    return Desk(
        sqlite_store,
        engine,
        COMPANIES,
        PHRASES,
        handoffs,
        lambda conversation, text: expected.get(conversation),
        clock,
        Settings(message_characters=50),
    )


async def exchange(desk: Desk, text: str, event: str) -> list[Message]:
    return await desk.replies(desk.accept(CONVERSATION, text, event))


async def say(desk: Desk, text: str, event: str = "e1") -> list[str]:
    return [message.text for message in await exchange(desk, text, event)]


async def test_a_message_is_stored_answered_and_shown_in_order(desk: Desk, announced: list[str]) -> None:
    desk.open(CONVERSATION, "web", "okura")
    assert await say(desk, "こんにちは", "e1") == ["答え：こんにちは"]
    assert await say(desk, "ありがとう", "e2") == ["答え：ありがとう"]
    transcript = [(message.seq, message.author, message.text) for message in desk.transcript(CONVERSATION)]
    assert transcript == [
        (1, "customer", "こんにちは"),
        (2, "bot", "答え：こんにちは"),
        (3, "customer", "ありがとう"),
        (4, "bot", "答え：ありがとう"),
    ]
    assert announced == [CONVERSATION] * 4
    assert [message.seq for message in desk.look(CONVERSATION, 2).messages] == [3, 4]
    assert desk.look(CONVERSATION).answering is False


async def test_the_engine_learns_whose_message_it_is_and_what_the_form_waits_for(
    desk: Desk, engine: FakeEngine, expected: dict[str, Expectation]
) -> None:
    desk.open(CONVERSATION, "line", "okura")
    expected[CONVERSATION] = Expectation("means", "choice", ("電話", "はがき"))
    [reply] = await exchange(desk, "電話", "e1")
    [(conversation, text, metadata)] = engine.asked
    assert (conversation, text) == (CONVERSATION, "電話")
    assert metadata == {
        "company": "okura",
        "conversation": CONVERSATION,
        "channel": "line",
        "message_id": reply.reply_to,
        "expectation": {"field": "means", "kind": "choice", "choices": ["電話", "はがき"]},
    }


async def test_a_repeated_event_says_the_same_and_asks_nobody(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    first = await exchange(desk, "こんにちは", "e1")
    again = await exchange(desk, "こんにちは", "e1")
    assert [message.id for message in again] == [message.id for message in first]
    assert len(engine.asked) == 1
    assert len(desk.transcript(CONVERSATION)) == 2


async def test_the_same_event_sent_twenty_times_at_once_is_worked_on_once(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    answers = await asyncio.gather(*(say(desk, "こんにちは", "e1") for _ in range(20)))
    assert answers == [["答え：こんにちは"]] * 20
    assert len(engine.asked) == 1


async def test_what_a_dying_process_left_waiting_is_answered_with_the_next_message(desk: Desk) -> None:
    desk.open(CONVERSATION, "web", "okura")
    desk.accept(CONVERSATION, "はじめに", "e1")
    assert desk.look(CONVERSATION).answering is True
    assert await say(desk, "つぎに", "e2") == ["答え：つぎに"]
    assert [message.text for message in desk.transcript(CONVERSATION)][2:] == ["答え：はじめに", "答え：つぎに"]


async def test_two_processes_that_answer_the_same_message_leave_one_answer(
    desk: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    desk.open(CONVERSATION, "web", "okura")

    def answered_elsewhere(text: str) -> list[EngineReply]:
        with sqlite_store.transaction() as tx:
            [waiting] = tx.conversations.pending(CONVERSATION)
            tx.conversations.mark_answered(waiting.id, clock.now())
        return [EngineReply("二つ目の答え")]

    engine.answer = answered_elsewhere
    assert await say(desk, "こんにちは") == []
    assert [message.author for message in desk.transcript(CONVERSATION)] == ["customer"]


class SlowEngine(FakeEngine):
    """Takes its time, so that two processes get into each other's way; notes who was worked on side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.side_by_side: set[str] = set()
        self._at_work: list[str] = []

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        if conversation in self._at_work:
            self.side_by_side.add(conversation)
        self._at_work.append(conversation)
        await asyncio.sleep(0.02)
        self._at_work.remove(conversation)
        return await super().respond(conversation, text, metadata)


async def test_two_processes_answer_one_after_the_other_in_order(store: SqlStore, clock: FixedClock) -> None:
    engine = SlowEngine()
    handoffs = Handoffs(store, PHRASES, CompanyCalendar(COMPANIES), clock)
    desks = [
        Desk(store, engine, COMPANIES, PHRASES, handoffs, lambda conversation, text: None, clock, Settings())
        for _ in range(2)
    ]
    names = ("c1", "c2", "c3")
    for name in names:
        desks[0].open(name, "web", "okura")

    async def say(number: int, name: str) -> None:
        desk = desks[number % 2]
        await asyncio.to_thread(desk.accept, name, f"{number}", f"event-{number}")
        await desk.work(name)

    await asyncio.gather(*(say(number, name) for number in range(6) for name in names))

    assert engine.side_by_side == set()
    # Nobody was asked twice, and each conversation's answers stand in the order of its messages.
    assert len(engine.asked) == 18
    for name in names:
        transcript = desks[0].transcript(name)
        asked = [message.id for message in transcript if message.author == "customer"]
        assert [message.reply_to for message in transcript if message.author == "bot"] == asked


@pytest.mark.parametrize(("channel", "told"), [("web", [PHRASES.text("queue_full")]), ("line", [])])
async def test_with_a_full_queue_the_customer_is_told_once_and_answered_later(
    desk: Desk, engine: FakeEngine, channel: str, told: list[str]
) -> None:
    def full(text: str) -> list[EngineReply]:
        raise Busy("200 messages wait")

    desk.open(CONVERSATION, channel, "okura")
    answer, engine.answer = engine.answer, full
    assert await say(desk, "クッキーは？", "e1") == told
    assert await desk.work(CONVERSATION) == []
    assert desk.look(CONVERSATION).answering is True
    engine.answer = answer
    assert [message.text for message in await desk.work(CONVERSATION)] == ["答え：クッキーは？"]
    assert [message.text for message in desk.transcript(CONVERSATION)] == ["クッキーは？", *told, "答え：クッキーは？"]
    assert desk.look(CONVERSATION).answering is False


async def test_a_message_that_was_put_off_is_free_for_others(
    desk: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    def full(text: str) -> list[EngineReply]:
        raise Busy("200 messages wait")

    desk.open(CONVERSATION, "web", "okura")
    engine.answer = full
    await say(desk, "クッキーは？", "e1")
    with sqlite_store.transaction() as tx:
        assert tx.conversations.take(CONVERSATION, "another", clock.now(), clock.now())


def test_a_message_never_shows_as_answered_without_its_answer(
    store: SqlStore, engine: FakeEngine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoffs = Handoffs(store, PHRASES, CompanyCalendar(COMPANIES), clock)
    desk = Desk(store, engine, COMPANIES, PHRASES, handoffs, lambda conversation, text: None, clock, Settings())
    desk.open(CONVERSATION, "web", "okura")
    asked = desk.accept(CONVERSATION, "こんにちは", "e1").message
    done: list[str] = []

    def then_answer(look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(self: Any, *arguments: Any) -> Any:
            seen = look(self, *arguments)
            if not done:
                done.append("answered elsewhere, after the first of the statements")
                with store.transaction() as tx:
                    tx.conversations.mark_answered(asked.id, clock.now())
                    tx.conversations.add_message(
                        replace(asked, id="r1", author="bot", event_id=None, reply_to=asked.id)
                    )
            return seen

        return looked

    for name in ("messages", "pending"):
        monkeypatch.setattr(SqlConversations, name, then_answer(getattr(SqlConversations, name)))
    view = desk.look(CONVERSATION)
    assert done
    assert view.answering or [message.author for message in view.messages] == ["customer", "bot"]


async def test_buttons_and_what_else_a_channel_shows_are_kept(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    button = {"title": "はい", "payload": "はい"}
    engine.answer = lambda text: [EngineReply("どうぞ", (button,), {"topics": ["recall"]})]
    [reply] = await exchange(desk, "こんにちは", "e1")
    assert reply.body == {"topics": ["recall"], "buttons": [button]}


# Companies


async def test_a_conversation_belongs_to_its_first_company_for_good(desk: Desk) -> None:
    assert desk.open(CONVERSATION, "rest", "okura").company == "okura"
    assert desk.open(CONVERSATION, "rest", "okura").company == "okura"
    assert desk.open(CONVERSATION, "rest", None).company == "okura"
    with pytest.raises(BoundToAnotherCompany):
        desk.open(CONVERSATION, "rest", "kagoshima")


@pytest.mark.parametrize("company", [None, "toyota", "../okura", ""])
async def test_without_a_known_company_the_customer_is_asked(
    desk: Desk, engine: FakeEngine, company: str | None
) -> None:
    assert desk.open(CONVERSATION, "rest", company).company is None
    [reply] = await exchange(desk, "クッキーは？", "e1")
    assert reply.text == PHRASES.text("which_company")
    assert [button["payload"] for button in reply.body["buttons"]] == ["鹿児島日産自動車株式会社", "有限会社大蔵自動車"]
    assert engine.asked == []


@pytest.mark.parametrize("named", ["有限会社大蔵自動車", "大蔵自動車", "大蔵自動車です", "okura", " okura\n"])
async def test_the_company_that_the_customer_names_is_bound(desk: Desk, engine: FakeEngine, named: str) -> None:
    desk.open(CONVERSATION, "rest", None)
    [greeting] = await say(desk, named, "e1")
    assert "有限会社大蔵自動車" in greeting
    assert await say(desk, "こんにちは", "e2") == ["答え：こんにちは"]
    with pytest.raises(BoundToAnotherCompany):
        desk.open(CONVERSATION, "rest", "kagoshima")


# What is written badly, or should not have been written


@pytest.mark.parametrize("empty", ["", " \n\t", "\x00\x07", "\ud800", "　"])
async def test_an_empty_message_gets_a_polite_answer(desk: Desk, engine: FakeEngine, empty: str) -> None:
    desk.open(CONVERSATION, "web", "okura")
    assert await say(desk, empty) == [PHRASES.text("empty_message")]
    assert engine.asked == []


async def test_a_message_that_is_too_long_is_cut_kept_and_told(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    assert await say(desk, "あ" * 100_000) == [PHRASES.text("too_long", limit=50)]
    assert engine.asked == []
    assert len(desk.transcript(CONVERSATION)[0].text) == 50


async def test_control_characters_are_dropped_and_line_ends_stay(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    await say(desk, "リコール\x00の\x1b[31mとき\r\n\tは？\ud83d")
    assert engine.asked[0][1] == "リコールの[31mとき\n\tは？"


async def test_what_nobody_asked_for_reaches_neither_the_store_nor_the_engine(desk: Desk, engine: FakeEngine) -> None:
    desk.open(CONVERSATION, "web", "okura")
    replies = await say(desk, "マイナンバーは123456789018、うつ病で通院中です")
    assert engine.asked[0][1] == f"マイナンバーは{MASK}、{MASK}で通院中です"
    assert replies[:2] == [PHRASES.text("masked_my_number"), PHRASES.text("masked_medical")]
    assert not [message for message in desk.transcript(CONVERSATION) if "123456789018" in message.text]


# Staff and failures


async def test_a_message_without_words_is_answered_by_the_phrase_its_channel_names(
    desk: Desk, engine: FakeEngine
) -> None:
    desk.open(CONVERSATION, "line", "okura")
    stored = desk.accept(CONVERSATION, "〔スタンプ〕", "e1", {"phrase": "reply_greet", "line": {"at": 1}}).message
    assert stored.body == {"phrase": "reply_greet", "line": {"at": 1}}
    [reply] = await desk.work(CONVERSATION)
    assert reply.text == PHRASES.text("reply_greet", company="有限会社大蔵自動車")
    assert engine.asked == []


async def test_what_staff_will_not_see_is_refused_even_while_they_own_the_conversation(
    desk: Desk, handoffs: Handoffs
) -> None:
    desk.open(CONVERSATION, "line", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "e0")
    desk.accept(CONVERSATION, "〔画像〕", "e1", {"refusal": "line_image"})
    [reply] = await desk.work(CONVERSATION)
    assert reply.text == PHRASES.text("line_image")


async def test_the_bot_is_silent_while_staff_own_the_conversation(
    desk: Desk, engine: FakeEngine, handoffs: Handoffs
) -> None:
    desk.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert await say(desk, "もしもし", "e1") == []
    assert engine.asked == []
    assert desk.look(CONVERSATION).answering is False
    # The message waits for a person, not for the bot
    assert [message.text for message in desk.transcript(CONVERSATION)] == ["もしもし"]


async def test_what_staff_never_saw_is_the_bots_once_they_have_closed_the_case(
    desk: Desk, engine: FakeEngine, handoffs: Handoffs, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a message that is taken for staff's, whose case is closed before that is noted
    desk.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    left_to_staff = desk._replier._while_staff_own

    def closed_meanwhile(*given: Any) -> list[Reply]:
        said = left_to_staff(*given)
        assert handoffs.close(handoffs.find()[0].id, "s1")
        return said

    monkeypatch.setattr(desk._replier, "_while_staff_own", closed_meanwhile)
    # Then the bot answers it
    assert await say(desk, "もしもし", "e1") == ["答え：もしもし"]


async def test_the_customer_may_return_to_the_bot(desk: Desk, engine: FakeEngine, handoffs: Handoffs) -> None:
    desk.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert await say(desk, "自動でのお答えに戻る", "e1") == [PHRASES.text("handoff_returned")]
    assert await say(desk, "こんにちは", "e2") == ["答え：こんにちは"]


async def test_the_button_that_leads_back_to_the_bot_does(desk: Desk, handoffs: Handoffs) -> None:
    for number, button in enumerate(PHRASES.say("handoff_back").buttons):
        desk.open(f"web-back-{number}", "web", "okura")
        handoffs.hand_off(f"web-back-{number}", COMPANIES.get("okura"), HandoffReason.ASKED, f"m{number}")
        desk.accept(f"web-back-{number}", button.payload, "e1")
        [reply] = await desk.work(f"web-back-{number}")
        assert reply.text == PHRASES.text("handoff_returned")


async def test_who_wants_the_bot_while_a_person_answers_is_told_so(
    desk: Desk, engine: FakeEngine, handoffs: Handoffs
) -> None:
    desk.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    assert handoffs.claim(handoffs.find()[0].id, "s1")
    assert await say(desk, "ボットに戻してください", "e1") == [PHRASES.text("handoff_in_hand")]
    assert await say(desk, "もしもし", "e2") == []
    assert engine.asked == []


@pytest.mark.parametrize("silent", [True, False])
async def test_without_the_engine_the_customer_gets_the_contact_and_staff_the_message(
    desk: Desk, engine: FakeEngine, handoffs: Handoffs, silent: bool
) -> None:
    def fail(text: str) -> list[EngineReply]:
        if silent:
            return []
        raise Unavailable("the dialogue engine did not answer")

    desk.open(CONVERSATION, "web", "okura")
    engine.answer = fail
    [reply] = await say(desk, "クッキーは？", "e1")
    assert "0233-75-3111" in reply
    [case] = handoffs.find("okura", "waiting")
    assert (case.conversation, case.reason) == (CONVERSATION, HandoffReason.ENGINE_DOWN)
    # When the engine is back, the bot answers again
    engine.answer = lambda text: [EngineReply("答え")]
    assert await say(desk, "クッキーは？", "e2") == ["答え"]


# Ending and erasing


async def test_an_ended_conversation_takes_nothing_more_in_and_shows_nothing(desk: Desk) -> None:
    desk.open(CONVERSATION, "web", "okura")
    await say(desk, "こんにちは")
    desk.end(CONVERSATION)
    with pytest.raises(NotFound):
        await say(desk, "もう一度", "e2")
    with pytest.raises(NotFound):
        desk.look(CONVERSATION)


async def test_the_case_of_an_erased_conversation_ends_with_it(desk: Desk, handoffs: Handoffs) -> None:
    desk.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    desk.erase(CONVERSATION)
    assert [case.status for case in handoffs.find()] == ["closed"]


async def test_an_erased_conversation_is_gone(desk: Desk) -> None:
    desk.open(CONVERSATION, "web", "okura")
    await say(desk, "こんにちは")
    desk.erase(CONVERSATION)
    assert desk.transcript(CONVERSATION) == []
    with pytest.raises(NotFound):
        desk.look(CONVERSATION)


async def test_an_answered_message_is_counted_once_however_often_it_comes(
    desk: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    engine.answer = lambda text: [EngineReply("方針には…", custom={"topics": ["cookies"], "covered": True})]
    desk.open(CONVERSATION, "web", "okura")
    for _ in range(2):
        await say(desk, "クッキーは使っていますか", "e1")
    today = jst_date(clock.now())
    with sqlite_store.transaction(read_only=True) as tx:
        found = {
            kind: tx.statistics.by_day("okura", kind, today, today) for kind in ("conversation", "message", "topic")
        }
    assert found == {
        "conversation": {(today, "begun"): 1},
        "message": {(today, "bot"): 1},
        "topic": {(today, "cookies"): 1},
    }
