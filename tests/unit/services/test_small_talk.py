from dataclasses import replace
from typing import Any

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.business_calendar import CompanyCalendar
from bot.services.handoffs import Handoffs
from bot.services.intake import Intake
from bot.services.phrases import Phrasebook, Reply
from bot.services.records import Conversation, Handoff
from bot.services.small_talk import SmallTalk
from bot.services.turns import Turn
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.understanding.result import NOT_JAPANESE, Understanding
from tests.conftest import FixedClock

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
CONVERSATION = "c1"
CONTACT = "有限会社大蔵自動車 0233-75-3111 / ookura@mui.biglobe.ne.jp（受付時間 8時30分～17時30分）"


class NoForm:
    """The request form of a conversation that has none, unless a test opens it."""

    def __init__(self) -> None:
        self.open = False

    def is_open(self, conversation: str) -> bool:
        return self.open

    def said(self, turn: Turn) -> list[Reply] | None:
        return None

    def start(self, turn: Turn, procedure: str) -> list[Reply]:
        return [Reply(f"begun: {procedure}")]

    def chosen(self, turn: Turn) -> str | None:
        return "erasure" if turn.text == "消去" else None

    def offer_request(self, turn: Turn, procedure: str) -> list[Reply]:
        return [Reply(f"offered: {procedure}")]

    def marketing_again(self, turn: Turn) -> list[Reply] | None:
        return [Reply("a person can")] if "DM" in turn.text else None

    def offer_contact(self, turn: Turn) -> list[Reply]:
        return [Reply("what about it")]

    def bare_contact(self, turn: Turn) -> list[Reply] | None:
        return self.offer_contact(turn) if turn.text == "私の電話番号は090-1234-5678です" else None

    def resume(self, turn: Turn) -> list[Reply]:
        return [Reply("お名前を教えてください。")]


@pytest.fixture
def form() -> NoForm:
    return NoForm()


@pytest.fixture
def handoffs(sqlite_store: SqlStore, clock: FixedClock) -> Handoffs:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(Conversation(CONVERSATION, "web", "okura", clock.now(), clock.now()))
    return Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)


@pytest.fixture
def talk(sqlite_store: SqlStore, handoffs: Handoffs, form: NoForm, clock: FixedClock) -> SmallTalk:
    no_form: Any = form
    return SmallTalk(sqlite_store, PHRASES, handoffs, no_form, clock)


def turn(intent: str, event: str = "m1", confidence: float = 0.9, language: str = "ja", text: str = "テスト") -> Turn:
    understanding = Understanding(text, intent, confidence, ((intent, confidence),), language=language)
    return Turn(CONVERSATION, COMPANIES.get("okura"), "web", event, text, understanding)


def unclear(event: str) -> Turn:
    return turn("out_of_scope", event, confidence=0.3)


def reasons(handoffs: Handoffs) -> list[HandoffReason]:
    cases: list[Handoff] = handoffs.find("okura", "waiting")
    return [case.reason for case in cases]


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "ask_capabilities", "ask_bot_identity", "chitchat"])
def test_courtesy_is_answered_as_a_person_would(talk: SmallTalk, intent: str) -> None:
    [reply] = talk.reply(turn(intent))
    assert reply.text == PHRASES.text(f"reply_{intent}", company="有限会社大蔵自動車")


def test_what_the_desk_is_not_for_is_declined_kindly(talk: SmallTalk, handoffs: Handoffs) -> None:
    [reply] = talk.decline(turn("out_of_scope"))
    assert reply.text == PHRASES.text("out_of_scope", company="有限会社大蔵自動車", contact=CONTACT)
    assert "担当者と話したい" in [button.payload for button in reply.buttons]
    assert reasons(handoffs) == []


def test_the_first_time_the_customer_is_asked_for_other_words(talk: SmallTalk, handoffs: Handoffs) -> None:
    assert talk.decline(unclear("m1")) == [PHRASES.say("not_understood")]
    assert reasons(handoffs) == []


@pytest.mark.parametrize("confidence", [0.3, 0.9])
def test_the_second_time_in_a_row_a_case_is_opened_and_a_person_offered(
    talk: SmallTalk, handoffs: Handoffs, sqlite_store: SqlStore, confidence: float
) -> None:
    talk.decline(turn("out_of_scope", "m1", confidence))
    [reply] = talk.decline(turn("out_of_scope", "m2", confidence))
    assert "担当者" in reply.text
    assert "0233-75-3111" in reply.text
    assert reasons(handoffs) == [HandoffReason.NOT_UNDERSTOOD]
    # The bot goes on, and a yes gives the conversation to the person
    [words] = talk.go_on(turn("affirm", "m3"))
    assert "担当者におつなぎします" in words.text
    with sqlite_store.transaction(read_only=True) as tx:
        thread = tx.conversations.get(CONVERSATION)
    assert thread is not None
    assert thread.owner == "staff"


