import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Busy, NotFound
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.privacy.masking import MASK
from bot.services.business_calendar import CompanyCalendar
from bot.services.converse import BoundToAnotherCompany, Desk
from bot.services.handoffs import Handoffs
from bot.services.ports import EngineReply
from bot.services.turns import Expectation
from bot.settings import Settings
from bot.storage.conversations import SqlConversations
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.services.front import COMPANIES, CONVERSATION, PHRASES, FakeEngine, exchange, say


async def test_a_message_is_stored_answered_and_shown_in_order(front: Desk, announced: list[str]) -> None:
    front.open(CONVERSATION, "web", "okura")
    assert await say(front, "こんにちは", "e1") == ["答え：こんにちは"]
    assert await say(front, "ありがとう", "e2") == ["答え：ありがとう"]
    transcript = [(message.seq, message.author, message.text) for message in front.transcript(CONVERSATION)]
    assert transcript == [
        (1, "customer", "こんにちは"),
        (2, "bot", "答え：こんにちは"),
        (3, "customer", "ありがとう"),
        (4, "bot", "答え：ありがとう"),
    ]
    assert announced == [CONVERSATION] * 4
    assert [message.seq for message in front.look(CONVERSATION, 2).messages] == [3, 4]
    assert front.look(CONVERSATION).answering is False


async def test_the_engine_learns_whose_message_it_is_and_what_the_form_waits_for(
    front: Desk, engine: FakeEngine, expected: dict[str, Expectation]
) -> None:
    front.open(CONVERSATION, "line", "okura")
    expected[CONVERSATION] = Expectation("means", "choice", ("電話", "はがき"))
    [reply] = await exchange(front, "電話", "e1")
    [(conversation, text, metadata)] = engine.asked
    assert (conversation, text) == (CONVERSATION, "電話")
    assert metadata == {
        "company": "okura",
        "conversation": CONVERSATION,
        "channel": "line",
        "message_id": reply.reply_to,
        "expectation": {"field": "means", "kind": "choice", "choices": ["電話", "はがき"]},
        "aspects": {},
    }


async def test_the_engine_learns_what_a_question_of_one_word_would_mean_now(
    front: Desk, engine: FakeEngine, sqlite_store: SqlStore
) -> None:
    front.open(CONVERSATION, "line", "okura")
    with sqlite_store.transaction() as tx:
        thread = tx.conversations.lock(CONVERSATION)
        assert thread is not None
        tx.conversations.save(replace(thread, last_topics=("joint_use_parties",)))
    await exchange(front, "項目は？", "e1")
    [(_, _, metadata)] = engine.asked
    assert metadata["aspects"]["items"] == "joint_use_items"


