from __future__ import annotations

import pytest

from bot.understanding.parts import halves, is_asking, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("何に使うの?誰に渡すの?", ["何に使うの?", "誰に渡すの?"]),
        ("何に使うの、あと誰に渡すの", ["何に使うの", "誰に渡すの"]),
        ("それと手数料は?", ["手数料は?"]),
        ("あとで変わったら教えて", ["あとで変わったら教えて"]),
        ("はい。", ["はい。"]),
    ],
)
def test_a_message_falls_into_its_sentences_and_what_is_added(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


def test_of_very_many_sentences_the_last_are_taken() -> None:
    assert sentences("これは一文です。" * 50 + "最後の文です。")[-1] == "最後の文です。"
    assert len(sentences("これは一文です。" * 50)) < 10


def test_a_sentence_is_cut_at_an_and() -> None:
    assert halves("電話番号と受付時間を教えて") == [("電話番号", "受付時間を教えて")]


@pytest.mark.parametrize(
    "text", ["渡すときはいつ", "電話とかするの", "何ということ", "あとで教えて", "対象となるもの", "ちゃんと教えて"]
)
def test_not_every_to_is_an_and(text: str) -> None:
    assert halves(text) == []


@pytest.mark.parametrize(
    ("text", "asking"),
    [("渡しますか", True), ("どげんすっとな", True), ("住所を教えてください", True), ("引っ越しました。", False)],
)
def test_questions_are_told_by_their_end(text: str, asking: bool) -> None:
    assert is_asking(text) is asking
