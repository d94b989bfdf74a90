"""Two kinds of request that sound alike: the customer is asked which is meant."""

import pytest

from bot.privacy.request_types import REQUEST_TYPES
from bot.services.turns import Turn
from bot.understanding.result import Understanding
from tests.unit.services.intake.talk import missing


def close(turn: Turn, *kinds: str) -> Turn:
    ranking = tuple((f"request_{kind}", probability) for kind, probability in zip(kinds, (0.45, 0.4), strict=True))
    understood = Understanding(turn.text, ranking[0][0], ranking[0][1], ranking)
    return Turn(turn.conversation, turn.company, turn.channel, turn.event, turn.text, understood)


def test_close_kinds_are_offered_and_nothing_begins(talk):
    t = talk()
    [reply] = t.intake.start(close(t.turn("もうやめてほしい"), "erasure", "stop_use"), "erasure")
    assert [button.title for button in reply.buttons] == ["消去", "利用停止"]
    assert "消去" in reply.text
    assert not t.intake.is_open(t.id)


@pytest.mark.parametrize("choice", ["開示をお願いします", "開示"])
def test_what_was_said_before_the_choice_is_not_asked_again(talk, choice):
    t = talk()
    said = "山田太郎と申します。taro@example.jp です。すべてを書面で開示してください"
    t.intake.start(close(t.turn(said), "disclosure", "erasure"), "disclosure")
    heard = t.wants("disclosure", choice)
    assert not missing(heard, "対象の情報：すべて", "受け取り方：紙", "お名前：山田太郎", "8桁の確認コード")


def test_another_wish_than_those_offered_begins_anew(talk):
    t = talk()
    t.intake.start(close(t.turn("山田太郎です。もうやめてほしい"), "erasure", "stop_use"), "erasure")
    assert "山田太郎" not in t.wants("disclosure", "やっぱり見せて")


def test_a_plain_wish_begins_at_once(talk):
    t = talk()
    t.wants("erasure", "消去をお願いします")
    assert t.intake.is_open(t.id)


def test_in_an_open_form_nothing_is_asked_twice(talk):
    t = talk()
    t.wants("erasure", "消去をお願いします")
    replies = t.intake.start(close(t.turn("使うのもやめて"), "stop_use", "erasure"), "stop_use")
    assert "ご希望に近いお手続きが二つあります" not in "".join(reply.text for reply in replies)


@pytest.mark.parametrize("kind", [kind.id for kind in REQUEST_TYPES])
def test_every_kind_can_be_offered(talk, kind):
    t = talk()
    other = "erasure" if kind != "erasure" else "stop_use"
    [reply] = t.intake.start(close(t.turn("お願い"), kind, other), kind)
    assert len(reply.buttons) == 2


def test_a_wish_that_may_be_about_another_person_begins(talk):
    """Another person's data is no kind of request to choose: 「データを消してほしい」 came close to it."""
    t = talk()
    replies = t.intake.start(close(t.turn("データを消してほしい"), "erasure", "about_another"), "erasure")
    assert "「消去」" in replies[0].text
    assert t.intake.is_open(t.id)


@pytest.mark.parametrize("choice", ["消去", "消去です", "消去の方でお願いします"])
def test_a_typed_choice_is_known_as_one(talk, choice):
    t = talk()
    t.intake.start(close(t.turn("もうやめてほしい"), "erasure", "stop_use"), "erasure")
    assert t.intake.chosen(t.turn(choice)) == "erasure"
    assert t.expectation(choice).kind == "given"


@pytest.mark.parametrize("other", ["消去とは何ですか", "はい", "開示"])
def test_what_names_no_choice_is_none(talk, other):
    t = talk()
    t.intake.start(close(t.turn("もうやめてほしい"), "erasure", "stop_use"), "erasure")
    assert t.intake.chosen(t.turn(other)) is None
    assert t.expectation(other) is None


def test_a_yes_takes_the_only_one(talk):
    t = talk()
    [reply] = t.intake.offer_request(t.turn("登録の電話番号を変えたい"), "correction")
    assert reply.buttons[0].payload == "訂正・追加・削除をお願いします"
    assert t.intake.chosen(t.turn("はい、そうです")) == "correction"
    assert "直す項目：電話番号" in t.wants("correction", "はい、そうです")


def test_a_number_that_came_without_a_word_is_not_asked_again(talk):
    t = talk()
    t.intake.offer_contact(t.turn("090-2000-0001じゃっど"))
    heard = t.wants("stop_marketing", "案内を止めてほしい")
    assert "「090-2000-0001」へのご案内を、いま止めました" in heard


@pytest.mark.parametrize("both", ["両方お願いします", "すべて", "どちらも"])
def test_who_wants_both_begins_with_the_first_and_hears_of_the_next(talk, both):
    t = talk()
    t.intake.start(close(t.turn("開示と提供記録の開示を請求します"), "disclosure", "provision_records"), "disclosure")
    assert t.intake.chosen(t.turn(both)) == "disclosure"
    heard = t.wants("disclosure", both)
    assert not missing(heard, "まず「開示」から", "「第三者提供記録の開示をお願いします」", "33条1項")


def test_a_contact_given_before_is_not_asked_for_again(talk):
    t = talk()
    t.intake.offer_contact(t.turn("山形県みほん市見本台4-5"))
    heard = t.wants("stop_marketing", "止めてください")
    assert "「山形県みほん市見本台4-5」へのご案内を、いま止めました" in heard


def test_a_contact_answers_the_only_way_offered(talk):
    t = talk()
    t.intake.offer_request(t.turn("メール"), "stop_marketing")
    heard = "\n".join(reply.text for reply in t.intake.offer_contact(t.turn("kei@example.jp")))
    assert "「kei@example.jp」へのご案内を、いま止めました" in heard


def test_a_contact_chooses_nothing_between_two_ways(talk):
    t = talk()
    t.intake.start(close(t.turn("もうやめてほしい"), "erasure", "stop_marketing"), "erasure")
    [reply] = t.intake.offer_contact(t.turn("kei@example.jp"))
    assert "どのようなご用件でしょうか" in reply.text
    assert t.suppressions() == set()


@pytest.mark.parametrize("choice", ["止める", "そこを止めてください", "案内の停止"])
def test_what_is_to_be_done_about_a_contact_is_said_in_a_word(talk, choice):
    t = talk()
    t.does("offer_contact", "taro@example.jp")
    assert t.expectation(choice).kind == "given"
    t.wants(t.intake.chosen(t.turn(choice)), choice)
    assert {contact for contact, _, _ in t.suppressions()} == {"taro@example.jp"}


def test_a_yes_to_several_offers_chooses_none(talk):
    t = talk()
    t.does("offer_contact", "taro@example.jp")
    assert t.intake.chosen(t.turn("はい")) is None


def test_a_stop_is_not_guessed_among_two(talk):
    t = talk()
    t.intake.start(close(t.turn("もうやめてほしい"), "stop_marketing", "stop_use"), "stop_marketing")
    assert t.intake.chosen(t.turn("止める")) is None
