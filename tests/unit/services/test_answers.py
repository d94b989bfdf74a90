from __future__ import annotations

import uuid

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.knowledge.topics import topic_table
from bot.services.answers import PolicyAnswers
from bot.services.phrases import Phrasebook, Reply
from bot.services.records import Conversation, Message
from bot.services.turns import Turn
from bot.settings import ROOT
from bot.storage.store import SqlStore
from bot.understanding.result import ASK_POLICY, Question, Understanding
from tests.conftest import FixedClock

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")


class Chat:
    """One customer's conversation, in which replies are kept as the desk keeps them."""

    def __init__(self, store: SqlStore, clock: FixedClock, company: str) -> None:
        self.store, self.clock = store, clock
        self.company = COMPANIES.get(company)
        self.answers = PolicyAnswers(store, PHRASES, clock)
        with store.transaction() as tx:
            tx.conversations.add(Conversation("c1", "web", company, clock.now(), clock.now()))

    def ask(self, text: str, *topics: str) -> Reply:
        """Ask about topics, each as a question of its own."""
        questions = tuple(Question(text, ((topic, 0.9),)) for topic in topics)
        return self._say(text, Understanding(text, ASK_POLICY, 0.9, ((ASK_POLICY, 0.9),), questions))

    def ask_for_clause(self, *number: int) -> Reply:
        """Ask for a clause by its number."""
        questions = (Question("見せて", (), number),)
        return self._say("見せて", Understanding("見せて", ASK_POLICY, 1.0, ((ASK_POLICY, 1.0),), questions))

    def follow(self, text: str, kind: str) -> Reply:
        """Ask what follows from the last answer."""
        return self._say(text, Understanding(text, f"ask_followup_{kind}", 0.9, ()))

    def _say(self, text: str, understanding: Understanding) -> Reply:
        (reply,) = self.answers.answer(Turn("c1", self.company, "web", uuid.uuid4().hex, text, understanding))
        with self.store.transaction() as tx:
            kept = Message(uuid.uuid4().hex, "c1", 0, "bot", reply.text, self.clock.now(), body=reply.body)
            tx.conversations.add_message(kept)
        return reply


@pytest.fixture
def kagoshima(sqlite_store: SqlStore, clock: FixedClock) -> Chat:
    return Chat(sqlite_store, clock, "kagoshima")


@pytest.fixture
def okura(sqlite_store: SqlStore, clock: FixedClock) -> Chat:
    return Chat(sqlite_store, clock, "okura")


def payloads(reply: Reply) -> list[str]:
    return [button.payload for button in reply.buttons]


def test_the_rest_of_a_long_clause_is_offered_and_shown_when_more_is_asked_for(kagoshima: Chat) -> None:
    item = kagoshima.ask("保険会社とも関係あるんですか", "purpose_insurance")
    assert payloads(item) == ["続きを読みたい"]
    assert "①" not in item.text
    whole = kagoshima.follow("続きを読みたい", "more")
    assert "① お客様によるアンケート" in whole.text
    assert "⑧ 損害保険会社" in whole.text
    assert payloads(whole) == []


def test_after_the_whole_clause_more_goes_on_to_the_next_topic(kagoshima: Chat) -> None:
    kagoshima.ask("共同利用の目的は", "joint_use_purposes")
    assert "④ 管理責任者" in kagoshima.follow("ほかには？", "more").text
    assert "各保険会社のホームページをご覧ください" in kagoshima.follow("ほかには？", "more").text


def test_a_short_clause_is_shown_whole_and_nothing_more_is_offered(okura: Chat) -> None:
    told = okura.ask("リコールのときはどうなる？", "recall")
    assert "④ 当社の経営等" in told.text
    assert payloads(told) == []


@pytest.mark.parametrize("before", [(), ("cookies",), ("joint_use_parties",)])
def test_the_number_is_told_whatever_was_asked_before(okura: Chat, before: tuple[str, ...]) -> None:
    for topic in before:
        okura.ask("教えて", topic)
    assert "0233-75-3111" in okura.follow("番号は？", "contact").text.splitlines()[0]


def test_the_purpose_is_that_of_what_was_asked(okura: Chat) -> None:
    okura.ask("どこの会社に渡ってるの", "joint_use_parties")
    assert "7.(3)" in okura.follow("その目的は？", "purpose").text


def test_the_number_is_an_aside_after_which_the_purpose_is_still_of_what_was_asked(okura: Chat) -> None:
    okura.ask("どこの会社に渡ってるの", "joint_use_parties")
    okura.follow("番号は？", "contact")

    assert "7.(3)" in okura.follow("その目的は？", "purpose").text


def test_the_purpose_of_cookies_is_what_the_clause_of_cookies_says(kagoshima: Chat) -> None:
    kagoshima.ask("クッキーを切ると", "cookies_refusal_effect")

    assert "一層便利にご利用いただくため" in kagoshima.follow("その目的は？", "purpose").text


