"""Which questions about the policy a message asks: one, or several at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import permutations
from typing import Any

import numpy as np

from bot.understanding.parts import asks_by_itself, halves, is_joined, joints, shared_beginning, subject
from bot.understanding.result import Question
from bot.understanding.training_data import TOPIC_PREFIX

TOPICS_KEPT = 5
ASKED_AT = 0.5
"""A sentence is a question of its own where its topics together are this likely,"""
SURE_AT = 0.3
"""one of them by itself,"""
SUPPORTED_AT = 0.03
"""and the whole message makes that one this likely;"""
CERTAIN_AT = 0.7
"""or where the sentence alone leaves no doubt. All chosen on the dev set, so that a story stays one question."""
_OTHER_HALF_AT = 0.15  # Of the halves of a sentence one must be sure, the other at least this.
_JOINT_AT, _JOINT_SUPPORTED_AT, _JOINT_WEIGHT = 0.25, 0.003, 0.02
"""What both sides of a joint need: of the side alone, of the whole message, and of both sides times its root. Chosen on
double and seemingly double messages written for it and on the dev set, apart from the test set."""
_BOTH_AT = 0.3  # A message with a pause in it of which a second topic has so much is answered for both.
_MOST_TOPICS = 4  # Of the whole message, looked for on both sides.
_PART_SAY = 0.7  # How much a part says beside the whole, which knows what a part leaves out (あと切り方も).
_MOST_BROUGHT = 0.5  # Of what a beginning brings along, so that little else is not made much.
_POINTING = ("その", "それ")
_CONTACT = ("ask_followup_contact", "contact")  # 連絡先も is one thing as a message and another as a part.


class QuestionFinder:
    """Finds the questions by the probabilities of topics in the parts of a message."""

    def __init__(self, labels: Sequence[str], probabilities: Callable[[Sequence[str]], Any]) -> None:
        self._columns = [column for column, label in enumerate(labels) if label.startswith(TOPIC_PREFIX)]
        self._topics = [labels[column].removeprefix(TOPIC_PREFIX) for column in self._columns]
        self._probabilities = probabilities
        followup, topic = _CONTACT
        known = followup in labels and topic in self._topics
        self._contact = (self._topics.index(topic), list(labels).index(followup)) if known else None

    def find(
        self, text: str, parts: Sequence[str], row: Any, added: Collection[str] = frozenset()
    ) -> tuple[Question, ...]:
        """Give the questions of a message that falls into `parts`, some of them `added`, and is judged by `row`."""
        topics = row[self._columns]
        found = self._of_sentences(_asking(parts, added), topics, added)
        if len(found) < 2:
            found = self._of_halves(parts[-1], topics)
        if len(found) < 2:
            found = self._of_joints(" ".join(parts), topics) or self._of_whole(text, topics)
        return found if len(found) > 1 else (Question(text, self._ranked(topics)),)

    def are_certain(self, parts: Sequence[str], added: Collection[str]) -> bool:
        """Whether a message asks several things about the policy, each beyond doubt when read alone."""
        asking = _asking(parts, added)
        if len(asking) < 2:
            return False
        rows = self._rows(asking)
        return bool((rows.max(axis=1) >= CERTAIN_AT).all()) and len(set(rows.argmax(axis=1))) > 1

    def _of_sentences(self, asking: Sequence[str], whole: Any, added: Collection[str]) -> tuple[Question, ...]:
        if len(asking) < 2:
            return ()
        found: dict[str, Question] = {}
        for part, row in zip(asking, self._judged(asking, whole), strict=True):
            sure = _is_sure(row, whole) if asks_by_itself(part) else _is_supported(row, whole)
            # A conjunction says itself that another question comes.
            announced = part in added and asks_by_itself(part) and row.max() >= SURE_AT
            if row.sum() >= ASKED_AT and (sure or announced):
                ranked = self._ranked(_joined(row, whole))
                found.setdefault(ranked[0][0], Question(part, ranked))
        return tuple(found.values())

    def _of_halves(self, text: str, whole: Any) -> tuple[Question, ...]:
        best: tuple[float, tuple[Question, ...]] = (0.0, ())
        for left, right in halves(text):
            row, other = self._of_pair(left, right, whole)
            one, two = _joined(row, whole), _joined(other, whole)
            a, b = int(one.argmax()), int(two.argmax())
            weight = one[a] * two[b]
            if a != b and weight > best[0] and _are_two((row[a], other[b]), (whole[a], whole[b])):
                best = (weight, (Question(left, self._ranked(one)), Question(right, self._ranked(two))))
        return best[1]

    def _of_joints(self, message: str, whole: Any) -> tuple[Question, ...]:
        """Look for two topics of the whole message on the two sides of a joint; the likelier is answered first."""
        likely = [int(column) for column in np.argsort(-whole)[:_MOST_TOPICS] if whole[column] >= _JOINT_SUPPORTED_AT]
        sides = joints(message) if len(likely) > 1 else []
        if not sides:
            return ()
        rows = self._rows([side for pair in sides for side in pair])
        best: tuple[float, tuple[Question, ...]] = (_JOINT_WEIGHT, ())
        for (left, right), one, two in zip(sides, rows[::2], rows[1::2], strict=True):
            for a, b in permutations(likely, 2):
                weight = one[a] * two[b] * min(whole[a], whole[b]) ** 0.5
                if min(one[a], two[b]) >= _JOINT_AT and weight >= best[0]:
                    pair = (self._asked(left, a, one), self._asked(right, b, two))
                    best = (weight, pair if whole[a] >= whole[b] else pair[::-1])
        return best[1]

    def _of_whole(self, text: str, whole: Any) -> tuple[Question, ...]:
        likely = [int(column) for column in np.argsort(-whole)[:2] if whole[column] >= _BOTH_AT]
        if len(likely) < 2 or not is_joined(text):
            return ()
        return tuple(self._asked(text, topic, whole) for topic in likely)

    def _asked(self, text: str, topic: int, row: Any) -> Question:
        """Make the question for a topic, whichever comes next in the row."""
        others = (found for found in self._ranked(row) if found[0] != self._topics[topic])
        return Question(text, ((self._topics[topic], float(row[topic])), *others))

    def _judged(self, parts: Sequence[str], whole: Any) -> Any:
        """Judge each part; one that is unclear (切り方も) is read with the subject of the first before it."""
        rows = self._rows(parts)
        head, first = subject(parts[0]), int(_joined(rows[0], whole).argmax())
        for at, part in enumerate(parts[1:], start=1):
            if head and head not in part:
                fuller = self._without(f"{head} {part}", first)
                unclear = part.startswith(_POINTING) or not _is_sure(rows[at], whole) or fuller.max() > rows[at].max()
                rows[at] = fuller if unclear and _is_sure(fuller, whole) else rows[at]
        return rows

    def _of_pair(self, left: str, right: str, whole: Any) -> Any:
        """Judge two halves; a second that is unclear is read with what the first says for both (開示の費用と書類)."""
        rows = self._judged((left, right), whole)
        if (beginning := shared_beginning(left)) and not _is_sure(rows[1], whole):
            fuller = self._without(f"{beginning}{right}", int(rows[0].argmax()))
            rows[1] = fuller if _is_sure(fuller, whole) else rows[1]
        return rows

    def _without(self, part: str, asked: int) -> Any:
        """Judge a part leaving out a topic that its beginning brings along and that is asked already."""
        row = self._rows([part])[0]
        rest, row[asked] = 1.0 - min(row[asked], _MOST_BROUGHT), 0.0
        return row / rest

    def _rows(self, parts: Sequence[str]) -> Any:
        probabilities = self._probabilities(parts)
        rows = probabilities[:, self._columns]
        if self._contact:
            topic, followup = self._contact
            rows[:, topic] += probabilities[:, followup]
        return rows

    def _ranked(self, row: Any) -> tuple[tuple[str, float], ...]:
        return tuple((self._topics[column], float(row[column])) for column in np.argsort(-row)[:TOPICS_KEPT])


def _asking(parts: Sequence[str], added: Collection[str]) -> list[str]:
    return [part for part in parts if asks_by_itself(part) or part in added]


def _is_sure(row: Any, whole: Any) -> bool:
    return bool(row[int(_joined(row, whole).argmax())] >= CERTAIN_AT) or _is_supported(row, whole)


def _is_supported(row: Any, whole: Any) -> bool:
    best = int(_joined(row, whole).argmax())
    return bool(row[best] >= SURE_AT and whole[best] >= SUPPORTED_AT)


def _are_two(own: tuple[float, float], in_whole: tuple[float, float]) -> bool:
    supported = min(in_whole) >= SUPPORTED_AT and max(own) >= SURE_AT and min(own) >= _OTHER_HALF_AT
    return supported or min(own) >= CERTAIN_AT


def _joined(part: Any, whole: Any) -> Any:
    return part**_PART_SAY * whole ** (1 - _PART_SAY)
