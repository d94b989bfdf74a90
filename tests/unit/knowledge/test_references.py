from __future__ import annotations

import pytest

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


RULES = """第１章　総則

第１条（目的）
次の目的で使う。
(1) 会費の請求
(2) 大会の案内
２　前項の目的は掲示する。
３　第１項第２号の案内は、前項の掲示による。

第２条（提供）
第一条第二号の目的のため、印刷会社に渡す。前条第３項は適用しない。次条の窓口で止められる。
(1) 前条第４項の場合は除く。

第３条（窓口）
ア　第１条第１項第二号、第１条の２及び第三〇条第１項の窓口
"""


@pytest.mark.parametrize(
    ("citation", "references"),
    [
        ("第1条2", [("前項", "第1条第1項")]),
        ("第1条3", [("第１項第２号", "第1条(2)"), ("前項", "第1条2")]),
        ("第2条 本文", [("第一条第二号", "第1条(2)"), ("前条第３項", "第1条3"), ("次条", "第3条")]),
        ("第2条(1)", [("前条第４項", "")]),
        ("第3条ア", [("第１条第１項第二号", "第1条(2)"), ("第１条の２", ""), ("第三〇条第１項", "")]),
    ],
)
def test_paragraphs_and_items_of_articles(citation: str, references: list[tuple[str, str]]) -> None:
    assert found_in(citation, RULES) == references


@pytest.mark.parametrize("source", [RULES, "".join(f"<p>{line}</p>" for line in RULES.split("\n") if line)])
def test_the_first_paragraph_of_an_article_ends_where_the_second_begins(source: str) -> None:
    tree = parse(source)
    clause = next(node for node in tree.walk() if node.citation == "第1条2")
    (reference,) = references_of(clause, tree)
    assert reference.text == "第１条（目的）\n次の目的で使う。\n(1) 会費の請求\n(2) 大会の案内"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("第２項のご案内のため", [("第２項", "2.")]),
        ("第7項による", [("第7項", "")]),
        ("前項の目的で", [("前項", "2.")]),
        ("2(1)のため", [("2(1)", "2.(1)")]),
        ("上記２（２）も", [("上記２（２）", "2.(2)")]),
        ("前記2.⑵のため", [("前記2.⑵", "2.(2)")]),
        ("「１．取得」をご覧", [("１．", "1.")]),
        ("利用料は2.5倍で", []),
        ("Q1の回答で", []),
    ],
)
def test_sections_by_their_numbers(words: str, found: list[tuple[str, str]]) -> None:
    source = f"1. 取得\n本人から。\n2. 利用\n(1) 発送\n(2) 案内\n3. 提供\n委託先に、{words}渡します。\n"
    assert found_in("3. 本文", source) == found


def test_questions_by_their_numbers() -> None:
    source = "Q1．何を集めますか。\nA1．お名前です。\nQ2．誰に渡しますか。\nA2．Ｑ１のものを配達員に。Q5もどうぞ。\n"
    assert found_in("Q2 本文", source) == [("Ｑ１", "Q1"), ("Q5", "")]


@pytest.mark.parametrize(
    "words",
    [
        "個人情報保護法第27条及び第28条",
        "法第34条第1項、第35条",
        "GDPR第15条",
        "民法第1条から第3条まで",
        "個人情報の保護に関する法律（以下「法」という。）の第2条第1項",
        "本会の規約第3条",
        "個人情報保護法に規定する第30条第2項",
        "同法第2条、同条第1項",
    ],
)
def test_the_articles_of_laws_are_not_the_policys(words: str) -> None:
    source = f"第1条（目的）\n{words}による。\n\n第2条（提供）\n渡さない。\n\n第3条（窓口）\n電話\n"
    assert found_in("第1条 本文", source) == []


def test_after_a_law_the_policys_own_articles_are_its_own() -> None:
    source = "第1条（目的）\n法第27条による。第2条も同じ。\n\n第2条（提供）\n法第28条及び本規則第1条による。\n"
    assert found_in("第1条 本文", source) == [("第2条", "第2条")]
    assert found_in("第2条 本文", source) == [("第1条", "第1条")]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("別紙の用紙", "「別紙 用紙の書き方」"),
        ("様式第１号", "「様式第1号」"),
        ("様式第2号", ""),
        ("別記", ""),
        ("弊社の様式", None),
    ],
)
def test_annexes_are_found_by_the_line_that_heads_them(words: str, found: str | None) -> None:
    source = f"1. 手続\n\nご請求には{words}を使う。\n\n【様式第1号】\n請求書\n\n【別紙 用紙の書き方】\n太字です。\n"
    assert [cited for _, cited in found_in("1. 本文", source)] == ([] if found is None else [found])


def test_a_clauses_own_number_is_no_reference() -> None:
    assert found_in("1.") == []


def test_the_text_of_a_run_is_one_slice() -> None:
    tree = parse(SOURCE)
    clause = next(node for node in tree.walk() if node.citation == "2.")
    assert references_of(clause, tree)[0].text == "① 発送のため\n② 回答のため"
