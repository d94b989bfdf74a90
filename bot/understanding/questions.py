"""Which questions about the policy a message asks: one, or several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bot.understanding.parts import halves, is_asking
from bot.understanding.result import Question
from bot.understanding.training_data import TOPIC_PREFIX

TOPICS_KEPT = 5
ASKED_AT = 0.6
"""A sentence is a question of its own where its topics together are this likely,"""
SURE_AT = 0.25
"""and one of them by itself; of the halves of a sentence one must be as sure,"""
SUPPORTED_AT = 0.03
"""and the whole must make both topics this likely. All chosen on the dev set, so that a story stays one question."""
_PART_SAY = 0.7  # How much a part says beside the whole, which knows what a part leaves out (あと切り方も).


class QuestionFinder:
    """Finds the questions by the probabilities of topics in the parts of a message."""

    def __init__(self, labels: Sequence[str], probabilities: Callable[[Sequence[str]], Any]) -> None:
        self._columns = [column for column, label in enumerate(labels) if label.startswith(TOPIC_PREFIX)]
        self._topics = [labels[column].removeprefix(TOPIC_PREFIX) for column in self._columns]
        self._probabilities = probabilities

    def find(self, text: str, parts: Sequence[str], row: Any) -> tuple[Question, ...]:
        """Give the questions of a message that falls into `parts` and is judged by `row`."""
        topics = row[self._columns]
        found = self._of_sentences(parts, topics) if len(parts) > 1 else self._of_halves(parts[0], topics)
        return found if len(found) > 1 else (Question(text, self._ranked(topics)),)

    def _of_sentences(self, parts: Sequence[str], whole: Any) -> tuple[Question, ...]:
        asking = [part for part in parts if is_asking(part)]
        if len(asking) < 2:
            return ()
        found: dict[str, Question] = {}
        for part, row in zip(asking, self._probabilities(asking)[:, self._columns], strict=True):
            ranked = self._ranked(_joined(row, whole))
            own = row[self._topics.index(ranked[0][0])]
            if row.sum() >= ASKED_AT and own >= SURE_AT:
                found.setdefault(ranked[0][0], Question(part, ranked))
        return tuple(found.values())

    def _of_halves(self, text: str, whole: Any) -> tuple[Question, ...]:
        cuts = halves(text)
        if not cuts or (whole >= SUPPORTED_AT).sum() < 2:
            return ()
        rows = self._probabilities([half for cut in cuts for half in cut])[:, self._columns]
        best: tuple[float, tuple[Question, ...]] = (0.0, ())
        for (left, right), row, other in zip(cuts, rows[::2], rows[1::2], strict=True):
            one, two = _joined(row, whole), _joined(other, whole)
            a, b = int(one.argmax()), int(two.argmax())
            sure = max(row[a], other[b]) >= SURE_AT and min(whole[a], whole[b]) >= SUPPORTED_AT
            if a != b and sure and one[a] * two[b] > best[0]:
                best = (one[a] * two[b], (Question(left, self._ranked(one)), Question(right, self._ranked(two))))
        return best[1]

    def _ranked(self, row: Any) -> tuple[tuple[str, float], ...]:
        return tuple((self._topics[column], float(row[column])) for column in np.argsort(-row)[:TOPICS_KEPT])


def _joined(part: Any, whole: Any) -> Any:
    return part**_PART_SAY * whole ** (1 - _PART_SAY)
