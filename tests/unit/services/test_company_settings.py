from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest

from bot.services.business_calendar import CompanyCalendar
from bot.services.company_settings import LONGEST_NOTE, CompanySettings, SettingRefused
from bot.services.effective_companies import EffectiveCompanies
from bot.services.handoffs import Handoffs
from bot.services.phrases import Phrasebook
from bot.services.ports.company_settings import ClosedDay
from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.conftest import FixedClock

TODAY = date(2026, 6, 2)
"""A Tuesday, as the clock fixture has it."""
PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")


@pytest.fixture
def companies(sqlite_store: SqlStore) -> EffectiveCompanies:
    return EffectiveCompanies(ROOT / "data" / "policies", sqlite_store)


@pytest.fixture
def settings(sqlite_store: SqlStore, companies: EffectiveCompanies, clock: FixedClock) -> CompanySettings:
    return CompanySettings(sqlite_store, companies, clock)


def audited(store: SqlStore) -> list[tuple[str, str, Any, Any]]:
    with store.transaction(read_only=True) as tx:
        return [(record.actor, record.action, record.before, record.after) for record in tx.audit.records()]


def test_hours_hold_at_once_and_for_that_company_alone(
    settings: CompanySettings, companies: EffectiveCompanies, sqlite_store: SqlStore
) -> None:
    kagoshima = companies.get("kagoshima").opening_hours
    settings.set_hours("okura", {5: (time(9), time(12))}, True, "s1")
    assert companies.get("okura").opening_hours == {5: (time(9), time(12))}
    assert companies.get("kagoshima").opening_hours == kagoshima
    actor, action, before, after = audited(sqlite_store)[-1]
    assert (actor, action) == ("staff:s1", "settings.hours_changed")
    assert before == {"opening_hours": None, "closed_on_holidays": None}
    assert after == {"opening_hours": {"5": "09:00-12:00"}, "closed_on_holidays": True}


def test_a_company_may_work_on_holidays(settings: CompanySettings, companies: EffectiveCompanies) -> None:
    calendar, marine_day = CompanyCalendar(companies), date(2026, 7, 20)
    assert not calendar.is_business_day("okura", marine_day)
    settings.set_hours("okura", companies.get("okura").opening_hours, False, "s1")
    assert calendar.is_business_day("okura", marine_day)


def test_a_closed_day_is_no_business_day_until_it_is_taken_back(
    settings: CompanySettings, companies: EffectiveCompanies, sqlite_store: SqlStore
) -> None:
    calendar, day = CompanyCalendar(companies), date(2026, 8, 13)
    settings.close_day("okura", day, " 夏季休業 ", "s1")
    assert not calendar.is_business_day("okura", day)
    assert settings.closed_days("okura") == [ClosedDay("okura", day, "夏季休業")]
    settings.open_day("okura", day, "s1")
    settings.open_day("okura", day, "s1")
    assert calendar.is_business_day("okura", day)
    assert [action for _, action, _, _ in audited(sqlite_store)] == ["settings.day_closed", "settings.day_opened"]


def test_four_eyes_are_switched_off_with_a_reason_that_no_audit_record_repeats(
    settings: CompanySettings, companies: EffectiveCompanies, sqlite_store: SqlStore
) -> None:
    settings.switch_four_eyes("okura", False, "山田さんが入院中のため", "s1")
    assert not companies.get("okura").four_eyes
    assert settings.get("okura").four_eyes_reason == "山田さんが入院中のため"
    assert audited(sqlite_store)[-1][3] == {"four_eyes": False, "four_eyes_reason": True}
    assert "山田" not in str(audited(sqlite_store))
    settings.switch_four_eyes("okura", True, "", "s1")
    assert companies.get("okura").four_eyes
    assert settings.get("okura").four_eyes_reason == ""


def test_saving_the_same_again_leaves_no_record(settings: CompanySettings, sqlite_store: SqlStore) -> None:
    for _ in range(2):
        settings.set_waiting_note("okura", "お盆明けは混み合います。", "s1")
    assert len(audited(sqlite_store)) == 1


def test_customers_who_wait_are_told_what_staff_want_to_be_said(
    settings: CompanySettings, companies: EffectiveCompanies, sqlite_store: SqlStore, clock: FixedClock
) -> None:
    handoffs = Handoffs(sqlite_store, PHRASES, CompanyCalendar(companies), clock)
    hours = handoffs.waiting_words(companies.get("okura"))
    settings.set_waiting_note("okura", "お盆明けは混み合います。", "s1")
    assert handoffs.waiting_words(companies.get("okura")) == f"{hours}\nお盆明けは混み合います。"


REFUSED: dict[str, Callable[[CompanySettings], None]] = {
    "setting_hours_none": lambda s: s.set_hours("okura", {}, True, "s1"),
    "setting_hours_backwards": lambda s: s.set_hours("okura", {0: (time(17), time(9))}, True, "s1"),
    "setting_reason_missing": lambda s: s.switch_four_eyes("okura", False, "  ", "s1"),
    "setting_day_past": lambda s: s.close_day("okura", date(2026, 6, 1), "", "s1"),
    "setting_too_long": lambda s: s.set_waiting_note("okura", "あ" * (LONGEST_NOTE + 1), "s1"),
}


@pytest.mark.parametrize("phrase", REFUSED)
def test_what_makes_no_sense_is_refused_in_words_and_changes_nothing(
    settings: CompanySettings, sqlite_store: SqlStore, phrase: str
) -> None:
    before = settings.get("okura")
    with pytest.raises(SettingRefused) as refused:
        REFUSED[phrase](settings)
    assert refused.value.phrase == phrase
    assert PHRASES.text(refused.value.phrase, **refused.value.values)
    assert settings.get("okura") == before
    assert audited(sqlite_store) == []


def test_a_day_is_closed_once(settings: CompanySettings, sqlite_store: SqlStore) -> None:
    settings.close_day("okura", TODAY, "", "s1")
    with pytest.raises(SettingRefused, match="setting_day_closed_already"):
        settings.close_day("okura", TODAY, "", "s2")
    assert len(audited(sqlite_store)) == 1
