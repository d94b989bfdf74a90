"""Where a page of a list ended: a text that a machine gives back as it got it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from bot.channels.web.incoming import BadRequest
from bot.services.records import DataSubjectRequest

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"([0-9a-f]{1,14})\.([A-Za-z0-9_-]{1,100})")


def cursor_of(request: DataSubjectRequest) -> str:
    """Name the place of a request in the order of creation, which is its own for good."""
    return f"{(request.created_at - _EPOCH) // _MICROSECOND:x}.{request.id}"


def read_cursor(values: list[str]) -> tuple[datetime, str] | None:
    """Read a place; None for the beginning."""
    if not values:
        return None
    matched = _CURSOR.fullmatch(values[0]) if len(values) == 1 else None
    if matched is None:
        raise BadRequest("cursor is the `next` of a page before, unchanged")
    return _EPOCH + int(matched[1], 16) * _MICROSECOND, matched[2]
