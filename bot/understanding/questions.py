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
"""A sentence is a question of its own where its topics together are this likely."""
SUPPORTED_AT = 0.02
"""… and the whole message makes its topic at least this likely: a story with one question at its end stays one."""
HALF_AT = 0.4
"""Each half of a sentence must be as sure of its topic; all three chosen on the dev set."""


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
            # A part may leave out what it's about, so the whole has a say.
            ranked = self._ranked(np.sqrt(row * whole))
            if row.sum() >= ASKED_AT and whole[self._topics.index(ranked[0][0])] >= SUPPORTED_AT:
                found.setdefault(ranked[0][0], Question(part, ranked))
        return tuple(found.values())

    def _of_halves(self, text: str, whole: Any) -> tuple[Question, ...]:
        cuts = halves(text)
        if not cuts or (whole >= SUPPORTED_AT).sum() < 2:
            return ()
        rows = self._probabilities([half for cut in cuts for half in cut])[:, self._columns]
        best: tuple[float, tuple[Question, ...]] = (0.0, ())
        for (left, right), row, other in zip(cuts, rows[::2], rows[1::2], strict=True):
            a, b = int(row.argmax()), int(other.argmax())
            sure = min(row[a], other[b]) >= HALF_AT and min(whole[a], whole[b]) >= SUPPORTED_AT
            if a != b and sure and row[a] * other[b] > best[0]:
                best = (row[a] * other[b], (Question(left, self._ranked(row)), Question(right, self._ranked(other))))
        return best[1]

    def _ranked(self, row: Any) -> tuple[tuple[str, float], ...]:
        return tuple((self._topics[column], float(row[column])) for column in np.argsort(-row)[:TOPICS_KEPT])
