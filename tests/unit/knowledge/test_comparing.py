from __future__ import annotations

from bot.knowledge.comparing import compare
from bot.knowledge.privacy_policy import PrivacyPolicy

OLD = "1. 目的\n\n商品の発送のために利用します。\n\n2. 期間\n\n三年間保存します。\n\n3. 委託\n\n外部に委託します。\n"


def changes(new: str) -> list[tuple[str, str, str]]:
    found = compare(PrivacyPolicy.from_text(OLD), PrivacyPolicy.from_text(new))
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
