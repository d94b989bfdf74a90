"""The probability of each label for a text: one-against-all logistic regression over sparse features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from bot.understanding.features import SparseFeatures


class Classifier:
    """Learns labels from texts; the same texts always give the same classifier."""

    def __init__(self, strength: float = 10.0) -> None:
        self.features = SparseFeatures()
        self.strength = strength
        self.labels: tuple[str, ...] = ()
        self.weights: Any = None
        self.bias: Any = None

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> Classifier:
        """Learn from labelled texts."""
        matrix = self.features.fit(texts).transform(texts)
        model = LogisticRegression(C=self.strength, solver="liblinear", random_state=0).fit(matrix, list(labels))
        self.labels = tuple(str(label) for label in model.classes_)
        self.weights = model.coef_.T.astype(np.float32)
        self.bias = model.intercept_.astype(np.float32)
        return self

    def probabilities(self, texts: Sequence[str]) -> Any:
        """Give one row a text, one column a label, each row summing to one."""
        scores = self.features.transform(texts) @ self.weights + self.bias
        odds = 1.0 / (1.0 + np.exp(-scores))
        return odds / odds.sum(axis=1, keepdims=True)
