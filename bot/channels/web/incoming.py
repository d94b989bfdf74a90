"""What the widget sends, read from untrusted bytes."""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.requests import Request

from bot.errors import MadoguchiError

LONGEST_BODY = 2_000_000
"""Bytes; a pasted text of 100 kB, escaped as JSON may escape it, must still get an answer."""

_POSITION = re.compile(r"[0-9]{1,9}")
_EVENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class BadRequest(MadoguchiError):
    """The request isn't what the API's document says."""


class BodyTooLarge(MadoguchiError):
    """More bytes than any message can have."""


async def read_object(request: Request) -> dict[str, Any]:
    """Read a JSON object of at most LONGEST_BODY bytes."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LONGEST_BODY:
            raise BodyTooLarge(f"the body is longer than {LONGEST_BODY} bytes")
    try:
        content = json.loads(received)
    except (ValueError, RecursionError) as error:
        raise BadRequest("the body isn't JSON") from error
    if not isinstance(content, dict):
        raise BadRequest("the body isn't a JSON object")
    return content


def text_of(content: dict[str, Any], name: str) -> str:
    """Take a required text."""
    value = content.get(name)
    if not isinstance(value, str):
        raise BadRequest(f"{name} must be a text")
    return value


def event_id_of(content: dict[str, Any]) -> str:
    """Take the id that the browser gave a message, so that sending it twice is once."""
    value = text_of(content, "id")
    if not _EVENT_ID.fullmatch(value):
        raise BadRequest("id must be 8 to 64 letters, digits, - or _")
    return value


def position_of(values: list[str]) -> int:
    """Read the last message number that a browser has seen; nothing means none."""
    if not values:
        return 0
    if len(values) > 1 or not _POSITION.fullmatch(values[0]):
        raise BadRequest("the last message seen is one number of up to 9 digits")
    return int(values[0])
