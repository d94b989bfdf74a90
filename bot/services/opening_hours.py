"""When somebody is there to answer: a company's opening hours on its business days, in Japan's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.knowledge.company import Company
from bot.privacy.due_dates import JST, jst_date
from bot.services.ports import BusinessCalendar

_LOOK_AHEAD_DAYS = 30


class OpeningHours:
    """Opening hours with holidays and closed days counted."""

    def __init__(self, calendar: BusinessCalendar) -> None:
        self._calendar = calendar

    def next_opening(self, company: Company, now: datetime) -> tuple[datetime, bool] | None:
        """When staff are there: (closing time, True) if they are now, else (next opening, False); None if unknown."""
        for opens, closes in self._openings(company, now):
            return (closes, True) if opens <= now else (opens, False)
        return None

    def after(self, company: Company, since: datetime, minutes: int) -> datetime:
        """The moment at which the company has been open for that long since; without opening hours, by the clock."""
        left = timedelta(minutes=minutes)
        for opens, closes in self._openings(company, since):
            begins = max(opens, since)
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
        return since + left

    def _openings(self, company: Company, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The times of opening that aren't over at `since`, in order."""
        first = jst_date(since)
        for ahead in range(_LOOK_AHEAD_DAYS):
            day = first + timedelta(days=ahead)
            hours = company.opening_hours.get(day.weekday())
            if hours is None or not self._calendar.is_business_day(company.id, day):
                continue
            opens, closes = (_at(day, edge) for edge in hours)
            if since < closes:
                yield opens, closes


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=JST)
