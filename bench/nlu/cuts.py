"""Learn by which signs a message asks two questions, and write them where the desk reads them.

`python -m bench.nlu.cuts` trains the understanding without the messages of `questions.tsv`, looks at every place where
one of them may be cut, and fits a logistic regression over the signs: which cut into which two topics is the right one.
It prints what five-fold cross-validation finds and takes the threshold that costs as little as `MOST_TORN` says.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from bench.nlu.scoring import Share, share
from bench.nlu.sets import TRAINING
from bot.settings import ROOT
from bot.understanding.model import Understander
from bot.understanding.questions import BIAS, WEIGHTS, Candidate, weigh
from bot.understanding.text import normalise
from bot.understanding.training_data import read_examples

MESSAGES = ROOT / "data" / "understanding" / "questions.tsv"
MOST_TORN = 0.05
"""Of messages that ask one thing so many at most may be taken for two; 45% of them were written to look like two."""
FOLDS, ROUNDS, STRENGTH, NEAREST = 5, 4, 0.3, 2
_FIRST_GUESS = {"clear on the left": 1.0, "clear on the right": 1.0, "in the whole": 0.5}

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Message:
    """A message, what it asks, and every pair of questions that it may be cut into."""

    text: str
    topics: frozenset[str]
    candidates: tuple[Candidate, ...] = ()

    def best(self, weights: Weights) -> tuple[float, bool]:
        """Give the weight of the likeliest pair of questions, and whether it's the right one."""
        weighed = [(weigh(one.signs, weights), set(one.topics) == self.topics) for one in self.candidates]
        return max(weighed, default=(-np.inf, False))


def main() -> int:
    """Learn, print and write."""
    messages = _looked_at(read_messages(MESSAGES))
    random.Random(0).shuffle(messages)
    judged = [
        (len(message.topics) > 1, *message.best(weights))
        for fold in range(FOLDS)
        for weights in [learn([one for at, one in enumerate(messages) if at % FOLDS != fold])]
        for message in messages[fold::FOLDS]
    ]
    at = _threshold([found for double, found, _ in judged if not double])
    print("both questions found:", _shares(judged, at)[0])
    print("one taken for two:   ", _shares(judged, at)[1])
    weights = learn(messages)
    weights[BIAS] -= at
    WEIGHTS.write_text(_page(weights), encoding="utf-8")
    return 0


def read_messages(path: Path) -> list[Message]:
    """Read lines of what is asked (a topic, or two joined by a plus) and the message."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [Message(text, frozenset(topics.split("+"))) for topics, text in rows]


def learn(messages: Sequence[Message]) -> dict[str, float]:
    """Fit the weights of the signs. Where a message is rightly cut isn't told, so the best place so far is taken."""
    weights: dict[str, float] = {BIAS: 0.0, **_FIRST_GUESS}
    for _ in range(ROUNDS):
        weights = _fit([pair for message in messages for pair in _examples(message, weights)])
    return weights


def _looked_at(messages: Sequence[Message]) -> list[Message]:
    seen = {normalise(message.text) for message in messages}
    understander = Understander.fit([one for one in read_examples(TRAINING) if normalise(one.text) not in seen])
    return [Message(one.text, one.topics, tuple(understander.second_questions(one.text))) for one in messages]


def _examples(message: Message, weights: Weights) -> list[tuple[Candidate, bool]]:
    """Give the likeliest right pair of questions, and the likeliest wrong ones."""
    ranked = sorted(message.candidates, key=lambda one: -weigh(one.signs, weights))
    right = [one for one in ranked if set(one.topics) == message.topics][:1]
    wrong = [one for one in ranked if set(one.topics) != message.topics]
    return [(one, True) for one in right] + [(one, False) for one in wrong[: 1 if len(message.topics) > 1 else NEAREST]]


def _fit(examples: Sequence[tuple[Candidate, bool]]) -> dict[str, float]:
    names = list(examples[0][0].signs)
    signs = np.array([[one.signs[name] for name in names] for one, _ in examples])
    scaler = StandardScaler().fit(signs)
    model = LogisticRegression(C=STRENGTH, max_iter=500, class_weight="balanced")
    model.fit(scaler.transform(signs), [right for _, right in examples])
    slopes = model.coef_[0] / scaler.scale_
    bias = model.intercept_[0] - float(slopes @ scaler.mean_)
    return {BIAS: float(bias), **dict(zip(names, map(float, slopes), strict=True))}


def _threshold(of_single: Sequence[float]) -> float:
    """Give the weight above which so many of the messages that ask one thing stand as may."""
    return float(np.quantile(of_single, 1.0 - MOST_TORN))


def _shares(judged: Sequence[tuple[bool, float, bool]], at: float) -> tuple[Share, Share]:
    both = share(found > at and right for double, found, right in judged if double)
    torn = share(found > at for double, found, _ in judged if not double)
    return both, torn


def _page(weights: Weights) -> str:
    head = (
        "# By which signs a message asks two questions; written by `python -m bench.nlu.cuts`, read by questions.py.\n"
    )
    rounded = {name: round(value, 3) for name, value in weights.items()}
    return head + yaml.safe_dump(rounded, allow_unicode=True, sort_keys=False)


if __name__ == "__main__":
    sys.exit(main())
