"""Which requests a message makes beside its other sentences: one, or several at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.understanding.parts import cuts, is_wish, sentences
from bot.understanding.questions import CERTAIN_AT
from bot.understanding.result import REQUEST, Wish
from bot.understanding.text import without_values

_ABOUT_ANOTHER = "request_about_another"
_LISTED_END = re.compile(r"と[、, ]?$")
_FOR_ALL = re.compile(r"(?:の(?:手続き?|請求))?[をも]?(?:お?願|希望|請求|申し込|して|した).*$")
"""What a list of requests says once for all of them: 開示と消去「をお願いします」."""


class RequestFinder:
    """Finds the requests that leave no doubt when read alone, whatever stands around them."""

    def __init__(self, labels: Sequence[str], probabilities: Callable[[Sequence[str]], Any]) -> None:
        self._labels = labels
        self._probabilities = probabilities

    def among_sentences(self, normalised: str) -> tuple[Wish, ...]:
        """Give the requests among several sentences; a message of one sentence is judged as a whole."""
        parts = sentences(normalised)
        return self._plain(parts, [is_wish(part) for part in parts]) if len(parts) > 1 else ()

    def in_list(self, normalised: str) -> tuple[Wish, ...]:
        """Give both requests of a list (開示と消去をお願いします); none where its two sides aren't two kinds."""
        for cut in cuts(normalised):
            left, said_once = _LISTED_END.sub("", cut.left), _FOR_ALL.search(cut.right)
            if cut.listed and said_once and left != cut.left:
                found = self._plain([left, cut.right], [True, True], said_once.group())
                if len(found) > 1:
                    return found
        return ()

    def _plain(self, parts: Sequence[str], wished: Sequence[bool], ending: str = "") -> tuple[Wish, ...]:
        """Give the kinds of request among parts in their order, each once; what is said for all completes a part."""
        read = [without_values(part if part.endswith(ending) else part + ending) for part in parts]
        found: dict[str, Wish] = {}
        for part, is_wished, row in zip(parts, wished, self._probabilities(read), strict=True):
            intent, probability = self._labels[int(row.argmax())], float(row.max())
            plain = is_wished and probability >= CERTAIN_AT and intent.startswith(REQUEST)
            if plain and intent != _ABOUT_ANOTHER:
                found.setdefault(intent, Wish(intent, part, probability))
        return tuple(found.values())
