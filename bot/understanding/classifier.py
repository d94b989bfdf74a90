"""The probability of each label for a text: sparse features, and a network over dense vectors."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from bot.understanding import vectors
from bot.understanding.features import SparseFeatures
from bot.understanding.text import without_katakana

_SPARSE_C, _TOLERANCE = 10.0, 0.6
"""Sixty times closer to the optimum takes 2.5 times as long, and changes one label of the dev set's 905."""
_DENSE_SAY = 0.4
"""How much the dense model says beside the sparse one; with a third of the training data held out, a layer between
vectors and labels understood 1% more than none, and more say or more rounds no more."""
_HIDDEN, _DECAY, _BATCH, _ROUNDS = 512, 1e-3, 256, 12
_LEAST = 1e-6


@dataclass(frozen=True)
class _Linear:
    """One layer of a model, once it's learned."""

    weights: Any
    bias: Any

    @classmethod
    def of(cls, weights: Any, bias: Any) -> _Linear:
        return cls(np.ascontiguousarray(weights, dtype=np.float32), bias.astype(np.float32))

    def halved(self) -> _Linear:
        """Keep the weights in half the memory; three digits of them decide."""
        return replace(self, weights=self.weights.astype(np.float16))

    def scores(self, matrix: Any) -> Any:
        return matrix @ self.weights + self.bias

    def scores_of_row(self, columns: Any, values: Any) -> Any:
        return values @ self.weights[columns] + self.bias


@dataclass(frozen=True)
class _Dense:
    """A hidden layer over sentence vectors, and the labels' layer."""

    hidden: _Linear
    labels: _Linear

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str]) -> _Dense:
        model = MLPClassifier(
            _HIDDEN, alpha=_DECAY, batch_size=min(_BATCH, len(texts)), max_iter=_ROUNDS, random_state=0
        )
        with warnings.catch_warnings(), threadpool_limits(limits=1, user_api="blas"):
            # More rounds cost time and understand no more.
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(_dense_vectors(texts), list(labels))
        return cls(*(_Linear.of(*layer) for layer in zip(model.coefs_, model.intercepts_, strict=True)))

    def scores(self, matrix: Any) -> Any:
        return self.labels.scores(np.maximum(self.hidden.scores(matrix), 0.0))


class Classifier:
    """Learns labels from normalised texts; the same texts always give the same classifier."""

    def __init__(self, labels: Sequence[str], features: SparseFeatures, sparse: _Linear, dense: _Dense | None) -> None:
        self.labels = tuple(labels)
        self._features = features
        self._sparse = sparse
        self._dense = dense

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str]) -> Classifier:
        """Learn from labelled texts, with dense vectors where their package is installed."""
        features = SparseFeatures()
        matrix = features.fit(texts)
        one_against_all = LogisticRegression(C=_SPARSE_C, solver="liblinear", dual=True, tol=_TOLERANCE, random_state=0)
        one_against_all.fit(matrix, list(labels))
        sparse = _Linear.of(one_against_all.coef_.T, one_against_all.intercept_).halved()
        dense = _Dense.fit(texts, labels) if vectors.available() else None
        return cls([str(label) for label in one_against_all.classes_], features, sparse, dense)

    def probabilities(self, texts: Sequence[str]) -> Any:
        """Give one row a text, one column a label, each row summing to one."""
        scores = np.stack([self._sparse.scores_of_row(*self._features.row(text)) for text in texts])
        odds = _shares(1.0 / (1.0 + np.exp(-scores)))
        if self._dense and vectors.available():
            scores = self._dense.scores(_dense_vectors(texts))
            dense = _shares(np.exp(scores - scores.max(axis=1, keepdims=True)))
            odds = _shares((odds + _LEAST) * (dense + _LEAST) ** _DENSE_SAY)
        return odds


def _dense_vectors(texts: Sequence[str]) -> Any:
    return vectors.vectors([without_katakana(text) for text in texts])


def _shares(odds: Any) -> Any:
    return odds / odds.sum(axis=1, keepdims=True)
