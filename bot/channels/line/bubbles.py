"""A policy's clauses as a Flex bubble: the words as published, the citation below, a link to the whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from linebot.v3.messaging import (
    FlexBox,
    FlexBubble,
    FlexButton,
    FlexMessage,
    FlexSeparator,
    FlexText,
    URIAction,
)

from bot.channels.line.fitting import shorten, split_at_sentences

CLAUSE_KINDS = frozenset({"heading", "quote", "citation", "reference"})
"""The kinds of an answer's parts that go into a bubble; all others are plain text."""

ALT_UNITS = 1500
"""The longest alternative text, which old clients and notifications show."""
URI_CHARACTERS = 1000

_TEXT_UNITS = 1500
"""A piece of text within a bubble; LINE names no limit, and a phone lays shorter ones out at once."""
_ROOM = 22_000
"""Bytes of pieces a bubble: the rest of LINE's 30 KB is for its frame and button;
https://developers.line.biz/en/reference/messaging-api/#bubble."""

_FLOW: Mapping[str, Any] = {"wrap": True, "scaling": True, "lineSpacing": "6px", "margin": "md"}
"""`scaling` lets the letters grow with the size that the customer has set."""
_LOOK: Mapping[str, Mapping[str, str]] = {
    "heading": {"size": "sm", "weight": "bold", "color": "#444444"},
    "quote": {"size": "md", "color": "#111111"},
    "reference": {"size": "md", "color": "#111111"},
    "citation": {"size": "sm", "color": "#555555"},
}


def may_link(url: str) -> bool:
    """Whether a button may open the address."""
    return url.startswith(("https://", "http://")) and len(url) <= URI_CHARACTERS


def bubbles(parts: Sequence[Mapping[str, str]], link: tuple[str, str] | None = None) -> list[FlexMessage]:
    """Show parts of CLAUSE_KINDS, in as few bubbles as they fit; the last has `link`, a label and an address."""
    packed: list[list[dict[str, Any]]] = [[]]
    shown: list[list[str]] = [[]]
    for part in parts:
        for piece in split_at_sentences(part["text"], _TEXT_UNITS):
            block = {"kind": part["kind"], "text": piece}
            if packed[-1] and _bytes([*packed[-1], block]) > _ROOM:
                packed.append([])
                shown.append([])
            packed[-1].append(block)
            shown[-1].append(piece)
    last = len(packed) - 1
    return [
        FlexMessage(
            altText=shorten("\n".join(shown[index]), ALT_UNITS),
            contents=_bubble(blocks, link if index == last else None),
        )
        for index, blocks in enumerate(packed)
    ]


def _bubble(blocks: Sequence[Mapping[str, Any]], link: tuple[str, str] | None) -> FlexBubble:
    lines: list[Any] = []
    for block in blocks:
        if lines and block["kind"] == "heading":
            lines.append(FlexSeparator(margin="lg"))
        lines.append(FlexText(text=block["text"], **_FLOW, **_LOOK[block["kind"]]))
    body = FlexBox(layout="vertical", contents=lines)
    return FlexBubble(size="giga", body=body, footer=_footer(*link) if link else None)


def _footer(label: str, url: str) -> FlexBox:
    button = FlexButton(style="link", height="sm", scaling=True, action=URIAction(label=label, uri=url))
    return FlexBox(layout="vertical", contents=[button])


def _bytes(blocks: object) -> int:
    # As the SDK sends it: every Japanese character escaped in six bytes.
    return len(json.dumps(blocks))
