"""The trained understanding: from a customer's message to intent, topics and language."""

from __future__ import annotations

import tarfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import joblib

from bot.errors import MadoguchiError
from bot.knowledge.clause_numbers import asked_number
from bot.settings import load_settings
from bot.understanding.classifier import Classifier
from bot.understanding.expectation import answers
from bot.understanding.followups import followed_topic
from bot.understanding.languages import Foreign, in_other_language
from bot.understanding.parts import added, asked, sentences, until_wish
from bot.understanding.questions import Candidate, QuestionFinder
from bot.understanding.requests import RequestFinder
from bot.understanding.result import (
    ASK_POLICY,
    INFORM,
    NOT_JAPANESE,
    OUT_OF_SCOPE,
    REQUEST,
    Question,
    Understanding,
    Wish,
)
from bot.understanding.text import normalise, without_values
from bot.understanding.training_data import Example

FILE_NAME = "understanding.joblib"

REFUSED_AT = 0.8
"""Out of scope is said where it has this share of the best intent's probability; chosen on training and dev data. Small
talk is answered all the same, so it is refused only where out of scope is likelier."""
_TALK = frozenset(["chitchat", "greet", "goodbye", "thank", "ask_capabilities", "ask_bot_identity", "affirm", "deny"])
_ABOVE_WISHES = frozenset(
    ["ask_handoff", "complain", "report_leak", "request_about_another", "withdraw_request", "ask_request_status"]
)
"""What a whole message means even where one of its sentences alone would begin a request."""


class ModelMissingError(MadoguchiError):
    """No trained model is there; the text names the folder and `make train`."""


class Understander:
    """Understands messages; learned from examples, kept as one file."""

    def __init__(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self._questions = QuestionFinder(classifier.labels, classifier.probabilities)
        self._requests = RequestFinder(classifier.labels, classifier.probabilities)

    @classmethod
    def fit(cls, examples: Sequence[Example]) -> Understander:
        """Learn from examples."""
        texts = [normalise(example.text) for example in examples]
        return cls(Classifier.fit(texts, [example.label for example in examples]))

    def save(self, path: Path) -> None:
        """Write the model as one file."""
        joblib.dump(self.classifier, path, compress=3)

    @classmethod
    def load(cls, path: Path | IO[bytes]) -> Understander:
        """Read what `save` wrote; only ever of a model that this machine trained, for the file can run code."""
        return cls(joblib.load(path))

    def understand(
        self, text: str, expectation: Mapping[str, Any] | None = None, aspects: Mapping[str, str] | None = None
    ) -> Understanding:
        """Say what a message means, in the light of what an open form waits for and of what was spoken of before."""
        normalised = normalise(text)
        if not normalised:
            return Understanding(text, OUT_OF_SCOPE, 1.0, ((OUT_OF_SCOPE, 1.0),))
        if not expectation and (topic := followed_topic(normalised, aspects or {})):
            return _asks(Question(text, ((topic, 1.0),)))
        if not expectation and (number := asked_number(normalised)):
            return _asks(Question(text, (), number))
        words = without_values(normalised)
        parts, row = self._judge(words)
        ranking = self._rank(row)
        if answers(normalised, expectation, ranking):
            return Understanding(text, INFORM, 1.0, ((INFORM, 1.0), *ranking))
        if foreign := in_other_language(normalised):
            return _foreign(text, foreign)
        best = ranking[0][0]
        # In mid-form only a question's company is looked at: all else is the form's to read.
        if (not expectation or best == ASK_POLICY) and (wishes := self._wishes(normalised, best)):
            return self._requested(text, normalised, ranking, wishes)
        intent, confidence = _refused(ranking) or ranking[0]
        if intent == OUT_OF_SCOPE and self._questions.are_certain(parts, added(words)):
            intent, confidence = ASK_POLICY, dict(ranking)[ASK_POLICY]
        questions = self._questions.find(text, asked(words, parts), row) if intent == ASK_POLICY else ()
        return Understanding(text, intent, confidence, ranking, questions)

    def second_questions(self, text: str) -> Iterator[Candidate]:
        """Give every pair of questions that a message may ask, to learn by which signs it does."""
        words = without_values(normalise(text))
        parts, row = self._judge(words)
        return self._questions.candidates(asked(words, parts), self._questions.topics_of(row))

    def _wishes(self, normalised: str, best: str) -> tuple[Wish, ...]:
        """Give the requests that stand plainly among other sentences or in a list, `best` being the whole's intent."""
        if best in _ABOVE_WISHES:
            return ()
        among = self._requests.among_sentences(normalised)
        listed = self._requests.in_list(normalised) if len(among) < 2 and best.startswith(REQUEST) else ()
        return listed or among

    def _requested(
        self, text: str, normalised: str, ranking: Sequence[tuple[str, float]], wishes: tuple[Wish, ...]
    ) -> Understanding:
        """Begin with the first request; what is asked about the policy beside it is to be answered, too."""
        first = wishes[0]
        ranked = ((first.intent, first.confidence), *(found for found in ranking if found[0] != first.intent))
        questions = self._questions.beside(normalised, [wish.text for wish in wishes])
        return Understanding(text, first.intent, first.confidence, ranked, questions, wishes=wishes)

    def _judge(self, words: str) -> tuple[Sequence[str], Any]:
        """Give the parts of a message up to its wish, and the probability of each label."""
        parts = until_wish(sentences(words))
        # A story says what it wants towards its end, so the whole, the two sentences there and the last speak alike.
        rows = self.classifier.probabilities(list(dict.fromkeys([words, " ".join(parts[-2:]), parts[-1]])))
        return parts, rows.mean(axis=0)

    def _rank(self, row: Any) -> tuple[tuple[str, float], ...]:
        intents: dict[str, float] = defaultdict(float)
        for label, probability in zip(self.classifier.labels, row, strict=True):
            intents[label.partition(".")[0]] += float(probability)
        return tuple(sorted(intents.items(), key=lambda item: -item[1]))


def _refused(ranking: Sequence[tuple[str, float]]) -> tuple[str, float] | None:
    probability = dict(ranking).get(OUT_OF_SCOPE, 0.0)
    best, likely = ranking[0]
    least = 1.0 if best in _TALK else REFUSED_AT
    return (OUT_OF_SCOPE, probability) if probability >= least * likely else None


def _asks(question: Question) -> Understanding:
    """Give what is asked beyond doubt, for which the classifier isn't needed."""
    return Understanding(question.text, ASK_POLICY, 1.0, ((ASK_POLICY, 1.0),), (question,))


def _foreign(text: str, found: Foreign) -> Understanding:
    questions = (Question(text, ((found.topic, 1.0),)),) if found.topic else ()
    return Understanding(text, NOT_JAPANESE, 1.0, ((NOT_JAPANESE, 1.0),), questions, found.language)


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
                return Understander.load(content)
    raise ModelMissingError(f"{newest} holds no {FILE_NAME}; run `make train`")
