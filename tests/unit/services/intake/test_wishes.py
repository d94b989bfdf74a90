"""A message that makes several requests, or asks something beside one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.privacy.request_types import procedure_of
from bot.understanding.result import Question, Wish
from tests.unit.services.intake.talk import Talk, missing


def begins(t: Talk, text: str, *wishes: tuple[str, str], asks: str = "") -> str:
    """Begin with the first of (kind, its words)."""
    turn = t.turn(text)
    understood = replace(
        turn.understanding,
        wishes=tuple(Wish(f"request_{kind}", words, 0.9) for kind, words in wishes),
        questions=(Question(asks, (("contact", 0.9),)),) if asks else (),
    )
    return "\n".join(reply.text for reply in t.intake.start(replace(turn, understanding=understood), wishes[0][0]))


def test_of_two_requests_the_second_is_named_for_later(talk):
    t = talk()
    heard = begins(t, "訂正と開示をお願いします", ("correction", "訂正と"), ("disclosure", "開示をお願いします"))
    assert not missing(heard, "まず「訂正・追加・削除」から", "続けて「開示をお願いします」", "どの項目を直しますか")


def test_three_requests_are_named_as_they_can_be_written_again(talk):
    t = talk()
    wishes = ("correction", "直して"), ("disclosure", "見せて"), ("erasure", "消して")
    assert "続けて「開示と消去をお願いします」" in begins(t, "直して。見せて。消して", *wishes)


@pytest.mark.parametrize("text", ["電話番号を直してほしい。それとハガキも止めて。山形県みほん市緑町7-8です"])
def test_what_takes_effect_at_once_comes_first_and_takes_no_words_of_the_other(talk, text):
    t = talk()
    heard = begins(t, text, ("correction", "電話番号を直してほしい。"), ("stop_marketing", "ハガキも止めて。"))
    assert not missing(heard, "まず「案内の停止」から", "続けて「訂正・追加・削除をお願いします」")
    assert {(contact, means) for contact, means, _ in t.suppressions()} == {("山形県みほん市緑町7-8", "post")}


def test_a_question_beside_it_tells_no_means_and_leaves_the_number_whole(talk):
    t = talk()
    begins(
        t,
        "メールと、080-1111-2222への電話を止めて。taro@example.jpです。郵便番号は何番ですか",
        ("stop_marketing", "メールと、080-112-2222への電話を止めて。"),
        asks="郵便番号は何番ですか",
    )
    assert {means for _, means, _ in t.suppressions()} == {"email", "phone"}
    assert ("+818011112222", "phone") in {(contact, means) for contact, means, _ in t.suppressions()}


def test_a_question_that_names_the_contact_keeps_it(talk):
    t = talk()
    asks = "taro@example.jpは何に使っていますか。"
    begins(t, f"{asks}メールを止めてください", ("stop_marketing", "メールを止めてください"), asks=asks)
    assert ("taro@example.jp", "email") in {(contact, means) for contact, means, _ in t.suppressions()}


@pytest.mark.parametrize("first", ["correction", "erasure"])
def test_an_item_that_is_replaced_is_no_erasure(talk, first):
    t = talk()
    wishes = {"correction": "新しい番号に直して", "erasure": "前の電話番号は消して"}
    heard = begins(t, "。".join(wishes.values()), *sorted(wishes.items(), key=lambda wish: wish[0] != first))
    assert "お手続きは、一つずつ" not in heard
    assert "「訂正・追加・削除」（" in heard


@pytest.mark.parametrize("text", ["メールの停止を取り消したい", "ハガキの送付を再開してほしい", "またカタログを送って"])
def test_who_wants_marketing_again_gets_no_second_stop(talk, text):
    t = talk()
    assert "担当者が承ります" in t.wants("stop_marketing", text)
    assert not t.intake.is_open(t.id)


@pytest.mark.parametrize(
    "text", ["またハガキを送ってきた。もうやめて", "電話の再開はやめて", "案内の停止をお願いします"]
)
def test_a_stop_is_a_stop(talk, text):
    t = talk()
    t.wants("stop_marketing", text)
    assert t.intake.is_open(t.id)


@pytest.mark.parametrize(("intent", "asked"), [("request_erasure", "・消去："), ("withdraw_request", "ふだんの言葉で")])
def test_what_was_hardly_meant_is_asked_about(talk, intent, asked):
    t = talk()
    turn = t.turn("頼みます")
    doubted = replace(turn.understanding, intent=intent, confidence=0.3, ranking=((intent, 0.3),))
    replies = t.intake.start(replace(turn, understanding=doubted), procedure_of(intent))
    assert asked in replies[0].text
    assert not t.intake.is_open(t.id)


def test_a_receipt_number_leaves_no_doubt(talk):
    t = talk()
    turn = t.turn("OK-1234-5678-9XYZ")
    doubted = replace(turn.understanding, intent="ask_request_status", confidence=0.2)
    t.intake.start(replace(turn, understanding=doubted), "status")
    assert t.intake.is_open(t.id)
