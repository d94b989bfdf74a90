from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.services.answers import PolicyAnswers
from bot.services.business_calendar import CompanyCalendar
from bot.services.handoffs import Handoffs
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports.statistics import Counted
from bot.services.small_talk import SmallTalk
from bot.services.statistics import BEGUN, COVERED, NOT_COVERED, count, things_of
from bot.services.turns import Turn
from bot.settings import ROOT
from bot.storage.store import SqlStore
from bot.understanding.result import ASK_POLICY, Question, Understanding
from tests.conftest import FixedClock
from tests.records import conversation, message

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")


def counted(store: SqlStore, clock: FixedClock, kind: str, company: str = "okura") -> Mapping[str, int]:
    today = jst_date(clock.now())
    with store.transaction(read_only=True) as tx:
        found = tx.statistics.by_day(company, kind, today, today)
    return {name: number for (_, name), number in found.items()}


class NoForm:
    """The request form of a conversation that has none."""

    def is_open(self, conversation: str) -> bool:
        return False


def begin(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())


def turn(text: str, understanding: Understanding, event: str = "m1") -> Turn:
    return Turn("c1", COMPANIES.get("okura"), "web", event, text, understanding)


def test_a_first_message_begins_a_conversation_and_its_topics_count() -> None:
    replies = [Reply("", body={"topics": ["cookies", "purposes"], "covered": True}), Reply("はい")]
    bot = [Counted("message", "bot"), COVERED, Counted("topic", "cookies"), Counted("topic", "purposes")]
    assert things_of(conversation(), message(seq=1), replies) == [BEGUN, *bot]
    assert things_of(conversation(), message(seq=3), replies) == bot


def test_what_staff_read_counts_as_theirs() -> None:
    assert things_of(conversation(owner="staff"), message(seq=2), []) == [Counted("message", "staff")]


def test_the_day_is_japans(sqlite_store: SqlStore, clock: FixedClock) -> None:
    clock.advance(hours=15)  # One in the morning of Wednesday, there.
    with sqlite_store.transaction() as tx:
        count(tx, conversation(), [BEGUN], clock.now())
        assert list(tx.statistics.by_day("okura", "conversation", jst_date(clock.now()), jst_date(clock.now())))
        yesterday = jst_date(clock.now() - timedelta(days=1))
        assert not tx.statistics.by_day("okura", "conversation", yesterday, yesterday)


def test_without_a_company_nothing_counts(sqlite_store: SqlStore, clock: FixedClock) -> None:
    with sqlite_store.transaction() as tx:
        count(tx, conversation(company=None), [BEGUN], clock.now())
    assert counted(sqlite_store, clock, "conversation") == {}


def test_a_question_that_the_policy_leaves_open_counts_as_open(sqlite_store: SqlStore, clock: FixedClock) -> None:
    begin(sqlite_store)
    asked = Understanding("?", ASK_POLICY, 0.9, (), (Question("ドローンで撮られましたか", ()),))
    replies = PolicyAnswers(sqlite_store, PHRASES, clock).answer(turn("ドローンで撮られましたか", asked))
    assert things_of(conversation(), message(seq=2), replies) == [Counted("message", "bot"), NOT_COVERED]


def test_what_was_not_understood_counts_once(sqlite_store: SqlStore, clock: FixedClock) -> None:
    begin(sqlite_store)
    handoffs = Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)
    talk = SmallTalk(sqlite_store, PHRASES, handoffs, NoForm(), clock)  # type: ignore[arg-type]
    for _ in range(2):
        talk.decline(turn("ほげ", Understanding("ほげ", "out_of_scope", 0.2, ())))
    assert counted(sqlite_store, clock, "answer") == {"not_understood": 1}


def test_a_case_counts_when_it_is_opened(sqlite_store: SqlStore, clock: FixedClock) -> None:
    begin(sqlite_store)
    handoffs = Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)
    for _ in range(2):
        handoffs.hand_off("c1", COMPANIES.get("okura"), HandoffReason.LEAK, "m1")
    assert counted(sqlite_store, clock, "handoff") == {HandoffReason.LEAK.value: 1}
