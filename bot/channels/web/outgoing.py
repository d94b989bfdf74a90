"""What the widget is told of a message: only what a customer may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.phrases import Reply
from bot.services.records import Message

SHOWN = ("buttons", "parts", "policy_url", "field", "staff_name")
"""The parts of a message's body that leave the desk; the rest is for staff and for ourselves."""


def message_json(message: Message) -> dict[str, Any]:
    """Describe a message; `id` is the browser's own id of what it sent."""
    described: dict[str, Any] = {
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        "at": message.created_at.isoformat(timespec="seconds"),
        **_shown(message.body),
    }
    if message.event_id is not None:
        described["id"] = message.event_id
    return described


def greeting_json(reply: Reply) -> dict[str, Any]:
    """Describe the greeting, which is said before any message and kept nowhere."""
    buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
    return {"text": reply.text, **_shown(reply.body), "buttons": buttons}


def _shown(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in SHOWN if name in body}