async def test_a_repeated_event_says_the_same_and_asks_nobody(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    first = await exchange(front, "こんにちは", "e1")
    again = await exchange(front, "こんにちは", "e1")
    assert [message.id for message in again] == [message.id for message in first]
    assert len(engine.asked) == 1
    assert len(front.transcript(CONVERSATION)) == 2


async def test_the_same_event_sent_twenty_times_at_once_is_worked_on_once(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    answers = await asyncio.gather(*(say(front, "こんにちは", "e1") for _ in range(20)))
    assert answers == [["答え：こんにちは"]] * 20
    assert len(engine.asked) == 1


async def test_what_a_dying_process_left_waiting_is_answered_with_the_next_message(front: Desk) -> None:
    front.open(CONVERSATION, "web", "okura")
    front.accept(CONVERSATION, "はじめに", "e1")
    assert front.look(CONVERSATION).answering is True
    assert await say(front, "つぎに", "e2") == ["答え：つぎに"]
    assert [message.text for message in front.transcript(CONVERSATION)][2:] == ["答え：はじめに", "答え：つぎに"]


async def test_two_processes_that_answer_the_same_message_leave_one_answer(
    front: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    front.open(CONVERSATION, "web", "okura")

    def answered_elsewhere(text: str) -> list[EngineReply]:
        with sqlite_store.transaction() as tx:
            [waiting] = tx.conversations.pending(CONVERSATION)
            tx.conversations.mark_answered(waiting.id, clock.now())
        return [EngineReply("二つ目の答え")]

    engine.answer = answered_elsewhere
    assert await say(front, "こんにちは") == []
    assert [message.author for message in front.transcript(CONVERSATION)] == ["customer"]


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


def two_desks(store: SqlStore, engine: FakeEngine, clock: FixedClock) -> list[Desk]:
    """As two web processes have them."""
    handoffs = Handoffs(store, PHRASES, CompanyCalendar(COMPANIES), clock)
    return [
        Desk(store, engine, COMPANIES, PHRASES, handoffs, lambda tx, conversation, text: None, clock, Settings())
        for _ in range(2)
    ]


async def test_two_processes_answer_one_after_the_other_in_order(store: SqlStore, clock: FixedClock) -> None:
    engine = SlowEngine()
    desks = two_desks(store, engine, clock)
    names = ("c1", "c2", "c3")
    for name in names:
        desks[0].open(name, "web", "okura")

    async def say(number: int, name: str) -> None:
        front = desks[number % 2]
        await asyncio.to_thread(front.accept, name, f"{number}", f"event-{number}")
        await front.work(name)

    await asyncio.gather(*(say(number, name) for number in range(6) for name in names))

    assert engine.side_by_side == set()
    # Nobody was asked twice, and each conversation's answers stand in the order of its messages.
    assert len(engine.asked) == 18
    for name in names:
        transcript = desks[0].transcript(name)
        asked = [message.id for message in transcript if message.author == "customer"]
        assert [message.reply_to for message in transcript if message.author == "bot"] == asked


async def test_who_waits_for_the_answer_gets_their_own_in_order(store: SqlStore, clock: FixedClock) -> None:
    engine = SlowEngine()
    desks = two_desks(store, engine, clock)
    asked = [(f"c{number % 3}", f"{number}") for number in range(12)]
    exchanges = [
        desks[number // 3 % 2].exchange(name, "rest", "okura", text) for number, (name, text) in enumerate(asked)
    ]
    replies = await asyncio.gather(*exchanges)

    assert [[reply.text for reply in some] for some in replies] == [[f"答え：{text}"] for _, text in asked]
    assert engine.side_by_side == set()
    for name in ("c0", "c1", "c2"):
        transcript = desks[0].transcript(name)
        asked_here = [message.id for message in transcript if message.author == "customer"]
        assert [message.reply_to for message in transcript if message.author == "bot"] == asked_here


async def test_an_exchange_answers_what_waited_before(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "rest", "okura")
    front.accept(CONVERSATION, "ひとつめ", "e1")
    [reply] = await front.exchange(CONVERSATION, "rest", "okura", "ふたつめ")
    assert reply.text == "答え：ふたつめ"
    assert [text for _, text, _ in engine.asked] == ["ひとつめ", "ふたつめ"]


async def test_an_exchange_with_another_company_stores_nothing(front: Desk, engine: FakeEngine) -> None:
    await front.exchange(CONVERSATION, "rest", "okura", "こんにちは")
    with pytest.raises(BoundToAnotherCompany):
        await front.exchange(CONVERSATION, "rest", "kagoshima", "こんにちは")
    assert len(engine.asked) == 1
    assert len(front.transcript(CONVERSATION)) == 2


@pytest.mark.parametrize(("channel", "told"), [("web", [PHRASES.text("queue_full")]), ("line", [])])
async def test_with_a_full_queue_the_customer_is_told_once_and_answered_later(
    front: Desk, engine: FakeEngine, channel: str, told: list[str]
) -> None:
    def full(text: str) -> list[EngineReply]:
        raise Busy("200 messages wait")

    front.open(CONVERSATION, channel, "okura")
    answer, engine.answer = engine.answer, full
    assert await say(front, "クッキーは？", "e1") == told
    assert await front.work(CONVERSATION) == []
    assert front.look(CONVERSATION).answering is True
    engine.answer = answer
    assert [message.text for message in await front.work(CONVERSATION)] == ["答え：クッキーは？"]
    assert [message.text for message in front.transcript(CONVERSATION)] == ["クッキーは？", *told, "答え：クッキーは？"]
    assert front.look(CONVERSATION).answering is False


async def test_a_message_that_was_put_off_is_free_for_others(
    front: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    def full(text: str) -> list[EngineReply]:
        raise Busy("200 messages wait")

    front.open(CONVERSATION, "web", "okura")
    engine.answer = full
    await say(front, "クッキーは？", "e1")
    with sqlite_store.transaction() as tx:
        assert tx.conversations.take(CONVERSATION, "another", clock.now(), clock.now())


def test_a_message_never_shows_as_answered_without_its_answer(
    store: SqlStore, engine: FakeEngine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    handoffs = Handoffs(store, PHRASES, CompanyCalendar(COMPANIES), clock)
    front = Desk(store, engine, COMPANIES, PHRASES, handoffs, lambda tx, conversation, text: None, clock, Settings())
    front.open(CONVERSATION, "web", "okura")
    asked = front.accept(CONVERSATION, "こんにちは", "e1").message
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
    view = front.look(CONVERSATION)
    assert done
    assert view.answering or [message.author for message in view.messages] == ["customer", "bot"]


async def test_buttons_and_what_else_a_channel_shows_are_kept(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    button = {"title": "はい", "payload": "はい"}
    engine.answer = lambda text: [EngineReply("どうぞ", (button,), {"topics": ["recall"]})]
    [reply] = await exchange(front, "こんにちは", "e1")
    assert reply.body == {"topics": ["recall"], "buttons": [button]}


async def test_a_conversation_belongs_to_its_first_company_for_good(front: Desk) -> None:
    assert front.open(CONVERSATION, "rest", "okura").company == "okura"
    assert front.open(CONVERSATION, "rest", "okura").company == "okura"
    assert front.open(CONVERSATION, "rest", None).company == "okura"
    with pytest.raises(BoundToAnotherCompany):
        front.open(CONVERSATION, "rest", "kagoshima")


# What is written badly, or should not have been written


async def test_a_message_that_is_too_long_is_cut_kept_and_told(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    assert await say(front, "あ" * 100_000) == [PHRASES.text("too_long", limit=50)]
    assert engine.asked == []
    assert len(front.transcript(CONVERSATION)[0].text) == 50


async def test_control_characters_are_dropped_and_line_ends_stay(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    await say(front, "リコール\x00の\x1b[31mとき\r\n\tは？\ud83d")
    assert engine.asked[0][1] == "リコールの[31mとき\n\tは？"


async def test_what_nobody_asked_for_reaches_neither_the_store_nor_the_engine(front: Desk, engine: FakeEngine) -> None:
    front.open(CONVERSATION, "web", "okura")
    replies = await say(front, "マイナンバーは123456789018、うつ病で通院中です")
    assert engine.asked[0][1] == f"マイナンバーは{MASK}、{MASK}で通院中です"
    assert replies[:2] == [PHRASES.text("masked_my_number"), PHRASES.text("masked_medical")]
    assert not [message for message in front.transcript(CONVERSATION) if "123456789018" in message.text]


# Ending and erasing


async def test_an_ended_conversation_takes_nothing_more_in_and_shows_nothing(front: Desk) -> None:
    front.open(CONVERSATION, "web", "okura")
    await say(front, "こんにちは")
    front.end(CONVERSATION)
    with pytest.raises(NotFound):
        await say(front, "もう一度", "e2")
    with pytest.raises(NotFound):
        front.look(CONVERSATION)


async def test_the_case_of_an_erased_conversation_ends_with_it(front: Desk, handoffs: Handoffs) -> None:
    front.open(CONVERSATION, "web", "okura")
    handoffs.hand_off(CONVERSATION, COMPANIES.get("okura"), HandoffReason.ASKED, "m1")
    front.erase(CONVERSATION)
    assert [case.status for case in handoffs.find()] == ["closed"]


async def test_an_erased_conversation_is_gone(front: Desk) -> None:
    front.open(CONVERSATION, "web", "okura")
    await say(front, "こんにちは")
    front.erase(CONVERSATION)
    assert front.transcript(CONVERSATION) == []
    with pytest.raises(NotFound):
        front.look(CONVERSATION)


async def test_an_answered_message_is_counted_once_however_often_it_comes(
    front: Desk, engine: FakeEngine, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    engine.answer = lambda text: [EngineReply("方針には…", custom={"topics": ["cookies"], "covered": True})]
    front.open(CONVERSATION, "web", "okura")
    for _ in range(2):
        await say(front, "クッキーは使っていますか", "e1")
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
