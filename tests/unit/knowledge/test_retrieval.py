from __future__ import annotations

import pytest

from bot.knowledge.parsing import parse
from bot.knowledge.retrieval import Index

SOURCE = """1. 防犯カメラ

玄関と駐車場に防犯カメラを置いています。録画は二週間で上書きします。

2. お忘れ物

お忘れ物は三か月お預かりします。

3. 保存

名簿は三年間保存します。
"""


def test_the_clause_with_the_questions_words_comes_first() -> None:
    hits = Index(parse(SOURCE)).search("監視カメラの録画はどうなりますか")
    assert hits[0].clause.citation == "1."
    assert 0 < hits[0].share < 1


def test_articles_are_found_and_not_the_chapter_that_gathers_them() -> None:
    source = "第１章　管理\n\n第１条（名簿）\n名簿は棚にしまう。\n\n第２条（写真）\n写真は会報に載せる。\n"
    assert [hit.clause.citation for hit in Index(parse(source)).search("会報の写真")] == ["第2条"]


def test_words_that_are_nowhere_give_nothing() -> None:
    assert Index(parse(SOURCE)).search("確定拠出年金") == []
    assert Index(parse("")).search("名簿") == []


def test_an_everyday_word_leads_to_the_policys_word() -> None:
    index = Index(parse("1. 廃棄\n\n消去します。\n\n2. 開示\n\n閲覧できます。\n"))
    assert index.search("いつ捨ててくれるの")[0].clause.citation == "1."
    assert index.search("いつ捨ててくれるの")[0].share == 0


def test_similarity_is_a_share() -> None:
    tree = parse(SOURCE)
    index = Index(tree)
    nodes = {node.citation: node for node in tree.walk()}
    near = index.similarity("防犯カメラはありますか", nodes["1."])
    far = index.similarity("防犯カメラはありますか", nodes["2."])
    assert 0 <= far < near <= 1


def test_a_word_that_the_policy_never_uses_weighs_no_more_than_one_that_it_uses_once() -> None:
    index = Index(parse(SOURCE))

    [hit] = index.search("カメラと冷蔵庫")

    assert hit.share == pytest.approx(1 / 2)


@pytest.mark.parametrize(("question", "heading"), [("釣り船の使いみち", "釣り船"), ("使いみちと料金", "使いみち")])
def test_the_sharpest_part_of_a_hit_holds_every_word_of_the_question(question: str, heading: str) -> None:
    tree = parse("# 方針\n\n## 使いみち\n\n### 釣り船\n\n出航の判断\n\n### 民宿\n\n食事\n")
    index = Index(tree)
    section = next(clause for clause in tree.walk() if clause.heading == "使いみち")
    assert index.sharpest(question, section).heading == heading
