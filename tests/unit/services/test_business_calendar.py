from datetime import date, time

import pytest

from bot.services.business_calendar import CompanyCalendar


@pytest.fixture
def calendar(companies):
    return CompanyCalendar(companies)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 6, 2), True),  # a Tuesday
        (date(2026, 6, 6), False),  # a Saturday
        (date(2026, 7, 20), False),  # 海の日
        (date(2026, 5, 6), False),  # 振替休日
    ],
)
def test_weekdays_and_holidays(calendar, day, works):
    assert calendar.is_business_day("okura", day) is works


def test_a_company_may_work_on_saturdays_and_holidays(calendar, companies):
    hours = (time(10), time(17))
    companies.changed = {"opening_hours": {0: hours, 5: hours}, "closed_on_holidays": False}
    assert calendar.is_business_day("okura", date(2026, 6, 6))
    assert calendar.is_business_day("okura", date(2026, 7, 20))
    assert not calendar.is_business_day("okura", date(2026, 6, 2))


def test_closed_days(calendar, companies):
    companies.changed = {"closed_days": frozenset({date(2026, 6, 2)})}
    assert not calendar.is_business_day("okura", date(2026, 6, 2))


def test_days_closed_each_year(calendar, companies):
    companies.changed = {"closed_each_year": frozenset({(12, 29), (1, 3)})}
    assert not calendar.is_business_day("okura", date(2026, 12, 29))
    assert not calendar.is_business_day("okura", date(2029, 1, 3))
    assert calendar.is_business_day("okura", date(2026, 12, 28))


def test_without_opening_hours_it_is_monday_to_friday(calendar, companies):
    companies.changed = {"opening_hours": {}}
    assert calendar.is_business_day("okura", date(2026, 6, 5))
    assert not calendar.is_business_day("okura", date(2026, 6, 7))
