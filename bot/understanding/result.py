"""What the desk understood of a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.knowledge.clause_numbers import ClauseNumber

ASK_POLICY = "ask_policy"
OUT_OF_SCOPE = "out_of_scope"
INFORM = "inform"
NOT_JAPANESE = "speak_other_language"
REQUEST = "request_"

CLOSE_AT = 0.15
"""A second kind of request with this share of the first one's probability is worth a confirming question."""


@dataclass(frozen=True)
class Question:
    """One question about the policy: its words and its likely topics, best first, with probabilities."""

    text: str
    topics: tuple[tuple[str, float], ...]
    clause: ClauseNumber = ()  # The number of the clause that is asked for: (7, 2) for 第7条(2).


@dataclass(frozen=True)
class Wish:
    """One request that a message makes among other things; how likely it is by its words alone."""

    intent: str
    text: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """The intent of a message, each question about the policy in it, and each request among other things."""

    text: str
    intent: str
    confidence: float
    ranking: tuple[tuple[str, float], ...]  # Intents, best first.
    questions: tuple[Question, ...] = ()
    language: str = "ja"
    wishes: tuple[Wish, ...] = ()

    @property
    def topics(self) -> tuple[tuple[str, float], ...]:
        """The topics of the first question."""
        return self.questions[0].topics if self.questions else ()

    @property
    def close_requests(self) -> tuple[str, ...]:
        """The two kinds of request that a confirming question should offer; none where one is plain."""
        best = self.ranking[:2]
        if self.wishes or len(best) < 2 or not all(intent.startswith(REQUEST) for intent, _ in best):
            return ()
        return tuple(intent for intent, _ in best) if best[1][1] >= CLOSE_AT * best[0][1] else ()

    def as_dict(self) -> dict[str, Any]:
        """Give a JSON form that `from_dict` reads back."""
        # Not dataclasses.asdict, which copies deeply: half a millisecond a message.
        lists = {"questions": self.questions, "wishes": self.wishes}
        return {**vars(self), **{name: [vars(one).copy() for one in found] for name, found in lists.items()}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Understanding:
        """Read what `as_dict` gave."""
        questions = tuple(
            Question(
                item["text"], tuple((topic, float(p)) for topic, p in item["topics"]), tuple(item.get("clause", ()))
            )
            for item in data["questions"]
        )
        ranking = tuple((intent, float(p)) for intent, p in data["ranking"])
        wishes = tuple(Wish(**item) for item in data.get("wishes", ()))
        return cls(
            data["text"], data["intent"], float(data["confidence"]), ranking, questions, data["language"], wishes
        )
