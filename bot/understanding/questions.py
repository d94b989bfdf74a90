"""Which questions about the policy a message asks: one, or several at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from bot.errors import SettingError
from bot.settings import ROOT
from bot.understanding.parts import Cut, added, asks_by_itself, cuts, sentences, subject
from bot.understanding.result import Question
from bot.understanding.text import without_katakana, without_values
from bot.understanding.training_data import TOPIC_PREFIX

WEIGHTS = ROOT / "data" / "understanding" / "second_question.yml"
TOPICS_KEPT = 5
MOST_QUESTIONS = 4
CLEAR_AT = 0.5
"""A sentence beside a request is a question about the policy from this probability on when read alone."""
CERTAIN_AT = 0.7
"""A sentence of what looks out of scope is a question all the same where it leaves no doubt when read alone."""
_SECOND_AT = 0.001  # Of the whole; below it only sentences and what is added are looked at, to spare time.
_LIKELY = 3  # Topics of a side that are weighed.
_WHOLE_SAY = 0.3  # How much the whole message says beside a side, when these are chosen.
_MOST_BROUGHT = 0.5  # Of what the subject of the left brings along, so that little else is not made much.
_LEAST = 1e-3  # Below it a probability says no more.
BIAS = "bias"
_CONTACT = ("ask_followup_contact", "contact")  # 連絡先も is one thing as a message and another as a part.


@dataclass(frozen=True)
class Candidate:
    """Two questions that a message may ask, the signs of it by name, and the probabilities of topics on its sides."""

    cut: Cut
    topics: tuple[str, str]
    signs: Mapping[str, float]
    rows: tuple[Any, Any]


class QuestionFinder:
    """Finds the questions by the probabilities of topics on the two sides of where a message may be cut."""

    def __init__(self, labels: Sequence[str], probabilities: Callable[[Sequence[str]], Any]) -> None:
        self._columns = [column for column, label in enumerate(labels) if label.startswith(TOPIC_PREFIX)]
        self._topics = [labels[column].removeprefix(TOPIC_PREFIX) for column in self._columns]
        self._probabilities = probabilities
        followup, topic = _CONTACT
        known = followup in labels and topic in self._topics
        self._contact = (self._topics.index(topic), list(labels).index(followup)) if known else None

    def find(self, text: str, message: str, row: Any) -> tuple[Question, ...]:
        """Give the questions of a text in their order; `message` is what it asks, normalised, and `row` judges it."""
        whole = self.topics_of(row)
        found = {question.topics[0][0]: question for question in self._of_sides(message, whole)[:MOST_QUESTIONS]}
        return tuple(found.values()) or (Question(text, self._ranked(whole)),)

    def _of_sides(self, message: str, whole: Any) -> tuple[Question, ...]:
        """Give the questions of a message where it asks several; a side may ask several, too."""
        weights = read_weights()
        best = max(self.candidates(message, whole), key=lambda found: weigh(found.signs, weights), default=None)
        if best is None or weigh(best.signs, weights) <= 0.0:
            return ()
        sides = zip((best.cut.left, best.cut.right), best.topics, best.rows, strict=True)
        return tuple(
            question
            for side, topic, row in sides
            for question in self._of_sides(side, row) or (self._asked(side, topic, row),)
        )

    def topics_of(self, row: Any) -> Any:
        """Give the part of a row of probabilities that speaks of topics."""
        return row[self._columns]

    def are_certain(self, parts: Sequence[str], added: Collection[str]) -> bool:
        """Whether a message asks several things about the policy, each beyond doubt when read alone."""
        asking = [part for part in parts if asks_by_itself(part) or part in added]
        if len(asking) < 2:
            return False
        rows = self._rows(asking)
        return bool((rows.max(axis=1) >= CERTAIN_AT).all()) and len(set(rows.argmax(axis=1))) > 1

    def beside(self, normalised: str, requests: Sequence[str]) -> tuple[Question, ...]:
        """Give the questions of those sentences that make no request."""
        ends = added(normalised)
        parts = [part for part in sentences(normalised) if not any(request in part for request in requests)]
        asking = [part for part in parts if asks_by_itself(part) or part in ends]
        rows = self._probabilities([without_values(part) for part in asking]) if asking else ()
        clear = [(part, row) for part, row in zip(asking, rows, strict=True) if self.topics_of(row).sum() >= CLEAR_AT]
        found = [question for part, row in clear for question in self.find(part, without_values(part), row)]
        return tuple({question.topics[0][0]: question for question in found}.values())[:MOST_QUESTIONS]

    def candidates(self, message: str, whole: Any) -> Iterator[Candidate]:
        """Give each pair of topics that the two sides of a cut may ask; `whole` judges the message by topics."""
        hinted = np.sort(whole)[-2:-1].sum() >= _SECOND_AT
        places = [cut for cut in cuts(without_katakana(message)) if hinted or cut.ended or cut.added]
        if not places:
            return
        # 切り方も教えて is clear only with what the message speaks of first.
        sides = [side for cut in places for side in (cut.left, cut.right, _with_subject(cut))]
        rows = self._rows(sides).reshape(len(places), 3, -1)
        for cut, (left, right, fuller) in zip(places, rows, strict=True):
            seconds = {*_likely(right, whole), *_likely(fuller, whole)}
            for one, two in product(_likely(left, whole), seconds):
                if one != two:
                    brought = _without(fuller, one)
                    signs = _signs(cut, (one, two), (left, right, brought), whole)
                    yield Candidate(
                        cut, (self._topics[one], self._topics[two]), signs, (left, np.maximum(right, brought))
                    )

    def _asked(self, text: str, topic: str, row: Any) -> Question:
        """Make the question for a topic, whichever comes next in the row."""
        others = (found for found in self._ranked(row) if found[0] != topic)
        return Question(text, ((topic, float(row[self._topics.index(topic)])), *others))

    def _rows(self, parts: Sequence[str]) -> Any:
        probabilities = self._probabilities(parts)
        rows = probabilities[:, self._columns]
        if self._contact:
            topic, followup = self._contact
            rows[:, topic] += probabilities[:, followup]
        return rows

    def _ranked(self, row: Any) -> tuple[tuple[str, float], ...]:
        return tuple((self._topics[column], float(row[column])) for column in np.argsort(-row)[:TOPICS_KEPT])


def weigh(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Weigh the signs of a second question: above 0 there is one."""
    return weights[BIAS] + sum(weight * signs[name] for name, weight in weights.items() if name != BIAS)


