"""The limits of LINE's Messaging API, as its reference gives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import regex

Json = dict[str, Any]


def readable(message: Any) -> str:
    """All the text of a message, in the order in which it is shown."""
    return "\n".join(_texts(message))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in ("text", "label", "uri") and isinstance(inner, str):
                yield inner
            elif name not in ("quickReply", "altText"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def unlike(model: Any, content: Json) -> list[str]:
    """What the SDK's model finds wrong with a call, or doesn't know."""
    try:
        again = json.loads(model.from_dict(content).to_json())
    except (ValueError, TypeError) as error:
        return [f"{model.__name__}: {error}"]
    return [] if again == content else [f"{model.__name__} knows nothing of a part of {content}"]


def over_limits(messages: Sequence[Json]) -> list[str]:
    """What in messages LINE would refuse."""
    return [fault for message in messages for fault in _faults(message)]


def _faults(message: Json) -> Iterator[str]:
    if message["type"] == "text":
        yield from _measured("text", message["text"], _units, 1, 5000)
    if message["type"] == "flex":
        yield from _measured("altText", message["altText"], _units, 1, 1500)
        yield from _container_faults(message["contents"])
    yield from _action_faults(message)
    yield from _measured("quick replies", message.get("quickReply", {}).get("items", ["none"]), len, 1, 13)


def _container_faults(contents: Json) -> Iterator[str]:
    carousel = contents["type"] == "carousel"
    yield from _measured(contents["type"], contents, _bytes, 1, 50_000 if carousel else 30_000)
    if carousel:
        yield from _measured("bubbles", contents["contents"], len, 1, 12)
        for bubble in contents["contents"]:
            yield from _measured("bubble", bubble, _bytes, 1, 30_000)
    if not all(text.strip() for text in _texts(contents)):
        yield "an empty text in a bubble"


def _action_faults(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for inner in value:
            yield from _action_faults(inner)
    if not isinstance(value, dict):
        return
    if action := value.get("action"):
        in_bubble = value.get("type") == "button"
        yield from _measured("label", action["label"], _graphemes, 1, 40 if in_bubble else 20)
        if action["type"] == "message":
            yield from _measured("payload", action["text"], _units, 1, 300)
        if action["type"] == "uri" and not action["uri"].startswith(("http://", "https://")):
            yield f"the address {action['uri']}"
    for inner in value.values():
        yield from _action_faults(inner)


def _measured(name: str, value: Any, measure: Callable[[Any], int], least: int, most: int) -> Iterator[str]:
    if not least <= measure(value) <= most:
        yield f"{name} of {measure(value)}, and {least} to {most} are allowed"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


def _bytes(value: Any) -> int:
    return len(json.dumps(value))
