import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line.fitting import fit_label, shorten, split_at_sentences, units

FAMILY = "👨‍👩‍👧‍👦"
"""One grapheme of eleven units."""


@pytest.mark.parametrize(("text", "counted"), [("", 0), ("あ", 1), ("𠮷", 2), ("🍎", 2), (FAMILY, 11), ("邊󠄁", 3)])
def test_a_text_is_counted_in_utf16_units(text: str, counted: int) -> None:
    assert units(text) == counted


def test_a_text_that_fits_is_left_alone() -> None:
    assert split_at_sentences("はい。\nいいえ。", 10) == ["はい。\nいいえ。"]


def test_a_text_is_cut_at_the_ends_of_sentences() -> None:
    assert split_at_sentences("一つ目です。「二つ目です。」三つ目です。", 10) == [
        "一つ目です。",
        "「二つ目です。」",
        "三つ目です。",
    ]


def test_a_sentence_that_is_too_long_is_cut_between_characters_as_people_see_them() -> None:
    assert split_at_sentences("あ" * 5 + FAMILY + "い", 12) == ["あ" * 5, FAMILY + "い"]


PIECES = st.sampled_from(["あ", "。", "\n", "」", "🍎", "e\u0301", FAMILY, "x" * 9])


@given(st.lists(PIECES, max_size=60).map("".join))
def test_no_word_is_lost_or_changed_by_cutting(text: str) -> None:
    pieces = split_at_sentences(text, 8)
    assert all(0 < units(piece) <= 8 and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_what_is_shortened_says_that_more_follows() -> None:
    assert shorten("短い。", 10) == "短い。"
    assert shorten("一つ目です。二つ目です。", 10) == "一つ目です。…"
    assert units(shorten("あ" * 100, 10)) == 10


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("送信する", "送信する"),
        ("あ" * 20, "あ" * 20),
        ("あ" * 21, "あ" * 19 + "…"),
        (FAMILY * 20, FAMILY * 20),
        (FAMILY * 21, FAMILY * 19 + "…"),
    ],
)
def test_a_label_has_twenty_characters_as_people_count_them(title: str, label: str) -> None:
    assert fit_label(title) == label