@pytest.mark.parametrize("topic", ["joint_use_purposes", "recall"])
def test_after_a_purpose_its_purpose_is_not_the_same_clause_again(okura: Chat, topic: str) -> None:
    shown = okura.ask("なんのために共同で使うの", topic)
    citation = shown.body["passages"][0]["citation"]

    said = okura.follow("その目的は？", "purpose")

    assert said.text == PHRASES.text("followup_is_purpose", citation=citation)


def test_after_all_purposes_they_are_said_to_be_the_purpose(okura: Chat) -> None:
    citation = okura.ask("何に使うの", "purposes").body["passages"][0]["citation"]

    said = okura.follow("その目的は？", "purpose").text

    assert said == PHRASES.text("followup_is_all_purposes", citation=citation)


def test_the_purpose_of_what_the_policy_does_not_speak_of_is_no_clause_shown(okura: Chat) -> None:
    okura.ask("クッキーは使ってますか", "cookies")

    assert "先ほどお示しした" not in okura.follow("その目的は？", "purpose").text


def test_a_shorter_answer_is_the_beginning_of_the_same_clause(kagoshima: Chat) -> None:
    long = kagoshima.ask("何に使うの", "purposes")
    short = kagoshima.follow("もっと短く", "shorter")

    shown = short.body["passages"][0]["text"]
    assert long.body["passages"][0]["text"].startswith(shown)
    assert len(shown) < 200
    assert len(short.text) < len(long.text) / 2
    assert payloads(short) == ["続きを読みたい"]
    assert "⑧ 損害保険会社" in kagoshima.follow("続きを読みたい", "more").text


def test_what_cannot_be_shorter_is_said_so_and_of_nothing_is_asked_back(okura: Chat) -> None:
    unclear = okura.follow("もっと短く", "shorter")
    assert unclear.text == PHRASES.text("followup_of_what")
    assert "担当者と話したい" in [button.payload for button in unclear.buttons], "nobody is left without a way on"
    okura.ask("何に使うの", "purposes")
    okura.follow("もっと短く", "shorter")

    assert okura.follow("もっと短く", "shorter").text == PHRASES.text("followup_no_shorter")


def test_more_about_nothing_is_asked_back_and_the_end_is_told(okura: Chat) -> None:
    assert okura.follow("ほかには？", "more").text == PHRASES.text("followup_of_what")
    okura.ask("住所どこ", "company_info")
    assert "11." in okura.follow("ほかには？", "more").text
    assert okura.follow("ほかには？", "more").text == PHRASES.text("followup_no_more")


def test_who_asks_about_announcements_is_told_that_they_can_be_stopped_here(kagoshima: Chat) -> None:
    silent = kagoshima.ask("ハガキやめさせることできるの", "marketing_opt_out")
    assert "記載がありません" in silent.text
    assert PHRASES.text("offer_marketing_opt_out") in silent.text
    assert payloads(silent) == ["案内を止めてほしい"]


def test_two_questions_get_two_answers_and_each_button_once(okura: Chat) -> None:
    told = okura.ask("苦情と見直し", "complaints", "improvement")
    assert told.body["topics"] == ["complaints", "improvement"]
    assert len(payloads(told)) == len(set(payloads(told)))


def test_a_clause_asked_for_by_its_number_is_shown_whole(okura: Chat) -> None:
    reply = okura.ask_for_clause(7, 2)

    assert [passage["citation"] for passage in reply.body["passages"]] == ["7.(2)"]
    assert "① 当社のお客様のお名前、性別、ご住所" in reply.text
    assert "家族情報" in reply.text


def test_a_number_that_is_not_there_is_said_with_those_that_are(okura: Chat) -> None:
    reply = okura.ask_for_clause(99)

    assert "その番号の項目は" in reply.text
    assert "7. 個人データの共同利用" in reply.text


def test_what_the_policy_does_not_say_is_kept_for_the_maintainers(okura: Chat) -> None:
    okura.ask("クッキーは使ってますか", "cookies")
    okura.ask("リコールは", "recall")
    with okura.store.transaction() as tx:
        assert [question.text for question in tx.unanswered.find()] == ["クッキーは使ってますか"]


def test_an_unclear_question_is_not_told_that_the_policy_is_silent(kagoshima: Chat) -> None:
    text = "わいの情報ば日産にやっちょっとか"
    likely = (("joint_use_parties", 0.05), ("collection_method", 0.04))
    told = kagoshima._say(text, Understanding(text, ASK_POLICY, 0.6, (), (Question(text, likely),)))
    assert "記載がありません" not in told.text
    assert "0120-49-5523" in told.text
    assert payloads(told) == ["担当者と話したい"]


def test_every_offer_is_for_a_topic_and_says_a_plain_sentence() -> None:
    offers = {name.removeprefix("offer_") for name in PHRASES.names() if name.startswith("offer_")}
    assert offers - set(topic_table()) <= {"rest", "unsure", "staff", "extend"}


def test_how_long_a_request_takes_is_the_desks_to_say(okura: Chat) -> None:
    assert "受け付けた日から14日以内" in okura.ask("開示の費用と、返事まで何日かを知りたい", "fees").text
    assert "14日以内" not in okura.ask("開示の費用を知りたい", "fees").text
    assert "14日以内" not in okura.ask("何日くらいかかって捨てるの", "disposal").text
