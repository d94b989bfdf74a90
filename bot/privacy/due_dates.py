"""Due dates in Japanese business terms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone

JST = timezone(timedelta(hours=9), "JST")
"""Japan has had no daylight saving time since 1951, so a fixed offset is exact."""

_HOW_LONG = re.compile(
    "何日(?!分|保)|日数|(?:どの|どれ)(?:くらい|ぐらい|ほど)(?:の)?(?:日|時間|期間)?(?:が|で|を)?(?:かか|待)|"
    "(?:いつ|何時)(?:ごろ|頃)?(?:まで)?(?:に)?(?:お?返事|お?返答|回答|結果|わか|分か|届|来|もらえ|終わ)|回答(?:の)?(?:期限|期間)"
)


def asks_how_long(text: str) -> bool:
    """Tell the question how many days a request takes."""
    return bool(_HOW_LONG.search(unicodedata.normalize("NFKC", text)))


def jst_date(moment: datetime) -> date:
    """The calendar day in Japan at an aware moment."""
    return moment.astimezone(JST).date()


def jst_midnight(day: date) -> datetime:
    """The first moment of a calendar day in Japan."""
    return datetime.combine(day, time(), tzinfo=JST)


def due_date(received: datetime, days: int, is_business_day: Callable[[date], bool]) -> date:
    """The day by which a request is due: `days` after the day of receipt in Japan.

    The Act says 遅滞なく and sets no number, so the number is the company's promise; where the last day isn't a
    business day the promise falls on the business day before it, never later than what the customer was told.
    """
    first = jst_date(received)
    return _business_day(first + timedelta(days=days), first, is_business_day)


def business_days_left(today: date, due: date, is_business_day: Callable[[date], bool]) -> int:
    """How many business days come after today up to the due date; past it, how many ago that was, as a negative."""
    first, last = sorted((today, due))
    days = sum(is_business_day(first + timedelta(days=ahead)) for ahead in range(1, (last - first).days + 1))
    return days if today <= due else -max(days, 1)


def reminder_dates(received: date, due: date, is_business_day: Callable[[date], bool]) -> tuple[date, date]:
    """The days on which staff are reminded: at half and at three quarters of the time.

    One that would fall on a closed day comes on the business day before, while there is time to act on it.
    """
    span = (due - received).days
    half, three_quarters = received + timedelta(days=span // 2), received + timedelta(days=span * 3 // 4)
    return _business_day(half, received, is_business_day), _business_day(three_quarters, received, is_business_day)


def _business_day(day: date, first: date, is_business_day: Callable[[date], bool]) -> date:
    """The day itself or the last business day before it, but not before `first`."""
    while not is_business_day(day) and day > first:
        day -= timedelta(days=1)
    return day
