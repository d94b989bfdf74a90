from __future__ import annotations

import pytest

from bot.knowledge.comparing import compare
from bot.knowledge.privacy_policy import PrivacyPolicy

OLD = "1. 目的\n\n商品の発送のために利用します。\n\n2. 期間\n\n三年間保存します。\n\n3. 委託\n\n外部に委託します。\n"


def changes(new: str, old: str = OLD) -> list[tuple[str, str, str]]:
    found = compare(PrivacyPolicy.from_text(old), PrivacyPolicy.from_text(new))
    return [(change.kind, change.old_citation, change.new_citation) for change in found]


def test_nothing_changed() -> None:
    assert changes(OLD) == []


def test_a_changed_clause() -> None:
    assert changes(OLD.replace("三年間", "五年間")) == [("changed", "2. 本文", "2. 本文")]


def test_an_added_and_a_removed_clause() -> None:
    assert changes(OLD + "\n4. 窓口\n\n電話でどうぞ。\n") == [("added", "", "4."), ("added", "", "4. 本文")]
    assert changes(OLD.split("3. 委託")[0]) == [("removed", "3.", ""), ("removed", "3. 本文", "")]


def test_renumbering_alone_is_no_change() -> None:
    assert changes(OLD.replace("3. 委託", "4. 委託")) == []


@pytest.mark.parametrize("number", ["{}．", "【{}】", "第{}条　", "（{}）", "■ {}. "])
def test_renumbering_is_no_change_however_numbers_are_written(number: str) -> None:
    one, two, three = (number.format(digit) for digit in "１２３")
    old = f"{one}目的\n発送に使います。\n\n{two}期間\n三年残します。\n"
    new = f"{one}目的\n発送に使います。\n\n{two}委託\n外部に任せません。\n\n{three}期間\n三年残します。\n"
    assert [kind for kind, _, _ in changes(new, old)] == ["added", "added"]


def test_moving_a_clause_is_no_change() -> None:
    first, second, third = ("目的\n\n発送のため。\n\n", "期間\n\n三年間。\n\n", "委託\n\n任せます。\n\n")
    assert changes(f"1. {third}2. {first}3. {second}", f"1. {first}2. {second}3. {third}") == []


def test_an_item_that_moves_to_another_list_is_a_change() -> None:
    kept, given = "1. 渡さないもの\n\n・お名前\n{}\n2. 任せる先\n\n本文。\n", "3. 渡すもの\n\n{}・住所\n"
    old, new = kept.format("・病歴\n") + given.format(""), kept.format("") + given.format("・病歴\n")
    assert [kind for kind, _, _ in changes(new, old)] == ["removed", "added"]


def test_of_two_equal_clauses_one_that_goes_is_removed() -> None:
    double = OLD + "\n4. 期間\n\n三年間保存します。\n"
    assert [kind for kind, _, _ in changes(OLD, double)] == ["removed", "removed"]
