"""Sparse features of Japanese text: dictionary words, characters and the reading."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.text import words_and_reading


class SparseFeatures:
    """TF-IDF over word 1-2-grams, character 1-4-grams and reading 2-5-grams, side by side."""

    def __init__(self) -> None:
        options: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "lowercase": False}
        self.words = TfidfVectorizer(analyzer=_word_grams, **options)
        # What one example alone has says little and is most of the size.
        self.characters = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, **options)
        self.reading = TfidfVectorizer(analyzer="char", ngram_range=(2, 5), min_df=2, **options)

    def fit(self, texts: Sequence[str]) -> SparseFeatures:
        """Learn the vocabularies of normalised texts."""
        split = [words_and_reading(text) for text in texts]
        self.words.fit([words for words, _ in split])
        self.characters.fit([_unspaced(text) for text in texts])
        self.reading.fit([reading for _, reading in split])
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Give one row a normalised text."""
        split = [words_and_reading(text) for text in texts]
        blocks = (
            self.words.transform([words for words, _ in split]),
            self.characters.transform([_unspaced(text) for text in texts]),
            self.reading.transform([reading for _, reading in split]),
        )
        return hstack(blocks, format="csr")


def _word_grams(words: list[str]) -> list[str]:
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _unspaced(text: str) -> str:
    return text.replace(" ", "")
