from __future__ import annotations

import pytest

from bot.understanding.parts import (
    added,
    asked,
    asks_by_itself,
    cuts,
    is_asking,
    sentences,
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


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("電話番号と受付時間を教えて", ("電話番号と", "受付時間を教えて")),
        ("どんな情報を集めて、何に使うのですか", ("どんな情報を集めて", "何に使うのですか")),
        ("最終改定はいつでしょう。見直していますか。", ("最終改定はいつでしょう。", "見直していますか。")),
        ("何に使って何年残すの", ("何に使って", "何年残すの")),
        ("苦情の窓口や責任者の名前を知りたい", ("苦情の窓口や", "責任者の名前を知りたい")),
        ("録音してますか、あと保存は何年", ("録音してますか", "保存は何年")),
        ("なにに つかうの だれに わたすの", ("なにに つかうの", "だれに わたすの")),
    ],
)
def test_a_message_may_be_cut_between_two_questions(text: str, pair: tuple[str, str]) -> None:
    assert pair in [(cut.left, cut.right) for cut in cuts(text)]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("電話番号と受付時間を教えて", {"listed", "asks"}),
        ("録音してますか、保存は何年", {"leads", "asks"}),
        ("録音してますか。あと保存は何年", {"added", "ended", "leads", "asks"}),
        ("責任者はどなた。何年残すの", {"ended", "asked_twice"}),
    ],
)
def test_a_cut_tells_what_speaks_for_it(text: str, signs: set[str]) -> None:
    names = ("listed", "added", "ended", "leads", "asks", "asked_twice")
    assert {name for name in names if getattr(cuts(text)[0], name)} == signs


def test_of_very_many_cuts_the_last_are_taken() -> None:
    found = cuts("何に使うの?" * 50 + "誰に渡すの?")

    assert found[-1].right == "誰に渡すの?"
    assert len(found) < 10


def test_what_is_asked_stands_as_it_was_written_up_to_the_wish() -> None:
    message = "名前、それと番号を教えてください。ありがとうございます。"
    assert asked(message, until_wish(sentences(message))) == "名前、それと番号を教えてください。"


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
    assert not [cut for cut in cuts(text) if cut.listed]


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
