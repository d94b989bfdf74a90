"""The training examples in Rasa's YAML, read without Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import SettingError
from bot.understanding.result import ASK_POLICY


@dataclass(frozen=True)
class Example:
    """One utterance and what it means: an intent, and a topic for questions about the policy."""

    text: str
    intent: str
    topic: str = ""

    @property
    def label(self) -> str:
        """The class that the classifier learns."""
        return label_of(self.intent, self.topic)


TOPIC_PREFIX = f"{ASK_POLICY}."


def label_of(intent: str, topic: str) -> str:
    """Join an intent and a topic into one class."""
    return f"{intent}.{topic}" if topic else intent


def read_examples(folder: Path) -> list[Example]:
    """Read all examples below a folder; raise SettingError that names a file that isn't as it should be."""
    return [example for path in sorted(folder.rglob("*.yml")) for example in _read_file(path)]


def _read_file(path: Path) -> Iterator[Example]:
    try:
        blocks = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
        for block in blocks:
            intent, topic = block["intent"], (block.get("metadata") or {}).get("topic", "")
            if (intent == ASK_POLICY) != bool(topic):
                raise ValueError(f"intent {intent} with topic {topic!r}: a topic goes with {ASK_POLICY} alone")
            for line in block["examples"].splitlines():
                if line.strip():
                    yield Example(line.removeprefix("- ").strip(), intent, topic)
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SettingError(f"{path}: not a file of training examples ({error})") from error
