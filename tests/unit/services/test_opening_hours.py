from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import JST
from bot.services.business_calendar import CompanyCalendar
from bot.services.opening_hours import OpeningHours
from bot.settings import ROOT

COMPANIES = PolicyLibrary(ROOT / "data" / "policies")
HOURS = OpeningHours(CompanyCalendar(COMPANIES))
OKURA = COMPANIES.get("okura")  # Open from 8:30 to 17:30.


@pytest.mark.parametrize(
    ("since", "minutes", "until"),
    [
        ("2026-06-02T10:00", 10, "2026-06-02T10:10"),
        ("2026-06-02T17:20", 10, "2026-06-02T17:30"),
        ("2026-06-02T17:25", 10, "2026-06-03T08:35"),
        ("2026-06-02T03:00", 10, "2026-06-02T08:40"),
        ("2026-06-05T18:00", 10, "2026-06-08T08:40"),  # Friday evening
        ("2026-06-02T10:00", 10 * 60, "2026-06-03T11:00"),
    ],
)
def test_only_minutes_of_opening_hours_count(since: str, minutes: int, until: str) -> None:
    began, ends = (datetime.fromisoformat(text).replace(tzinfo=JST) for text in (since, until))
    assert HOURS.after(OKURA, began, minutes) == ends


def test_without_opening_hours_the_clock_counts() -> None:
    began = datetime(2026, 6, 6, 3, 0, tzinfo=JST)
    assert HOURS.after(replace(OKURA, opening_hours={}), began, 10) == began + timedelta(minutes=10)


@given(st.integers(0, 60 * 24 * 14), st.integers(1, 600), st.integers(1, 600))
def test_who_comes_later_is_never_due_earlier(minute: int, later: int, minutes: int) -> None:
    began = datetime(2026, 6, 1, tzinfo=JST) + timedelta(minutes=minute)
    assert began + timedelta(minutes=minutes) <= HOURS.after(OKURA, began, minutes)
    assert HOURS.after(OKURA, began, minutes) <= HOURS.after(OKURA, began + timedelta(minutes=later), minutes)
