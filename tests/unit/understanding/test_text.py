from __future__ import annotations

import pytest

from bot.understanding.text import MAX_CHARACTERS, normalise, without_katakana, without_values, words_and_reading


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("ﾊｶﾞｷ", "ハガキ"),
        ("ＤＭ", "dm"),
        ("すごーーーい", "すごーい"),
        ("ｗｗｗｗｗ", "ww"),
        ("消\u200bして\u202e", "消して"),
        (" 個人\n\t情報\x00 ", "個人 情報"),
        ("", ""),
    ],
)
def test_many_spellings_become_one(written: str, normal: str) -> None:
    assert normalise(written) == normal


@pytest.mark.parametrize(
    ("text", "read"), [("サヨウナラ", "さようなら"), ("クッキーを切る", "クッキーを切る"), ("DM", "DM")]
)
def test_a_text_in_katakana_alone_is_written_in_hiragana(text: str, read: str) -> None:
    assert without_katakana(text) == read


def test_of_a_long_story_the_end_is_read() -> None:
    story = "むかしむかし" * 1000 + "手数料はいくらですか"

    assert normalise(story).endswith("手数料はいくらですか")
    assert len(normalise(story)) <= MAX_CHARACTERS


def test_the_reading_of_kanji_and_of_kana_are_one() -> None:
    assert (
        words_and_reading("住所を教えて")[1] == words_and_reading("じゅうしょを おしえて")[1] == "じゅうしょをおしえて"
    )


def test_text_in_katakana_alone_finds_the_dictionarys_words() -> None:
    words, _ = words_and_reading("ワタシノ ジョウホウ")

    assert "情報" in words


def test_a_katakana_word_of_the_dictionary_stays() -> None:
    assert "キャンセル" in words_and_reading("キャンセル")[0]


def test_symbols_have_no_reading_of_their_own() -> None:
    assert words_and_reading("はい。")[1] == "はい。"


@pytest.mark.parametrize(
    ("normalised", "words"),
    [
        ("090-1234-5678への電話やめて", "への電話やめて"),
        ("メールアドレスをtaro@example.jpに変えて", "メールアドレスをに変えて"),
        ("受付番号ok-1234-5678-9abcの状況", "受付番号の状況"),
        ("(0233)75-3111 に かけないで", "に かけないで"),
        ("個人情報保護法33条1項", "個人情報保護法33条1項"),
        ("090-1234-5678", "090-1234-5678"),
    ],
)
def test_numbers_and_addresses_say_nothing_of_what_is_wanted(normalised: str, words: str) -> None:
    assert without_values(normalised) == words
