"""Where a page of a list ended: a text that a machine gives back as it got it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from bot.channels.web.incoming import BadRequest
from bot.services.machine_desk import Place
from bot.services.records import DataSubjectRequest, Handoff

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_REQUEST = re.compile(r"([0-9a-f]{1,14})\.([A-Za-z0-9_-]{1,100})")
_CASE = re.compile(rf"([0-9]{{1,3}})\.{_REQUEST.pattern}")


def request_cursor(request: DataSubjectRequest) -> str:
    """Name the place of a request in the order of creation, which is its own for good."""
    return f"{_ticks(request.created_at)}.{request.id}"


def read_request_cursor(values: list[str]) -> tuple[datetime, str] | None:
    """Read a place; None for the beginning."""
    matched = _matched(_REQUEST, values)
    return (_moment(matched[1]), matched[2]) if matched else None


def case_cursor(case: Handoff) -> str:
    """Name the place of a case in the queue; it keeps it until its urgency changes."""
    return f"{case.priority}.{_ticks(case.waiting_since)}.{case.id}"


def read_case_cursor(values: list[str]) -> Place | None:
    """Read a place in the queue; None for its head."""
    matched = _matched(_CASE, values)
    return (int(matched[1]), _moment(matched[2]), matched[3]) if matched else None


def _matched(pattern: re.Pattern[str], values: list[str]) -> re.Match[str] | None:
    if not values:
        return None
    matched = pattern.fullmatch(values[0]) if len(values) == 1 else None
    if matched is None:
        raise BadRequest("cursor is the `next` of a page before, unchanged")
    return matched


def _ticks(moment: datetime) -> str:
    return f"{(moment - _EPOCH) // _MICROSECOND:x}"


def _moment(ticks: str) -> datetime:
    return _EPOCH + int(ticks, 16) * _MICROSECOND