@lru_cache(maxsize=1)
def read_weights(path: Path = WEIGHTS) -> Mapping[str, float]:
    """Read the weights of the signs and their bias; raise SettingError that names a file that isn't as it should be."""
    try:
        return {str(name): float(value) for name, value in yaml.safe_load(path.read_text(encoding="utf-8")).items()}
    except (OSError, yaml.YAMLError, AttributeError, TypeError, ValueError) as error:
        raise SettingError(f"{path}: no weights of signs ({error}); python -m bench.nlu.cuts writes them") from error


def _signs(cut: Cut, pair: tuple[int, int], sides: tuple[Any, Any, Any], whole: Any) -> dict[str, float]:
    (one, two), (left, right, brought) = pair, sides
    clear_left, clear_right = _log(left[one]), _log(max(right[two], brought[two]))
    return {
        "clear on the left": clear_left,
        "clear on the right": clear_right,
        "clear on the right, with the left's subject": _log(brought[two]),
        "the less clear": min(clear_left, clear_right),
        "the right one's on the left": _log(left[two]),
        "the left one's on the right": _log(right[one]),
        "in the whole": _log(min(whole[one], whole[two])),
        "foremost in the whole": float(max(whole[one], whole[two]) == whole.max()),
        "listed": float(cut.listed),
        "ended": float(cut.ended),
        "leads": float(cut.leads),
        "added": float(cut.added),
        "asks": float(cut.asks),
        "asked twice": float(cut.asked_twice),
    }


def _with_subject(cut: Cut) -> str:
    head = subject(cut.left)
    return f"{head} {cut.right}" if head and head not in cut.right else cut.right


def _without(row: Any, asked: int) -> Any:
    """Leave out a topic that the subject brings along and that is asked already."""
    rest = np.minimum(row / (1.0 - min(row[asked], _MOST_BROUGHT)), 1.0)
    rest[asked] = 0.0
    return rest


def _likely(side: Any, whole: Any) -> list[int]:
    return [int(column) for column in np.argsort(-(side ** (1 - _WHOLE_SAY)) * whole**_WHOLE_SAY)[:_LIKELY]]


def _log(probability: float) -> float:
    return math.log(probability + _LEAST)
