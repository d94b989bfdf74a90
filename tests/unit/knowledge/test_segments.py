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


def test_ordered_lists_start_and_count_as_they_say() -> None:
    found = segments_of('<ol start="4"><li>甲</li></ol><ol TYPE=A><li>乙</li></ol>')
    assert [(s.list_number, s.list_type) for s in found if s.text] == [(4, "1"), (1, "A")]


def test_a_line_break_leaves_no_blank_line_and_two_do() -> None:
    found = [s for s in segments_of("<p>甲<br>\n乙<br><br>丙</p>") if s.text]
    assert [(s.text, s.blank_before) for s in found] == [("甲", True), ("乙", False), ("丙", True)]


def test_a_cell_of_a_pipe_table_may_hold_a_line_break_and_a_pipe() -> None:
    found = segments_of("| 記録 | 5年<br/>（税法） | 甲\\|乙 |\n")
    assert [s.cells for s in found] == [("記録", "5年\n（税法）", "甲|乙")]


@pytest.mark.parametrize(
    "source",
    [
        "<nav><ul><li>店舗</li></ul></nav>\n<p>本文</p>",
        "<header>山田商店<nav><a>店舗</a></nav></header><h1>本文</h1>",
        "<p>本文</p>\n<footer><p>© 山田商店</p></footer>\n<script>1</script></body></html>",
        "<div><nav><li>店舗</nav>本文</div>",
    ],
)
def test_what_belongs_to_the_site_is_not_seen(source: str) -> None:
    assert texts(source) == ["本文"]


def test_the_footer_of_an_article_and_a_header_with_the_title_are_seen() -> None:
    source = "<article><header><h1>方針</h1></header><p>本文</p><footer>四月制定</footer></article>"
    assert texts(source) == ["方針", "本文", "四月制定"]


@pytest.mark.parametrize(
    ("source", "headers"),
    [
        ("記録の種別\t保管期限\n名簿\t5年\n", 1),
        ("| No. | 提供先 |\n| 1 | 印刷所 |\n", 1),
        ("名簿\t5年\n写真\t1年\n", 0),
        ("| 項目 | 氏名、住所 |\n| 目的 | 会報の送付 |\n", 0),
        ("取得する項目\tご相談いただいた内容\n利用目的\tお返事\n", 0),
        ("種類\t期間\n本文です。\n", 0),
    ],
)
def test_a_header_without_a_rule_names_columns(source: str, headers: int) -> None:
    assert sum(segment.is_header for segment in segments_of(source)) == headers
