from __future__ import annotations

import pytest

from bot.knowledge.topics import aspects_of
from bot.understanding.followups import followed_topic
from bot.understanding.model import Understander
from bot.understanding.text import normalise

JOINT_USE = aspects_of("joint_use_purposes")


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("じゃあ項目は？", "joint_use_items"),
        ("項目", "joint_use_items"),
        ("どんな情報？", "joint_use_items"),
        ("その項目は何ですか", "joint_use_items"),
        ("誰が？", "joint_use_parties"),
        ("だれが使うの？", "joint_use_parties"),
        ("それは誰と？", "joint_use_parties"),
        ("いつまで？", "retention_period"),
        ("ちなみに、期間はどのくらいですか", "retention_period"),
        ("ﾄﾞﾝﾅ ｼﾞｮｳﾎｳ?", None),
        ("項目を消したい", None),
        ("誰が漏らしたんだ", None),
        ("いつまで待たせるんだ", None),
        ("担当者と話したい", None),
    ],
)
def test_a_word_is_read_by_what_was_spoken_of(text: str, topic: str | None) -> None:
    assert followed_topic(normalise(text), JOINT_USE) == topic


@pytest.mark.parametrize("text", ["じゃあ項目は？", "誰が？", "いつまで？"])
def test_before_anything_was_spoken_of_it_stays_what_it_is(text: str) -> None:
    assert followed_topic(normalise(text), {}) is None


def test_an_open_form_comes_before_what_was_spoken_of(understander: Understander) -> None:
    form = {"field": "name", "kind": "text", "choices": []}

    followed = understander.understand("項目は？", None, JOINT_USE)
    answered = understander.understand("項目は？", form, JOINT_USE)

    assert [question.topics for question in followed.questions] == [(("joint_use_items", 1.0),)]
    assert followed.intent == "ask_policy"
    assert [question.topics for question in answered.questions] != [(("joint_use_items", 1.0),)]
