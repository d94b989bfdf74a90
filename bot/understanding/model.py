"""The trained understanding: from a customer's message to intent, topics and language."""

from __future__ import annotations

import tarfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import joblib

from bot.errors import MadoguchiError
from bot.settings import load_settings
from bot.understanding.classifier import Classifier
from bot.understanding.expectation import answers
from bot.understanding.languages import language_of
from bot.understanding.result import ASK_POLICY, INFORM, NOT_JAPANESE, OUT_OF_SCOPE, Question, Understanding
from bot.understanding.text import normalise
from bot.understanding.training_data import Example

FILE_NAME = "understanding.joblib"
TOPICS_KEPT = 5


class ModelMissingError(MadoguchiError):
    """No trained model is there; the text names the folder and `make train`."""


class Understander:
    """Understands messages; learned from examples, kept as one file."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier

    @classmethod
    def fit(cls, examples: Sequence[Example]) -> Understander:
        """Learn from examples."""
        return cls(Classifier().fit([e.text for e in examples], [e.label for e in examples]))

    def save(self, path: Path) -> None:
        """Write the model as one file."""
        joblib.dump(self, path, compress=3)

    @classmethod
    def load(cls, path: Path) -> Understander:
        """Read what `save` wrote; only ever of a model that this machine trained, for the file can run code."""
        model: Understander = joblib.load(path)
        return model

    def understand(self, text: str, expectation: Mapping[str, Any] | None = None) -> Understanding:
        """Say what a message means, in the light of what an open form waits for."""
        normalised = normalise(text)
        if not normalised:
            return Understanding(text, OUT_OF_SCOPE, 1.0, ((OUT_OF_SCOPE, 1.0),))
        ranking, topics = self._rank(normalised)
        if answers(normalised, expectation, ranking):
            return Understanding(text, INFORM, 1.0, ((INFORM, 1.0), *ranking))
        language = language_of(normalised)
        if language != "ja":
            return Understanding(text, NOT_JAPANESE, 1.0, ((NOT_JAPANESE, 1.0),), language=language)
        intent, confidence = ranking[0]
        questions = (Question(text, topics),) if intent == ASK_POLICY else ()
        return Understanding(text, intent, confidence, ranking, questions)

    def _rank(self, normalised: str) -> tuple[tuple[tuple[str, float], ...], tuple[tuple[str, float], ...]]:
        intents: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = {}
        for label, value in zip(self.classifier.labels, self.classifier.probabilities([normalised])[0], strict=True):
            intent, _, topic = label.partition(".")
            intents[intent] += float(value)
            if topic:
                topics[topic] = float(value)
        return _best_first(intents), _best_first(topics)[:TOPICS_KEPT]


def _best_first(values: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(values.items(), key=lambda item: -item[1]))


def newest_archive(folder: Path) -> Path:
    """Find the newest trained archive; raise ModelMissingError where there is none."""
    archives = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not archives:
        raise ModelMissingError(f"no model in {folder}; run `make train`")
    return archives[-1]


def load_model(model_dir: Path | None = None) -> Understander:
    """Load the understanding out of the newest trained archive; raise ModelMissingError where there is none."""
    newest = newest_archive(model_dir or load_settings().model_dir)
    with tarfile.open(newest) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(FILE_NAME) else None
            if content:
                model: Understander = joblib.load(content)
                return model
    raise ModelMissingError(f"{newest} holds no {FILE_NAME}; run `make train`")
