"""When a company works: its weekdays, Japan's holidays and its own closed days."""

from __future__ import annotations

from datetime import date

import jpholiday

from bot.knowledge.company import Company
from bot.knowledge.library import PolicyLibrary

_WORKWEEK = frozenset(range(5))


class CompanyCalendar:
    """Implement the port of calendars from the companies' own files."""

    def __init__(self, companies: PolicyLibrary) -> None:
        self._companies = companies

    def is_business_day(self, company: str, day: date) -> bool:
        """Whether the company is open on that day; without opening hours, Monday to Friday."""
        return _is_open(self._companies.get(company), day)


def _is_open(company: Company, day: date) -> bool:
    weekdays = set(company.opening_hours) or _WORKWEEK
    if day.weekday() not in weekdays or company.is_closed_on(day):
        return False
    return not (company.closed_on_holidays and jpholiday.is_holiday(day))
