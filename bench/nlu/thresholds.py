"""How the threshold of refusal was chosen: on the training data, cross-validated, and on the dev set."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bench.nlu.scoring import Share, share
from bench.nlu.sets import Row
from bot.understanding.model import Understander
from bot.understanding.result import OUT_OF_SCOPE, Understanding
from bot.understanding.training_data import Example

STEPS = tuple(step / 20 for step in range(4, 31))
FOLDS = 2
ONE_OF = 4
"""Of the training examples one in so many is asked: enough for a curve, at a quarter of the time."""


@dataclass(frozen=True)
class Point:
    """What a threshold would refuse."""

    threshold: float
    out_of_scope: Share
    good: Share


def curve(understood: Sequence[tuple[bool, Understanding]]) -> list[Point]:
    """Give what each threshold refuses; each message comes with whether it should be refused."""
    ratios = [(alien, _ratio(one)) for alien, one in understood]
    return [
        Point(
            step,
            share(ratio >= step for alien, ratio in ratios if alien),
            share(ratio >= step for alien, ratio in ratios if not alien),
        )
        for step in STEPS
    ]


def of_dev(understander: Understander, rows: Sequence[Row]) -> list[tuple[bool, Understanding]]:
    """Understand the dev set's policy questions, requests and messages out of scope."""
    wanted = [row for row in rows if row.group in ("topics", "requests", OUT_OF_SCOPE)]
    return [(row.group == OUT_OF_SCOPE, understander.understand(row.text)) for row in wanted]


def cross_validated(examples: Sequence[Example]) -> list[tuple[bool, Understanding]]:
    """Understand training examples by a model that hasn't seen them."""
    mixed = list(examples)
    random.Random(0).shuffle(mixed)
    found: list[tuple[bool, Understanding]] = []
    for fold in range(FOLDS):
        model = Understander.fit([one for at, one in enumerate(mixed) if at % FOLDS != fold])
        wanted = [one for one in mixed[fold::FOLDS] if one.topic or one.intent.startswith(("request_", OUT_OF_SCOPE))]
        found += [(one.intent == OUT_OF_SCOPE, model.understand(one.text)) for one in wanted[::ONE_OF]]
    return found


def _ratio(understood: Understanding) -> float:
    """Give the probability of out of scope as a share of the best other intent's."""
    others = [probability for intent, probability in understood.ranking if intent != OUT_OF_SCOPE]
    return dict(understood.ranking).get(OUT_OF_SCOPE, 0.0) / max(others, default=1.0)
