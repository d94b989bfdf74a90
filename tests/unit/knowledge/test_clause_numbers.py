from __future__ import annotations

import pytest

from bot.knowledge.clause_numbers import asked_number
from bot.knowledge.company import Company
from bot.knowledge.privacy_policy import PrivacyPolicy


@pytest.mark.parametrize(
    ("normalised", "number"),
    [
        ("第7条(2)を見せて", (7, 2)),
        ("第7条", (7,)),
        ("7.(1)1", (7, 1, 1)),
        ("7.を見せて", (7,)),
        ("7番は?", (7,)),
        ("第三条は何ですか", (3,)),
        ("十二条の全文を読みたいです", (12,)),
        ("プライバシーポリシーの3番を教えてください", (3,)),
        ("項目5をみせて", (5,)),
        ("第7条第2項", (7, 2)),
        ("2番目の項目には何が書いてありますか", (2,)),
        ("第3条の2を見せて", (3, 2)),
    ],
)
def test_a_clause_is_asked_for_by_its_number(normalised: str, number: tuple[int, ...]) -> None:
    assert asked_number(normalised) == number


@pytest.mark.parametrize(
    "normalised",
    [
        "7番",
        "7.",
        "10年",
        "第2条の共同利用の目的は?",
        "個人情報保護法第28条を教えて",
        "電話番号は何番ですか",
        "1番知りたいのは保存期間です",
        "中央区3番地を見せて",
        "何に使いますか",
        "第7条" + "いる" * 280 + "x",
        "プライバシーポリシーの" * 50 + "第7条",
        "",
    ],
)
def test_other_messages_ask_for_no_number(normalised: str) -> None:
    assert asked_number(normalised) == ()


@pytest.mark.parametrize(
    ("number", "citation"), [((7,), "7."), ((7, 2), "7.(2)"), ((7, 1, 2), "7.(1)②"), ((2, 1, 1), "2.(1)①")]
)
def test_the_number_finds_the_clause(okura: Company, number: tuple[int, ...], citation: str) -> None:
    found = okura.policy.numbered(number)
    assert found is not None
    assert found.citation == citation


@pytest.mark.parametrize("number", [(99,), (7, 9), (7, 1, 2, 1)])
def test_a_number_that_the_policy_does_not_have_finds_nothing(okura: Company, number: tuple[int, ...]) -> None:
    assert okura.policy.numbered(number) is None


def test_an_article_of_its_own_goes_before_an_item() -> None:
    policy = PrivacyPolicy.from_text("第3条（利用）\n(1) 発送\n(2) 案内\n第3条の2（提供）\n渡しません。\n")
    found = [policy.numbered(number) for number in ((3, 2), (3, 1))]
    assert [clause.label for clause in found if clause] == ["第3条の2", "(1)"]


def test_the_numbered_headings_are_the_outermost_and_short() -> None:
    long = "あ" * 100
    policy = PrivacyPolicy.from_text(f"前文です。\n\n1. 取得\n(1) 氏名\n2. {long}\n")
    first, second = policy.numbered_headings()
    assert first == "1. 取得"
    assert second == f"2. {'あ' * 36}…"
