from __future__ import annotations

import pytest

from bot.knowledge.segments import segments_of


def texts(source: str) -> list[str]:
    return [segment.text for segment in segments_of(source) if not segment.is_blank]


def test_lines_of_plain_text() -> None:
    assert texts("一行\n\n二行\n") == ["一行", "二行"]


def test_lines_of_html_end_at_its_tags_not_at_line_feeds() -> None:
    source = "<h2>目的</h2>\n<p>一つ\n目です。</p><ul><li>甲<li>乙</ul>"
    assert texts(source) == ["目的", "一つ目です。", "・甲", "・乙"]


def test_ordered_lists_are_numbered_as_a_browser_does() -> None:
    found = segments_of("<ol><li>甲<ol><li>内</li></ol></li><li>乙</li></ol>")
    assert [(s.text, s.list_number, s.indent) for s in found if s.text] == [("甲", 1, 2), ("内", 1, 4), ("乙", 2, 2)]


def test_a_pipe_tables_header_is_known_by_its_rule() -> None:
    found = segments_of("| 種類 | 期間 |\n|---|---|\n| 記録 | 5年 |\n")
    assert [(s.cells, s.is_header) for s in found if s.cells] == [(("種類", "期間"), True), (("記録", "5年"), False)]


def test_a_row_splits_at_its_bullets() -> None:
    assert texts("① 項目\t・住所、氏名 ・来店・商談情報\n") == ["① 項目", "・住所、氏名", "・来店・商談情報"]


def test_markdown_headings_and_rules() -> None:
    found = segments_of("## 目的 ##\n---\n本文\n")
    assert [(s.text, s.level) for s in found] == [("目的", 2), ("", 0), ("本文", 0)]


@pytest.mark.parametrize("line", ["- 2 -", "3/12", "１ / ２ ページ", "4ページ", "Page 1 of 3", "―５―"])
def test_a_page_number_is_not_seen(line: str) -> None:
    assert texts(f"前の行\n{line}\n次の行\n") == ["前の行", "次の行"]


@pytest.mark.parametrize("line", ["2024/4", "- 2", "2", "5 / 3月", "-"])
def test_what_only_looks_like_a_page_number(line: str) -> None:
    assert texts(f"前の行\n{line}\n") == ["前の行", line]
