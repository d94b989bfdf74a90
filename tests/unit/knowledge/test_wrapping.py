from __future__ import annotations

import pytest

from bot.knowledge.lines import read_lines
from bot.knowledge.parsing import parse
from bot.knowledge.segments import segments_of
from bot.knowledge.wrapping import breaks_off, unwrapped


def texts(source: str) -> list[str]:
    shown = [line.segment.text for line in unwrapped(read_lines(segments_of(source)))]
    return [text for text in shown if text]


@pytest.mark.parametrize(
    "source",
    [
        "ご家族の氏名、\n年齢をうかがいます。",
        "書面は（記入したものを除き\nお返しします）",
        "当園は写真を保護者に\n配ります。",
        "受付は月曜から\n金曜まで",
        "同意なく渡し\nません。",
        "氏名、\n住所、\n年齢をうかがいます。",
        "同意なく職員に\n- 3 -\n見せません。",
        "当園は、お預かりした写真を、行事のご案内と園だよりの作成のために限り\n使います。",
    ],
)
def test_lines_broken_in_a_sentence_become_one(source: str) -> None:
    assert len(texts(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "名簿を作ります。\n写真を撮ります。",
        "株式会社甲\n代表取締役 甲野",
        "1. はじめに\n当園の方針です。",
        "1. 個人情報とは\n氏名などです。",
        "お預かりするもの\n氏名です。",
        "名簿を配る先は、\n① 役員\n② 班長",
        "名簿を配る先は、\n\n役員と班長です。",
        "## 名簿に\n配ります。",
    ],
)
def test_lines_that_end_where_they_should_stay_apart(source: str) -> None:
    assert len(texts(source)) > 1


def test_a_heading_broken_in_two_is_one_heading() -> None:
    first, second, _ = parse("① 健康保険法に基づく\n届け出\n② 名簿\n③ 会報\n").children
    assert (first.heading, second.heading) == ("健康保険法に基づく届け出", "名簿")


def test_a_full_stop_or_a_noun_breaks_nothing_off() -> None:
    assert not breaks_off("（案内）を送ります。")
    assert not breaks_off("ご連絡先")
