"""The dev and test sets: utterances written by other hands than the training data."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ROOT
from bot.understanding.result import ASK_POLICY, OUT_OF_SCOPE
from bot.understanding.training_data import label_of

TRAINING = ROOT / "data" / "nlu"
DEV = ROOT / "tests" / "nlu" / "dev.tsv"
TEST = ROOT / "tests" / "nlu" / "test.tsv"

_SMALL_TALK = frozenset(
    ["greet", "goodbye", "thank", "ask_capabilities", "ask_bot_identity", "affirm", "deny", "chitchat"]
)
_OWN_GROUP = frozenset({"ask_handoff", OUT_OF_SCOPE})


@dataclass(frozen=True)
class Row:
    """An utterance and every label that would be right; `topics` of a double question are two."""

    line: int
    text: str
    style: str
    labels: frozenset[str]
    topics: tuple[str, ...]

    @property
    def group(self) -> str:
        """The group of labels that a figure is reached for."""
        intents = {label.partition(".")[0] for label in self.labels}
        if ASK_POLICY in intents:
            return "topics"
        if any(intent.startswith("request_") for intent in intents):
            return "requests"
        if intents & _SMALL_TALK:
            return "chitchat"
        return next(iter(intents & _OWN_GROUP), "dialogue")


def read_rows(path: Path) -> list[Row]:
    """Read a set; `a|b` are two right answers, `a+b` two questions."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [_row(number, cells) for number, cells in enumerate(reader, start=2)]


def _row(line: int, cells: dict[str, str]) -> Row:
    asked = tuple(cells["topic"].split("+")) if "+" in cells["topic"] else ()
    topics = cells["topic"].replace("+", "|").split("|")
    intents = cells["intent"].split("|")
    labels = {label_of(intent, topic if intent == ASK_POLICY else "") for intent in intents for topic in topics}
    return Row(line, cells["text"], cells["style"], frozenset(labels), asked)
