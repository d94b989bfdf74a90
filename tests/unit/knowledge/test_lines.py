from __future__ import annotations

import pytest

from bot.knowledge.lines import is_bare_heading, is_plain_heading, is_title, looks_like_heading, read_line
from bot.knowledge.segments import Segment


def segment(text: str, blank_before: bool = True) -> Segment:
    return Segment(0, len(text), text, blank_before=blank_before)


BODY = segment("ご予約の確認のために利用します。それ以外には使いません。")


@pytest.mark.parametrize("text", ["個人情報の利用目的", "第三者への提供について", "Cookieの使用", "お問い合わせ窓口"])
def test_plain_headings(text: str) -> None:
    assert is_plain_heading(segment(text), BODY)


@pytest.mark.parametrize(
    "text",
    ["株式会社甲 個人情報担当 代表取締役 甲野", "電話番号 0123-45-6789", "利用します。", "2024年4月1日制定", "以上"],
)
def test_lines_that_head_nothing(text: str) -> None:
    assert not is_plain_heading(segment(text), BODY)


def test_a_heading_of_any_words_must_head_a_sentence() -> None:
    assert is_bare_heading(segment("お忘れ物"), BODY)
    assert not is_bare_heading(segment("お忘れ物"), segment("傘"))
    assert not is_bare_heading(segment("お忘れ物", blank_before=False), BODY)


@pytest.mark.parametrize("text", ["名簿に載せるもの", "写真を写すとき", "係に伝えること"])
def test_a_phrase_heads_a_sentence_where_the_text_above_is_over(text: str) -> None:
    assert is_bare_heading(segment(text), BODY, segment("会報を配ります。"))
    assert is_bare_heading(segment(text), BODY, segment("個人情報保護方針"))
    assert not is_bare_heading(segment(text), BODY, segment("次の場合を除きます。"))
    assert not is_bare_heading(segment(text), BODY, segment("急病のとき"))
    assert not is_bare_heading(segment(text), segment("傘"), segment("会報を配ります。"))


@pytest.mark.parametrize(
    ("text", "heading", "body"),
    [
        ("第1条（目的）本文です。", "目的", "本文です。"),
        ("①利用目的：発送のためです。", "利用目的", "発送のためです。"),
        ("(1) 氏名", "氏名", ""),
        ("(1) 氏名を取得します。", "", "氏名を取得します。"),
        ("【窓口】電話でどうぞ。", "窓口", "電話でどうぞ。"),
    ],
)
def test_a_heading_before_its_words(text: str, heading: str, body: str) -> None:
    line = read_line(segment(text))
    assert (line.heading, line.body) == (heading, body)


def test_titles_and_short_lines() -> None:
    assert is_title("個人情報保護方針")
    assert not is_title("お忘れ物")
    assert looks_like_heading("利用目的")
    assert not looks_like_heading("利用するため")
