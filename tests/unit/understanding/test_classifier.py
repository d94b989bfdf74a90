from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from bot.understanding import vectors
from bot.understanding.classifier import Classifier

TEXTS = [
    "クッキーを使いますか",
    "くっきーはありますか",
    "住所を変えて",
    "じゅうしょをなおして",
    "こんにちは",
    "やあこんにちは",
]
LABELS = ["cookies", "cookies", "address", "address", "greet", "greet"]


def test_the_same_examples_give_the_same_probabilities() -> None:
    asked = ["クッキーは?", "知らない言葉"]

    one, other = (Classifier.fit(TEXTS, LABELS).probabilities(asked) for _ in range(2))

    assert np.array_equal(one, other)
    assert one.sum(axis=1) == pytest.approx([1, 1])


def test_a_reading_without_kanji_is_known() -> None:
    model = Classifier.fit(TEXTS, LABELS)

    assert model.labels[model.probabilities(["ジュウショヲカエテ"])[0].argmax()] == "address"


def _first_character(texts: Sequence[str]) -> np.ndarray:
    return np.array([[1.0, 0.0] if text[0] in "クく知" else [0.0, 1.0] for text in texts], dtype=np.float32)


def test_dense_vectors_have_a_say_where_there_are_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "available", lambda: True)
    monkeypatch.setattr(vectors, "vectors", _first_character)
    model = Classifier.fit(TEXTS, LABELS)

    told = model.probabilities(["知らない言葉"])[0]
    monkeypatch.setattr(vectors, "available", lambda: False)
    alone = model.probabilities(["知らない言葉"])[0]

    cookies = model.labels.index("cookies")
    assert told[cookies] > alone[cookies]


def test_without_the_package_it_learns_and_understands_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "available", lambda: False)

    model = Classifier.fit(TEXTS, LABELS)

    assert model.labels[model.probabilities(["クッキーは?"])[0].argmax()] == "cookies"
