from __future__ import annotations

import pytest

from bot.understanding.expectation import answers, is_bare_value

CHOICES = {"field": "means", "kind": "choice", "choices": ["メール", "電話", "はがき"]}
VALUE = {"field": "name", "kind": "value"}
TEXT = {"field": "details", "kind": "text"}


@pytest.mark.parametrize(
    "text",
    [
        "12345678",
        "090-1234-5678",
        "〒990-0001".removeprefix("〒"),
        "taro@example.jp",
        "taro@example.jpです",
        "昭和30年5月3日",
        "昭30.5.3",
        "s.30.5.3",
        "1955/5/3",
        "山形 500 あ 12-34",
        "okr-2024-0001",
    ],
)
def test_a_bare_value_is_an_answer_whatever_is_open(text: str) -> None:
    assert is_bare_value(text)
    for expectation in (None, CHOICES, VALUE, TEXT):
        assert answers(text, expectation, [("out_of_scope", 0.9)])


@pytest.mark.parametrize("text", ["手数料は300円ですか", "2024年に何件ありましたか", "はい", "aですか"])
def test_a_sentence_is_no_bare_value(text: str) -> None:
    assert not is_bare_value(text)


@pytest.mark.parametrize("text", ["メール", "メールでお願いします", "ハガキ", "葉書", "じゃあ電話で", "電話がいいです"])
def test_a_choice_is_named_in_any_spelling_and_with_courtesy(text: str) -> None:
    assert answers(text, CHOICES, [("request_stop_marketing", 0.9)])


@pytest.mark.parametrize("text", ["電話番号は何番ですか", "なぜ電話が要るの", "はい", "どれでもいい"])
def test_other_words_around_a_choice_are_no_answer(text: str) -> None:
    assert not answers(text, CHOICES, [("ask_policy", 0.4)])


def test_yes_is_an_answer_only_where_it_is_a_choice() -> None:
    assert answers("はい", {"kind": "choice", "choices": ["はい", "いいえ"]}, [("affirm", 0.9)])
    assert not answers("はい", TEXT, [("affirm", 0.9)])


def test_a_name_is_taken_for_a_value_whatever_it_resembles() -> None:
    assert answers("大蔵太郎", VALUE, [("out_of_scope", 0.9), ("ask_policy", 0.1)])
    assert answers("東京都新宿区1-2-3 開示ビル", VALUE, [("request_disclosure", 0.8)])


@pytest.mark.parametrize(
    "intent", ["cancel", "withdraw_request", "ask_handoff", "report_leak", "change_answer", "resend_code"]
)
@pytest.mark.parametrize("expectation", [VALUE, TEXT])
def test_what_leaves_the_form_is_heard(intent: str, expectation: dict[str, str]) -> None:
    assert not answers("やっぱりやめます", expectation, [(intent, 0.8)])


@pytest.mark.parametrize("expectation", [VALUE, TEXT])
def test_plain_courtesy_is_no_answer(expectation: dict[str, str]) -> None:
    assert not answers("ありがとう", expectation, [("thank", 0.9)])
    assert answers("有賀遠", expectation, [("thank", 0.6)])


def test_a_faint_wish_to_leave_is_text() -> None:
    assert answers("電話が何度もかかってきました", TEXT, [("ask_handoff", 0.3)])


def test_a_plain_question_about_the_policy_is_no_text() -> None:
    assert not answers("第三者に渡しますか", TEXT, [("ask_policy", 0.9)])
    assert not answers("いつ届きますか、書類は", TEXT, [("ask_policy", 0.9)])
    assert answers("第三者に渡したことについて", TEXT, [("ask_policy", 0.9)])
    assert answers("もっと前の住所かもしれない、か", TEXT, [("ask_policy", 0.2)])
