"""How templates write dates and times: in Japan's time, as people say them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bot.privacy.due_dates import JST

_WEEKDAYS = "月火水木金土日"


def day(value: date) -> str:
    """11月22日(日); the year is added by `long_day`."""
    return f"{value.month}月{value.day}日({_WEEKDAYS[value.weekday()]})"


def long_day(value: date) -> str:
    """2026年11月22日(日)."""
    return f"{value.year}年{day(value)}"


def moment(value: datetime) -> str:
    """11月22日(日) 14時05分."""
    there = value.astimezone(JST)
    return f"{day(there.date())} {clock_time(value)}"


def clock_time(value: datetime) -> str:
    """14時05分."""
    return f"{value.astimezone(JST):%-H時%M分}"


def iso(value: datetime | date) -> str:
    """For the datetime attribute of <time>."""
    return value.astimezone(JST).isoformat(timespec="seconds") if isinstance(value, datetime) else value.isoformat()


def span(seconds: float) -> str:
    """How long something takes or waits: 3分, 2時間5分, 4日."""
    minutes = max(0, int(seconds // 60))
    if minutes < 60:
        return f"{minutes}分"
    if minutes < 24 * 60:
        return f"{minutes // 60}時間{minutes % 60}分" if minutes % 60 else f"{minutes // 60}時間"
    return f"{minutes // (24 * 60)}日"


def pair(item: Any, first: str, second: str) -> tuple[Any, Any]:
    """Two attributes of a thing, e.g. for the options of a choice."""
    return getattr(item, first), getattr(item, second)


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "long_day": long_day,
    "moment": moment,
    "clock_time": clock_time,
    "iso": iso,
    "span": span,
    "pair": pair,
}
