"""Make texts fit: LINE counts them in UTF-16 units, and the labels of buttons in graphemes."""

from __future__ import annotations

import regex

TEXT_UNITS = 5000
"""The longest text message; https://developers.line.biz/en/reference/messaging-api/#text-message."""
LABEL_GRAPHEMES = 20
"""The longest label of a quick reply."""

_SENTENCES = regex.compile(r"[^。！？\n]*[。！？\n]+[」』）]*|[^。！？\n]+")
_GRAPHEMES = regex.compile(r"\X")


def units(text: str) -> int:
    """The length as LINE counts it: an emoji or a rare character is two."""
    return len(text) + sum(character > "\uffff" for character in text)


def split_at_sentences(text: str, limit: int = TEXT_UNITS) -> list[str]:
    """Cut a text into pieces of at most `limit` units that together are the text again, unchanged."""
    pieces = [""]
    for sentence in _SENTENCES.findall(text):
        for part in [sentence] if units(sentence) <= limit else _cut(sentence, limit):
            if units(pieces[-1]) + units(part) > limit:
                pieces.append("")
            pieces[-1] += part
    return [piece for piece in pieces if piece.strip()]


def shorten(text: str, limit: int) -> str:
    """Keep the beginning, whole sentences if there are any, and mark that more follows."""
    if units(text) <= limit:
        return text
    return split_at_sentences(text, limit - 1)[0].rstrip() + "…"


def fit_label(text: str) -> str:
    """Shorten a button's label."""
    graphemes = _GRAPHEMES.findall(text)
    return text if len(graphemes) <= LABEL_GRAPHEMES else "".join(graphemes[: LABEL_GRAPHEMES - 1]) + "…"


def _cut(sentence: str, limit: int) -> list[str]:
    """Cut what has no end of a sentence in time, never within a grapheme unless that alone is too long."""
    pieces = [""]
    for grapheme in _GRAPHEMES.findall(sentence):
        for part in [grapheme] if units(grapheme) <= limit else list(grapheme):
            if units(pieces[-1]) + units(part) > limit:
                pieces.append("")
            pieces[-1] += part
    return pieces
