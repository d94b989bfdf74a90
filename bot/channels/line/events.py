"""What LINE's webhook events mean to the desk.

Read by hand rather than by the SDK's models: those take an event whose least field is new or missing for one of an
unknown type, and a customer's message would be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import MadoguchiError

Json = Mapping[str, Any]


class BadWebhook(MadoguchiError):
    """The body isn't a webhook of LINE's."""


@dataclass(frozen=True)
class Said:
    """A person said something, or came in; `wordless` names what they sent instead of words."""

    person: str
    event_id: str
    text: str = ""
    wordless: str | None = None
    picture: str = ""  # LINE's name of a picture that it keeps for us.
    line: Json = field(default_factory=dict)  # What LINE needs to hear again: tokens, the message's id, the time.


@dataclass(frozen=True)
class Unsent:
    """A person took a message back; LINE asks that it be forgotten."""

    person: str
    message: str


@dataclass(frozen=True)
class Left:
    """A person blocked the account, or a group put it out: nothing more may be sent; `at` in milliseconds."""

    person: str
    at: int


Arrival = Said | Unsent | Left

REFUSED = frozenset({"image", "video", "audio", "file", "location"})
"""What nobody gets to see, staff neither; so it is refused even while they answer; a picture that LINE keeps isn't."""

ANSWERS: Mapping[str, tuple[str, str]] = {
    "sticker": ("line_got_sticker", "line_sticker"),
    "image": ("line_got_image", "line_image"),
    "video": ("line_got_video", "line_video"),
    "audio": ("line_got_audio", "line_audio"),
    "file": ("line_got_file", "line_file"),
    "location": ("line_got_location", "line_location"),
    "follow": ("line_got_follow", "greeting"),
    "join": ("line_got_join", "line_join"),
    "accountLink": ("line_got_account_link", "line_account_link"),
}
"""What comes without words: the phrase that stands for it in the transcript, and the one that answers it."""


_YEAR_3000 = 32_503_680_000_000
"""In milliseconds; no clock can be made of more."""


def read_arrivals(payload: object) -> list[Arrival]:
    """Read a webhook's events in their order, without those that mean nothing here."""
    events = payload.get("events") if isinstance(payload, dict) else None
    if not isinstance(events, list):
        raise BadWebhook("there is no list of events")
    arrivals = (_read(event) for event in events if isinstance(event, dict))
    return [arrival for arrival in arrivals if arrival is not None]


def _read(event: Json) -> Arrival | None:
    kind, person = _text(event, "type"), _person(event)
    if not person:
        return None
    if kind in ("unfollow", "leave"):
        return Left(person, _time(event))
    if kind == "unsend" and (message := _text(_object(event, "unsend"), "messageId")):
        return Unsent(person, message)
    # Where another system has the conversation (mode standby), nothing may be said.
    return None if event.get("mode") == "standby" else _said(kind, person, event)


def _said(kind: str, person: str, event: Json) -> Said | None:
    event_id, line = _text(event, "webhookEventId"), _line(event)
    if not event_id:
        return None
    if kind == "message":
        message = _object(event, "message")
        kind = _text(message, "type")
        if kind == "text":
            return Said(person, event_id, _text(message, "text"), line=line)
    if kind == "postback" and (data := _text(_object(event, "postback"), "data")):
        return Said(person, event_id, data, line=line)
    return Said(person, event_id, wordless=kind, picture=_picture(kind, event), line=line) if kind in ANSWERS else None


def _picture(kind: str, event: Json) -> str:
    """The id under which LINE keeps a picture; empty for what lies on somebody else's server, which isn't asked."""
    message = _object(event, "message")
    kept = kind == "image" and _text(_object(message, "contentProvider"), "type") == "line"
    return _text(message, "id") if kept else ""


def _person(event: Json) -> str:
    """Whom the desk may talk to: one person, or a group that has to be told that it won't."""
    source, kind = _object(event, "source"), _text(event, "type")
    if _text(source, "type") == "user":
        return _text(source, "userId")
    return _text(source, "groupId") or _text(source, "roomId") if kind in ("join", "leave") else ""


def _line(event: Json) -> dict[str, Any]:
    message = _object(event, "message")
    values = {
        "reply_token": _text(event, "replyToken"),
        "read_token": _text(message, "markAsReadToken"),
        "message": _text(message, "id"),
        "at": _time(event),
    }
    return {name: value for name, value in values.items() if value}


def _object(values: Json, name: str) -> Json:
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def _text(values: Json, name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _time(event: Json) -> int:
    value = event.get("timestamp")
    return value if isinstance(value, int) and 0 < value < _YEAR_3000 else 0
