"""What was right: every row judged, and shares with their 95% intervals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.nlu.sets import Row
from bot.understanding.model import Understander
from bot.understanding.result import ASK_POLICY, OUT_OF_SCOPE
from bot.understanding.training_data import label_of

_Z = 1.96


@dataclass(frozen=True)
class Judged:
    """A row, the label it was given, the requests a confirming question would offer, and the topics answered."""

    row: Row
    label: str
    offered: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the label is one of the right ones."""
        return self.label in self.row.labels

    @property
    def right_or_asked(self) -> bool:
        """Whether the label is right, or a confirming question offers the right kind of request."""
        return self.right or bool(set(self.offered) & self.row.labels)

    @property
    def refused(self) -> bool:
        """Whether the desk says that this is nothing for it."""
        return self.label == OUT_OF_SCOPE


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval after Wilson."""
        if not self.whole:
            return (0.0, 1.0)
        n, p = self.whole, self.value
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%}–{high:.1%}, {self.part}/{self.whole})"


def share(judged: Iterable[bool]) -> Share:
    """Count what is true."""
    counted = Counter(map(bool, judged))
    return Share(counted[True], counted.total())


def judge(understander: Understander, rows: Sequence[Row]) -> list[Judged]:
    """Let the desk understand each row, as it would a customer's first message."""
    return [_judged(understander, row) for row in rows]


def _judged(understander: Understander, row: Row) -> Judged:
    understood = understander.understand(row.text)
    topics = tuple(question.topics[0][0] for question in understood.questions if question.topics)
    asks = understood.intent == ASK_POLICY
    label = label_of(understood.intent, next(iter(topics), "")) if asks else understood.intent
    return Judged(row, label, understood.close_requests, topics if asks else ())


def by_group(judged: Sequence[Judged]) -> dict[str, Share]:
    """Give the figures that issue targets are set for."""
    of = {name: [one for one in judged if one.row.group == name] for name in _GROUPS}
    good = [one for one in judged if one.row.group in ("topics", "requests")]
    return {
        "policy questions: topic": share(one.right for one in of["topics"]),
        "requests: kind": share(one.right for one in of["requests"]),
        "requests: kind, or offered by a confirming question": share(one.right_or_asked for one in of["requests"]),
        "handoff": share(one.right for one in of["ask_handoff"]),
        "out of scope refused": share(one.right for one in of[OUT_OF_SCOPE]),
        "good questions and requests refused": share(one.refused for one in good),
        "chitchat": share(one.right for one in of["chitchat"]),
        "dialogue (status, cancel, follow-ups, complaints …)": share(one.right for one in of["dialogue"]),
        "two questions in one message: both found": share(
            set(one.row.topics) <= set(one.topics) for one in judged if one.row.topics
        ),
        "one question taken for several": share(
            len(one.topics) > 1 for one in of["topics"] if not one.row.topics and one.topics
        ),
        "requests that call for a confirming question": share(bool(one.offered) for one in of["requests"]),
        "all": share(one.right for one in judged),
    }


_GROUPS = ("topics", "requests", "ask_handoff", OUT_OF_SCOPE, "chitchat", "dialogue")


def by_style(judged: Sequence[Judged]) -> dict[str, Share]:
    """Give the share of right labels for each way of writing."""
    return {
        style: share(one.right for one in judged if one.row.style == style)
        for style in sorted({one.row.style for one in judged})
    }


def by_intent(judged: Sequence[Judged]) -> dict[str, Share]:
    """Give the share of right labels for each intent; for questions about the policy, of right topics."""
    intents = {one: min(label.partition(".")[0] for label in one.row.labels) for one in judged}
    return {
        intent: share(one.right for one in judged if intents[one] == intent) for intent in sorted(set(intents.values()))
    }


def macro_f1(judged: Sequence[Judged]) -> float:
    """Give the mean F1 of the labels; where several would be right and none was given, the first counts as missed."""
    pairs = [(one.label if one.right else min(one.row.labels), one.label) for one in judged]
    gold, given, hits = (
        Counter(a for a, _ in pairs),
        Counter(b for _, b in pairs),
        Counter(a for a, b in pairs if a == b),
    )
    scores = [2 * hits[label] / (gold[label] + given[label]) for label in gold]
    return sum(scores) / len(scores)


def confused(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """Count which label was taken for which."""
    return Counter((min(one.row.labels), one.label) for one in judged if not one.right)
