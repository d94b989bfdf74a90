from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.services.business_calendar import CompanyCalendar
from bot.services.handoffs import Handoffs
from bot.services.intake import Intake
from bot.services.phrases import Phrasebook, Reply
from bot.services.records import Conversation
from bot.services.small_talk import SmallTalk
from bot.services.turns import Turn
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.understanding.result import Understanding
from tests.conftest import FixedClock

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
MakeTurn = Callable[..., Turn]


@pytest.fixture
def intake(sqlite_store: SqlStore, clock: FixedClock) -> Intake:
    return Intake(sqlite_store, PHRASES, sqlite_store.vault, clock, Settings(), COMPANIES)


@pytest.fixture
def small_talk(sqlite_store: SqlStore, clock: FixedClock, intake: Intake) -> SmallTalk:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(Conversation("c1", "web", "okura", clock.now(), clock.now()))
    handoffs = Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)
    return SmallTalk(sqlite_store, PHRASES, handoffs, intake, clock)


@pytest.fixture
def turn() -> MakeTurn:
    count = iter(range(1000))

    def make(intent: str, text: str = "ええと", confidence: float = 0.9, **more: str) -> Turn:
        understood = Understanding(text, intent, confidence, ((intent, confidence),), **more)
        return Turn("c1", COMPANIES.get("okura"), "web", f"m{next(count)}", text, understood)

    return make


def cases(store: SqlStore) -> list[tuple[str, str]]:
    with store.transaction(read_only=True) as tx:
        return [(case.reason.value, case.status) for case in tx.handoffs.find()]


def owner(store: SqlStore) -> str:
    with store.transaction(read_only=True) as tx:
        thread = tx.conversations.get("c1")
        assert thread is not None
        return thread.owner


def said(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "ask_capabilities", "ask_bot_identity", "chitchat"])
def test_every_courtesy_has_its_words(small_talk: SmallTalk, turn: MakeTurn, intent: str) -> None:
    assert said(small_talk.reply(turn(intent))) == PHRASES.text(f"reply_{intent}", company="有限会社大蔵自動車")


def test_what_is_surely_out_of_scope_is_declined_and_never_counts_as_a_failure(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore
) -> None:
    for _ in range(3):
        assert "お答えできません" in said(small_talk.decline(turn("out_of_scope", "今日の天気は")))
    assert cases(sqlite_store) == []


def test_two_misunderstandings_in_a_row_open_a_case_and_offer_a_person_while_the_bot_goes_on(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore
) -> None:
    first = small_talk.decline(turn("out_of_scope", confidence=0.2))
    assert cases(sqlite_store) == []
    second = small_talk.decline(turn("out_of_scope", confidence=0.2))
    assert "担当者" not in said(first)
    assert "担当者" in said(second)
    assert cases(sqlite_store) == [("not_understood", "waiting")]
    assert owner(sqlite_store) == "bot"


def test_something_understood_in_between_starts_the_count_anew(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore
) -> None:
    small_talk.decline(turn("out_of_scope", confidence=0.2))
    small_talk.reply(turn("thank"))
    small_talk.decline(turn("out_of_scope", confidence=0.2))
    assert cases(sqlite_store) == []


def test_a_yes_to_the_offer_gives_the_conversation_to_a_person(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore
) -> None:
    for _ in range(2):
        small_talk.decline(turn("out_of_scope", confidence=0.2))
    assert "おつなぎ" in said(small_talk.go_on(turn("affirm", "はい")))
    assert owner(sqlite_store) == "staff"


def test_a_yes_to_nothing_is_taken_kindly(small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore) -> None:
    assert "かしこまりました" in said(small_talk.go_on(turn("affirm", "はい")))
    assert owner(sqlite_store) == "bot"


@pytest.mark.parametrize(
    ("intent", "reason"), [("ask_handoff", "asked"), ("complain", "complaint"), ("report_leak", "leak")]
)
def test_a_case_has_the_reason_that_the_customer_gave(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore, intent: str, reason: str
) -> None:
    small_talk.hand_off(turn(intent))
    assert cases(sqlite_store) == [(reason, "waiting")]


def test_a_question_that_was_not_understood_is_kept_for_the_maintainers(
    small_talk: SmallTalk, turn: MakeTurn, sqlite_store: SqlStore
) -> None:
    small_talk.decline(turn("out_of_scope", "むにゃむにゃ", 0.2))
    with sqlite_store.transaction(read_only=True) as tx:
        assert [(one.text, one.reason) for one in tx.unanswered.find("okura")] == [("むにゃむにゃ", "not_understood")]


@pytest.mark.parametrize("language", ["en", "zh", "vi", "ko", "pt"])
def test_other_languages_get_a_sentence_of_their_own_and_the_contact(
    small_talk: SmallTalk, turn: MakeTurn, language: str
) -> None:
    words = said(small_talk.decline(turn("speak_other_language", "hello", language=language)))
    assert "日本語" in words
    assert "0233-75-3111" in words


def test_a_form_that_was_left_goes_on_with_this_message(small_talk: SmallTalk, intake: Intake, turn: MakeTurn) -> None:
    intake.start(turn("request_disclosure", "開示してほしい"), "disclosure")
    replies = small_talk.go_on(turn("resume_request", "さっきの続き"))
    assert replies
    assert intake.is_open("c1")


def test_a_message_that_closed_the_form_before_a_crash_gets_the_same_words_again(
    small_talk: SmallTalk, intake: Intake, turn: MakeTurn
) -> None:
    intake.start(turn("request_disclosure", "開示してほしい"), "disclosure")
    leaving = replace(turn("cancel", "やめる"), event="the-same")
    first = intake.cancel(leaving)
    assert not intake.is_open("c1")
    assert said(small_talk.go_on(leaving)) == said(first)
