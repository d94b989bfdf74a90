from __future__ import annotations

from bot.knowledge.clauses import Clause
from bot.knowledge.parsing import parse
from bot.knowledge.references import references_of

SOURCE = """1. 目的

① 発送のため
② 回答のため
③ 案内のため

2. 共同利用

上記1. ①～②に記載の目的で利用します。別紙1もご覧ください。

3. 窓口

ご請求は8. に記載する窓口へどうぞ。個人情報保護法第2条の用語を使います。
個人情報の保護に関する法律（平成十五年法律第五十七号）第3条の考えによります。
"""


def found_in(citation: str, source: str = SOURCE) -> list[tuple[str, str]]:
    tree = parse(source)
    clause: Clause = next(node for node in tree.walk() if node.citation == citation)
    return [(reference.words, reference.citation) for reference in references_of(clause, tree)]


def test_a_run_of_items_is_resolved_and_an_annex_that_is_missing_is_kept() -> None:
    assert found_in("2.") == [("上記1. ①～②", "1.①～②"), ("別紙1", "")]


def test_a_section_that_does_not_exist_resolves_to_nothing_and_a_law_is_no_reference() -> None:
    assert found_in("3.") == [("8.", "")]


def test_articles_and_their_neighbours() -> None:
    source = "第一条　情報を集める。\n第二条　前条の情報を使う。\n第三条　第一条の情報を渡す。\n"
    assert found_in("第二条", source) == [("前条", "第一条")]
    assert found_in("第三条", source) == [("第一条", "第一条")]


def test_a_clauses_own_number_is_no_reference() -> None:
    assert found_in("1.") == []


def test_the_text_of_a_run_is_one_slice() -> None:
    tree = parse(SOURCE)
    clause = next(node for node in tree.walk() if node.citation == "2.")
    assert references_of(clause, tree)[0].text == "① 発送のため\n② 回答のため"
