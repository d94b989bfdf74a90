from __future__ import annotations

from bot.knowledge.clauses import Clause
from bot.knowledge.parsing import parse
from bot.knowledge.passages import beyond, enclosing, narrow, passage_of

SOURCE = """# 方針

前置きです。以下のとおり定めます。

## 1. 共同利用

### (1) 目的

次の目的で利用します。

① 調査のため。
② 連絡のため。

## 2. 期間

| 種類 | 期間 |
|---|---|
| 記録 | 5年 |
"""


def clause(citation: str) -> tuple[Clause, Clause]:
    tree = parse(SOURCE)
    return next(node for node in tree.walk() if node.citation == citation), tree


def test_an_item_stands_under_its_headings_and_introduction() -> None:
    passage = passage_of(*clause("1.(1)②"))
    assert passage.text == "② 連絡のため。"
    assert passage.heading == ("1. 共同利用", "(1) 目的", "次の目的で利用します。")


def test_a_row_stands_under_its_tables_header() -> None:
    assert passage_of(*clause("2.（記録）")).heading == ("2. 期間", "| 種類 | 期間 |")


def test_the_only_paragraph_is_shown_with_its_heading_and_without_markdown() -> None:
    tree = parse("## 3. 窓口\n\n電話でどうぞ。\n")
    passage = passage_of(tree.children[0].children[0], tree)
    assert (passage.citation, passage.text) == ("3.", "3. 窓口\n\n電話でどうぞ。")


def test_a_title_above_an_article_is_cited_by_the_article() -> None:
    tree = parse("（目的）\n第一条　定めます。\n（用語）\n第二条　いいます。\n")
    assert passage_of(tree.children[0], tree).citation == "第一条"


def test_the_whole_clause_is_given_only_where_it_is_short_and_says_more() -> None:
    item, _ = clause("1.(1)②")
    whole = enclosing(item)
    assert whole is not None
    assert whole.citation == "1."
    assert enclosing(whole) is None
    long = parse(f"1. 目的\n\n① {'長い' * 300}ため。\n② 連絡のため。\n")
    assert enclosing(long.children[0].children[1]) is None


CHAPTERS = """第１章　総則

（目的）
第１条　次に使う。
一　会費の請求
二　大会のご案内をお送りすること

第２章　管理

（保存）
第２条　三年間残す。会計の書類は十年間残す。
２　前項の期間が過ぎたら、裁断して捨てる。

（窓口）
第３条　事務局が受ける。
"""


def test_a_chapter_is_neither_the_whole_of_a_clause_nor_what_lies_beyond_it() -> None:
    tree = parse(CHAPTERS)
    found = {node.citation: node for node in tree.walk()}
    whole = enclosing(found["第2条2"])
    assert whole is not None
    assert whole.text.startswith("（保存）")
    assert "第３条" not in whole.text
    assert enclosing(found["第3条"]) is None
    assert beyond(found["第3条"]) is None


def test_a_chapter_is_narrowed_to_the_article_that_is_nearest() -> None:
    chapter = parse(CHAPTERS).children[1]
    (part,) = narrow(chapter, lambda clause: float("事務局" in clause.text))
    assert part.text == "（窓口）\n第３条　事務局が受ける。"


def test_what_is_longer_than_a_title_does_not_stand_above_a_passage() -> None:
    tree = parse(f"1. 目的\n\n{'長い前置きで、' * 20}次の目的で利用します。\n\n① 調査のため。\n② 連絡のため。\n")
    item = next(node for node in tree.walk() if node.label == "②")
    assert passage_of(item, tree).heading == ("1. 目的",)


def test_beyond_a_part_is_the_nearest_clause_that_says_more() -> None:
    item, _ = clause("1.(1)②")
    above = beyond(item)
    assert above is not None
    assert above.citation == "1.(1)"
    section, _ = clause("1.")
    assert beyond(section) is None


def test_a_long_reference_is_not_shown() -> None:
    source = "1. 目的\n\n{}\n\n2. 記録\n\n上記1.に記載のとおり記録します。\n"
    for long, shown in (("短い。", 1), ("長い。" * 250, 0)):
        tree = parse(source.format(long))
        assert len(passage_of(tree.children[1], tree).references) == shown


def test_a_long_clause_is_narrowed_to_the_part_that_is_nearest() -> None:
    tree = parse(f"1. 目的\n\n① {'長い' * 700}ため。\n② 連絡のため。\n")
    section = tree.children[0]
    assert narrow(section, lambda part: float(part.label == "②")) == [section.children[1]]
