from __future__ import annotations

import pytest

from bot.knowledge.parsing import parse


def cited(source: str) -> list[str]:
    return [node.citation for node in parse(source).walk() if node.citation]


def test_headings_without_a_number_are_left_out_where_the_numbers_suffice() -> None:
    assert "1.②" in cited("1. 取得\n\n＜利用目的＞\n\n① 発送のため\n② 回答のため\n")


def test_headings_without_a_number_are_named_where_the_numbers_do_not_suffice() -> None:
    found = cited("1. 取得\n\n＜目的＞\n\n① 発送のため\n\n＜項目＞\n\n① 氏名の情報\n")
    assert "1.（目的）①" in found
    assert "1.（項目）①" in found


@pytest.mark.parametrize("outer", ["2 目的", "2. 目的", "■2. 目的"])
def test_a_number_of_two_parts_is_not_counted_twice(outer: str) -> None:
    found = cited(f"{outer}\n2.1 発送\n2.2 案内\n(a) 郵便\n(b) メール\n")
    assert found[1:] == ["2.1", "2.2", "2.2(a)", "2.2(b)"]


def test_an_article_is_cited_without_its_chapter() -> None:
    found = cited(
        "第１章　総則\n\n第１条（目的）\n次に使う。\n(1) 会費\n(2) 大会\n\n第２章　提供\n\n第２条（提供）\n渡さない。\n"
    )
    assert found == ["第1章", "第1条", "第1条 本文", "第1条(1)", "第1条(2)", "第2章", "第2条", "第2条 本文"]


def test_a_preamble_and_a_text_without_structure_have_names() -> None:
    assert cited("はじめに申します。\n\n1. 目的\n\n本文です。\n")[0] == "前文"
    assert cited("一つ目の段落です。\n\n二つ目の段落です。\n") == ["第1段落", "第2段落"]


def test_a_number_used_twice_is_told_apart() -> None:
    found = cited("3. 写真\n\n本文です。\n\n3. 成績\n\n本文です。\n")
    assert found == ["3.", "3. 本文", "3.（成績）", "3.（成績） 本文"]
