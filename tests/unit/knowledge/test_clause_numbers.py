from __future__ import annotations

import pytest

from bot.knowledge.clause_numbers import ClauseNumber, asked_number
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
        ("第7条第2項", (7, "2項")),
        ("第4条第3項第2号を見せて", (4, "3項", 2)),
        ("第2章は何ですか", ("2章",)),
        ("第2章第4条を見せて", ("2章", 4)),
        ("第一三条を教えて", (13,)),
        ("第二〇条第1項", (20, "1項")),
        ("第3条の2番目を見せて", (3, 2)),
        ("第3条の2第1項", (3, "の2", "1項")),
        ("2(3)を見せて", (2, 3)),
        ("2.3を読みたい", (2, 3)),
        ("2.3(b)を見せて", (2, 3, "b")),
        ("第4条2項のウを見せて", (4, "2項", "ウ")),
        ("q3を見せて", (3,)),
        ("2番目の項目には何が書いてありますか", (2,)),
        ("第3条の2を見せて", (3, "の2")),
    ],
)
def test_a_clause_is_asked_for_by_its_number(normalised: str, number: ClauseNumber) -> None:
    assert asked_number(normalised) == number


@pytest.mark.parametrize(
    "normalised",
    [
        "7番",
        "7.",
        "2(3)",
        "10年",
        "第2条の共同利用の目的は?",
        "個人情報保護法第28条を教えて",
        "電話番号は何番ですか",
        "1番知りたいのは保存期間です",
        "中央区3番地を見せて",
        "第二三十条を見せて",
        "2.5倍になりますか",
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
def test_the_number_finds_the_clause(okura: Company, number: ClauseNumber, citation: str) -> None:
    found = okura.policy.numbered(number)
    assert found is not None
    assert found.citation == citation


@pytest.mark.parametrize("number", [(99,), (7, 9), (7, 1, 2, 1)])
def test_a_number_that_the_policy_does_not_have_finds_nothing(okura: Company, number: ClauseNumber) -> None:
    assert okura.policy.numbered(number) is None


def test_an_article_of_its_own_goes_before_an_item() -> None:
    policy = PrivacyPolicy.from_text("第3条（利用）\n(1) 発送\n(2) 案内\n第3条の2（提供）\n渡しません。\n")
    found = [policy.numbered(number) for number in ((3, "の2"), (3, 2), (3, "の1"))]
    assert [clause.label for clause in found if clause] == ["第3条の2", "(2)", "(1)"]


WITH_CHAPTERS = """会員規程

第１章　総則

第１条（目的）
次の目的で使う。
(1) 会費の請求
(2) 大会の案内

第２章　提供

第２条（提供）
次の場合に渡す。
(1) 法令による場合
(2) 同意がある場合
２　保険会社に次の情報を渡す。
ア　氏名
イ　住所

第３条（写真）
広報に使う。
"""


@pytest.mark.parametrize(
    ("asked", "citation"),
    [
        ("第2条を見せて", "第2条"),
        ("第3条を見せて", "第3条"),
        ("第2章を見せて", "第2章"),
        ("第2章第3条", "第3条"),
        ("第1条(2)", "第1条(2)"),
        ("第2条(2)", "第2条(2)"),
        ("第2条第2項", "第2条2"),
        ("第2条第1項", "第2条"),
        ("第2条第1項第2号", "第2条(2)"),
        ("第2条2項のイを見せて", "第2条2イ"),
        ("第2条第3項", None),
        ("第3条第2号", None),
        ("第3項", None),
    ],
)
def test_chapters_do_not_count_and_paragraphs_are_no_items(asked: str, citation: str | None) -> None:
    found = PrivacyPolicy.from_text(WITH_CHAPTERS).numbered(asked_number(asked))
    assert (found.citation if found else None) == citation


@pytest.mark.parametrize(
    "source",
    [
        "1 目的\n1.1 発送\n1.2 案内\n(a) 郵便\n(b) メール\n2 窓口\n電話\n",
        "1. 目的\n1.1 発送\n1.2 案内\n(a) 郵便\n(b) メール\n",
    ],
)
def test_a_letter_below_a_number_of_two_parts(source: str) -> None:
    found = PrivacyPolicy.from_text(source).numbered(asked_number("1.2(b)を見せて"))
    assert found is not None
    assert found.own_text == "(b) メール"


@pytest.mark.parametrize(
    ("source", "headings"),
    [
        (
            "第１章　総則\n\n（目的）\n第１条　会費に使う。\n\n（提供）\n第２条　渡さない。\n",
            ("第1条 目的", "第2条 提供"),
        ),
        (
            "第１章　総則\n\n第１条（目的）\n会費に使う。\n\n第２条　渡さない。\n",
            ("第1条 （目的）", "第2条 渡さない。"),
        ),
        ("１．目的\n会費に使う。\n\n２．提供\n渡さない。\n", ("1. 目的", "2. 提供")),
    ],
)
def test_the_numbered_headings_leave_chapters_and_doubled_numbers_out(source: str, headings: tuple[str, ...]) -> None:
    assert PrivacyPolicy.from_text(source).numbered_headings() == headings


def test_the_numbered_headings_are_the_outermost_and_short() -> None:
    long = "あ" * 100
    policy = PrivacyPolicy.from_text(f"前文です。\n\n1. 取得\n(1) 氏名\n2. {long}\n")
    first, second = policy.numbered_headings()
    assert first == "1. 取得"
    assert second == f"2. {'あ' * 36}…"
