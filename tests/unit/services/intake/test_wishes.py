"""A message that makes several requests, or asks something beside one."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
