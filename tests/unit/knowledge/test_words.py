from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bot.knowledge.words import pairs, synonyms, words


def test_spelling_variants_are_one_word_and_common_ones_are_left_out() -> None:
    assert words("お客様の個人情報の問合せ") == words("問い合わせ")


def test_pairs_of_kanji_and_katakana() -> None:
    assert pairs("共同利用をカメラで") == ("共同", "同利", "利用", "カメ", "メラ")


def test_everyday_words_stand_for_those_of_policies() -> None:
    assert "廃棄" in synonyms("いつ捨てるの")
    assert "映像" in synonyms("車の中の動画は残りますか")
    assert "保護者" in synonyms("親に知られますか")
    assert synonyms("こんにちは") == ()


def test_each_thread_has_its_own_tokenizer() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda number: words(f"防犯カメラ第{number}号の録画"), range(40)))
    assert all("録画" in each for each in found)