@pytest.mark.parametrize("between", ["reply", "go_on"])
def test_what_was_understood_in_between_begins_the_count_anew(
    talk: SmallTalk, handoffs: Handoffs, between: str
) -> None:
    talk.decline(unclear("m1"))
    if between == "reply":
        talk.reply(turn("thank", "m2"))
    else:
        talk.go_on(turn("deny", "m2"))
    assert talk.decline(unclear("m3")) == [PHRASES.say("not_understood")]
    assert reasons(handoffs) == []


def test_a_repeated_message_counts_once(talk: SmallTalk, handoffs: Handoffs, sqlite_store: SqlStore) -> None:
    assert talk.decline(unclear("m1")) == talk.decline(unclear("m1"))
    assert reasons(handoffs) == []
    with sqlite_store.transaction(read_only=True) as tx:
        [kept] = tx.unanswered.find("okura")
    assert (kept.text, kept.reason) == ("テスト", "not_understood")


@pytest.mark.parametrize("language", ["en", "zh", "vi", "ko", "pt"])
def test_another_language_gets_a_sentence_in_it_and_is_no_failure(
    talk: SmallTalk, handoffs: Handoffs, language: str
) -> None:
    for event in ("m1", "m2", "m3"):
        [reply] = talk.decline(turn("speak_other_language", event, language=language))
        assert "0233-75-3111" in reply.text
    assert reply.text == PHRASES.text(
        f"other_language_{language}", contact=handoffs.contact_line(COMPANIES.get("okura"))
    )
    assert reasons(handoffs) == []


@pytest.mark.parametrize(
    ("intent", "reason"),
    [
        ("ask_handoff", HandoffReason.ASKED),
        ("complain", HandoffReason.COMPLAINT),
        ("report_leak", HandoffReason.LEAK),
    ],
)
def test_a_person_is_called_for_the_reason_that_was_given(
    talk: SmallTalk, handoffs: Handoffs, intent: str, reason: HandoffReason
) -> None:
    [reply] = talk.hand_off(turn(intent))
    assert "担当者" in reply.text
    assert reasons(handoffs) == [reason]


@pytest.mark.parametrize("intent", ["report_leak", "complain", "ask_handoff"])
def test_a_number_that_resembles_a_report_calls_nobody(talk: SmallTalk, handoffs: Handoffs, intent: str) -> None:
    [reply] = talk.hand_off(replace(turn(intent), text="私の電話番号は090-1234-5678です"))
    assert (reply.text, reasons(handoffs)) == ("what about it", [])


@pytest.mark.parametrize(
    "intent", ["resume_request", "affirm", "deny", "cancel", "change_answer", "resend_code", "ask_why_needed"]
)
def test_without_a_form_there_is_nothing_to_go_on_with(talk: SmallTalk, form: NoForm, intent: str) -> None:
    assert talk.go_on(turn(intent)) == [PHRASES.say(f"nothing_open_{intent}")]
    form.open = True
    assert talk.go_on(turn(intent)) == [Reply("お名前を教えてください。")]


@pytest.mark.parametrize("intent", ["inform", "chitchat", "out_of_scope"])
def test_an_answer_that_nobody_asked_for_is_declined(talk: SmallTalk, intent: str) -> None:
    words = "out_of_scope" if intent == "out_of_scope" else "not_understood"
    assert talk.go_on(turn(intent)) == [PHRASES.say(words, company="有限会社大蔵自動車", contact=CONTACT)]


# With the real form


@pytest.fixture
def intake(sqlite_store: SqlStore, clock: FixedClock) -> Intake:
    return Intake(sqlite_store, PHRASES, sqlite_store.vault, clock, Settings(), COMPANIES)


@pytest.fixture
def talk_with_form(sqlite_store: SqlStore, handoffs: Handoffs, intake: Intake, clock: FixedClock) -> SmallTalk:
    return SmallTalk(sqlite_store, PHRASES, handoffs, intake, clock)


def test_a_form_that_was_left_goes_on_with_this_message(talk_with_form: SmallTalk, intake: Intake) -> None:
    intake.start(turn("request_disclosure", "m1"), "disclosure")
    assert talk_with_form.go_on(turn("resume_request", "m2"))
    assert intake.is_open(CONVERSATION)


def test_a_message_that_closed_the_form_before_a_crash_gets_the_same_words_again(
    talk_with_form: SmallTalk, intake: Intake
) -> None:
    intake.start(turn("request_disclosure", "m1"), "disclosure")
    first = intake.cancel(turn("cancel", "m2", text="やめます"))
    assert not intake.is_open(CONVERSATION)
    assert [reply.text for reply in talk_with_form.go_on(turn("cancel", "m2", text="やめます"))] == [
        reply.text for reply in first
    ]


