from __future__ import annotations

from datetime import date

import pytest

from bot.knowledge.privacy_policy import PrivacyPolicy, UnknownCitationError, find_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年10月1日 制定\n2025年6月16日 改定\n", date(2025, 6, 16)),
        ("令和五年", None),
        ("令和5年9月1日改正", date(2023, 9, 1)),
        ("令和元年5月1日制定", date(2019, 5, 1)),
        ("平成１７年４月１日施行", date(2005, 4, 1)),
        ("最終更新日：2024/2/3", date(2024, 2, 3)),
        ("2024年2月30日改定", None),
        ("2024年2月3日に生まれた人", None),
    ],
)
def test_the_latest_date_that_is_the_policys(text: str, expected: date | None) -> None:
    assert find_date(text) == expected


def test_a_version_changes_with_the_text_and_shows_the_date() -> None:
    old = PrivacyPolicy.from_text("1. 甲\n2025年1月1日制定\n")
    new = PrivacyPolicy.from_text("1. 乙\n2025年1月1日制定\n")
    assert old.version != new.version
    assert old.version.startswith("2025-01-01-")


def test_the_title_is_the_policys_own_or_a_plain_one() -> None:
    assert PrivacyPolicy.from_text("# 個人情報の取扱い方針\n\n本文です。\n").title == "個人情報の取扱い方針"
    assert PrivacyPolicy.from_text("本文です。\n").title == "プライバシーポリシー"
    assert PrivacyPolicy.from_text("本文です。\n", title="方針").title == "方針"


def test_a_citation_that_names_nothing_is_refused() -> None:
    with pytest.raises(UnknownCitationError, match="9"):
        PrivacyPolicy.from_text("1. 甲\n").clause("9.")
