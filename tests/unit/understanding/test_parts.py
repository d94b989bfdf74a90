from __future__ import annotations

import pytest

from bot.understanding.parts import (
    added,
    asks_by_itself,
    halves,
    is_asking,
    is_joined,
    joints,
    sentences,
    shared_beginning,
    subject,
    until_wish,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("何に使うの?誰に渡すの?", ["何に使うの?", "誰に渡すの?"]),
        ("何に使うの、あと誰に渡すの", ["何に使うの", "誰に渡すの"]),
        ("それと手数料は?", ["手数料は?"]),
        ("あとで変わったら教えて", ["あとで変わったら教えて"]),
        ("なにに つかうの あと よそに わたすの", ["なにに つかうの", "よそに わたすの"]),
        ("やめた あと じょうほうは のこるの", ["やめた あと じょうほうは のこるの"]),
        ("窓口はどこですか、および手数料はいくらですか", ["窓口はどこですか", "手数料はいくらですか"]),
        ("よそにやっとですか、そいから何年残すとな", ["よそにやっとですか", "何年残すとな"]),
        ("はい。", ["はい。"]),
        ("すぐですか?それとも来週ですか?", ["すぐですか?", "それとも来週ですか?"]),
    ],
)
def test_a_message_falls_into_its_sentences_and_what_is_added(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("責任者の名前、それと電話番号を教えて", {"責任者の名前", "電話番号を教えて"}),
        ("何に使うの?ついでに止め方も", {"止め方も"}),
        ("車を買いました。それから電話が来ます。", set()),
        ("何に使うの?誰に渡すの?", set()),
    ],
)
def test_what_is_added_asks_even_as_a_noun_but_not_as_a_statement(text: str, parts: set[str]) -> None:
    assert added(text) == parts


def test_of_very_many_sentences_the_last_are_taken() -> None:
    assert sentences("これは一文です。" * 50 + "最後の文です。")[-1] == "最後の文です。"
    assert len(sentences("これは一文です。" * 50)) < 10


def test_a_sentence_is_cut_at_an_and() -> None:
    assert halves("電話番号と受付時間を教えて") == [("電話番号", "受付時間を教えて")]


def test_a_text_in_katakana_is_cut_like_one_in_hiragana() -> None:
    assert halves("デンワバンゴウト ジカンヲ オシエテ") == [("でんわばんごう", "じかんを おしえて")]


@pytest.mark.parametrize(
    ("half", "beginning"), [("開示の費用", "開示の"), ("会社の車の番号", "会社の車の"), ("費用", "")]
)
def test_the_first_half_may_speak_for_both(half: str, beginning: str) -> None:
    assert shared_beginning(half) == beginning


def test_a_sentence_is_cut_at_a_comma_between_two_questions() -> None:
    assert halves("どんな情報を集めて、何に使うのですか") == [("どんな情報を集めて", "何に使うのですか")]


@pytest.mark.parametrize(
    "text", ["住所、氏名は何に使いますか", "どこに聞けばいいですか、開示のこと", "用紙はありますか、開示の"]
)
def test_not_every_comma_stands_between_two_questions(text: str) -> None:
    assert halves(text) == []


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (["母が入院しました。", "登録を消してください。", "よろしくお願いします。"], 2),
        (["何に使うのですか。", "教えてください。", "急いでいます。"], 1),
        (["消していただけますか。", "母もそう言っています。"], 1),
        (["先月引っ越しました。", "住所が古いままです。"], 2),
        (["お願いします。"], 1),
    ],
)
def test_what_follows_the_wish_is_left_out(parts: list[str], told: int) -> None:
    assert until_wish(parts) == parts[:told]


@pytest.mark.parametrize(
    ("part", "by_itself"),
    [
        ("切り方も教えて", True),
        ("電話番号も?", False),
        ("いつまで残しとくの", True),
        ("開示の", False),
        ("電話番号と", True),
        ("それとも来週ですか?", False),
        ("はい。", False),
    ],
)
def test_some_parts_only_go_on_with_what_was_asked(part: str, by_itself: bool) -> None:
    assert asks_by_itself(part) is by_itself


@pytest.mark.parametrize(
    ("part", "found"), [("クッキーって使ってる?", "クッキー"), ("責任者は誰ですか", "責任者"), ("はい", "")]
)
def test_a_part_speaks_of_its_subject(part: str, found: str) -> None:
    assert subject(part) == found


@pytest.mark.parametrize(
    "text",
    [
        "渡すときはいつ",
        "電話とかするの",
        "何ということ",
        "あとで教えて",
        "対象となるもの",
        "ちゃんと教えて",
        "クッキーを切ると困るか",
        "守ると決めてるか",
        "他社と共有してるか",
    ],
)
def test_not_every_to_is_an_and(text: str) -> None:
    assert halves(text) == []


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("渡しますか", True),
        ("どげんすっとな", True),
        ("住所を教えてください", True),
        ("引っ越しました。", False),
        ("決めていません。", False),
    ],
)
def test_questions_are_told_by_their_end(text: str, asking: bool) -> None:
    assert is_asking(text) is asking


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("最終改定はいつでしょう。見直していますか。", [("最終改定はいつでしょう。", "見直していますか。")]),
        ("何に使って何年残すの", [("何に使って", "何年残すの")]),
        ("書類は何年とっといて、そのあとどう捨てるの", [("書類は何年とっといて", "そのあとどう捨てるの")]),
        ("苦情の窓口や責任者の名前を知りたい", [("苦情の窓口や", "責任者の名前を知りたい")]),
        ("録音してますか、あと保存は何年", [("録音してますか", "保存は何年")]),
        ("引っ越したので、住所を直したいです", []),
        ("困ります。教えてください。", []),
        ("何に使うの?", []),
    ],
)
def test_a_message_is_cut_only_between_questions(text: str, pairs: list[tuple[str, str]]) -> None:
    assert joints(text) == pairs


@pytest.mark.parametrize(
    ("text", "joined"), [("会社の名前、責任者の名前", True), ("窓口と時間", True), ("何年残すの", False)]
)
def test_only_what_pauses_or_lists_can_ask_two_things(text: str, joined: bool) -> None:
    assert is_joined(text) is joined