def test_a_receipt_number_alone_asks_for_its_status(talk: SmallTalk) -> None:
    understood = Understanding("OK-7F3K-9M2Q-4T8W", NOT_JAPANESE, 0.9, ((NOT_JAPANESE, 0.9),), language="en")
    asked = Turn(CONVERSATION, COMPANIES.get("okura"), "web", "m1", "ｏｋ-7f3k-9m2q-4t8w", understood)
    assert talk.decline(asked) == [Reply("begun: status")]


@pytest.mark.parametrize(
    ("second", "confidence", "answer"),
    [("request_correction", 0.45, "offered: correction"), ("request_about_another", 0.45, "読み取れません"),
     ("request_correction", 0.6, "この窓口ではお答えできません")],
)  # fmt: skip
def test_what_came_close_to_a_request_is_asked_about(talk, second, confidence, answer):
    close = Understanding("登録の電話番号", "out_of_scope", confidence, (("out_of_scope", confidence), (second, 0.4)))
    [reply] = talk.decline(Turn(CONVERSATION, COMPANIES.get("okura"), "web", "m1", "登録の電話番号", close))
    assert answer in reply.text


def test_in_an_open_form_no_other_request_is_offered(talk, form):
    form.open = True
    close = Understanding("登録の電話番号", "out_of_scope", 0.45, (("out_of_scope", 0.45), ("request_correction", 0.4)))
    [reply] = talk.decline(Turn(CONVERSATION, COMPANIES.get("okura"), "web", "m1", "登録の電話番号", close))
    assert "読み取れません" in reply.text


@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
def test_a_number_alone_is_not_taken_for_a_yes(talk, intent):
    """「090-…」 after 「電話をやめて」 that wasn't understood: かしこまりました would promise what nobody does."""
    [reply] = talk.go_on(turn(intent, text="090-2000-0001です"))
    assert reply.text == "what about it"
    [reply] = talk.decline(turn("out_of_scope", text="090-2000-0001です"))
    assert reply.text == "what about it"


def test_a_choice_among_those_offered_begins(talk):
    [reply] = talk.go_on(turn("inform", text="消去"))
    assert reply.text == "begun: erasure"


def test_who_is_declined_hears_where_else_to_ask(talk):
    [reply] = talk.decline(turn("out_of_scope"))
    assert "0233-75-3111" in reply.text


def test_the_same_long_offer_is_not_made_three_times(talk: SmallTalk) -> None:
    for event in ("m1", "m2"):
        talk.decline(unclear(event))
    assert talk.decline(unclear("m3")) == [PHRASES.say("handoff_offered_again")]


def test_marks_without_a_word_are_not_understood_rather_than_refused(talk: SmallTalk) -> None:
    dots = replace(turn("out_of_scope", "m1"), text="。。。")
    assert talk.decline(dots) == [PHRASES.say("not_understood")]


@pytest.mark.parametrize("words", ["お願いします", "送信する"])
def test_a_request_with_nothing_open_is_not_agreed_to(talk: SmallTalk, words: str) -> None:
    [reply] = talk.go_on(replace(turn("affirm", "m1"), text=words))
    assert "いま進めているお手続きはございません" in reply.text


def test_going_on_with_what_was_stopped_is_no_form_to_go_on_with(talk: SmallTalk) -> None:
    assert talk.go_on(turn("resume_request", text="DMを再開して")) == [Reply("a person can")]
    assert talk.go_on(turn("resume_request", text="手続きを再開して")) == [PHRASES.say("nothing_open_resume_request")]


def test_who_turns_to_an_authority_gets_a_person_at_once(talk: SmallTalk, handoffs: Handoffs) -> None:
    talk.decline(turn("out_of_scope", text="国民生活センターに通報します"))
    assert reasons(handoffs) == [HandoffReason.COMPLAINT]


def test_a_doubtful_complaint_is_asked_about_once(talk: SmallTalk, handoffs: Handoffs) -> None:
    assert talk.hand_off(turn("complain", "m1", 0.4, text="そういうのは困ります")) == [PHRASES.say("not_understood")]
    assert reasons(handoffs) == []


def test_a_code_that_nobody_waits_for_leads_to_a_person(talk: SmallTalk) -> None:
    [reply] = talk.go_on(turn("resend_code"))
    assert "どなたにも知らせず" in reply.text
    assert "担当者と話したい" in [button.payload for button in reply.buttons]


def test_how_long_a_request_takes_is_never_out_of_scope(talk: SmallTalk) -> None:
    asked = turn("out_of_scope", text="消去は何日くらいで終わりますか")
    assert talk.decline(asked) == [PHRASES.say("days_to_answer", days=14)]
