"""Sparse features of Japanese text: dictionary words, characters and the reading."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from bot.understanding.text import without_katakana, words_and_reading

Grams = list[str]

_START, _END = "\x02", "\x03"  # Normalised text holds no control characters.
_LEAST_TEXTS = 2  # What fewer examples have says little and is most of the size.
_CLOSING = re.compile(r"[。!?、 ]+$")


@dataclass
class _Block:
    """TF-IDF of one kind of grams: 1 + ln(count), weighed by rarity, each text scaled to length one.

    scikit-learn's vectoriser gives the same figures, but for a single text it spends ten times as long on checking
    its input as on counting.
    """

    columns: dict[str, int] = field(default_factory=dict)
    rarity: Any = None

    def fit(self, texts: Sequence[Grams]) -> None:
        """Learn the vocabulary."""
        having = Counter(gram for grams in texts for gram in set(grams))
        known = sorted(gram for gram, count in having.items() if count >= _LEAST_TEXTS)
        self.columns = {gram: column for column, gram in enumerate(known)}
        share = np.array([(1 + len(texts)) / (1 + having[gram]) for gram in known])
        self.rarity = np.log(share).astype(np.float32) + np.float32(1)

    def row(self, grams: Grams) -> tuple[Any, Any]:
        """Give the columns of one text that are not zero, ascending, and their values."""
        counted: dict[int, int] = {}
        for gram in grams:
            column = self.columns.get(gram)
            if column is not None:
                counted[column] = counted.get(column, 0) + 1
        columns = sorted(counted)
        weights = [1.0 if counted[column] == 1 else 1 + math.log(counted[column]) for column in columns]
        counts = np.array(weights, dtype=np.float32)
        values = counts * self.rarity[columns]
        length = math.sqrt(float(values @ values))
        return np.array(columns, dtype=np.int32), values / np.float32(length or 1)


class SparseFeatures:
    """TF-IDF over word 1-2-grams, character 1-3-grams and reading 2-4-grams, side by side.

    Longer pieces, and words that a single example has, cost a quarter of the training's time and taught nothing that
    3,700 messages of ten unseen writers would have shown.
    """

    def __init__(self) -> None:
        self._blocks = (_Block(), _Block(), _Block())

    def fit(self, texts: Sequence[str]) -> csr_matrix:
        """Learn the vocabularies of normalised texts, and give the matrix of these: one row a text, to learn from."""
        grams = [_grams(text) for text in texts]
        for number, block in enumerate(self._blocks):
            block.fit([of_text[number] for of_text in grams])
        rows = [self._row(of_text) for of_text in grams]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns, values = (np.concatenate([row[part] for row in rows]) for part in (0, 1))
        return csr_matrix((values, columns, ends), shape=(len(rows), sum(len(block.columns) for block in self._blocks)))

    def row(self, text: str) -> tuple[Any, Any]:
        """Give the columns of a normalised text that are not zero, ascending, and their values."""
        return self._row(_grams(text))

    def _row(self, grams: tuple[Grams, Grams, Grams]) -> tuple[Any, Any]:
        columns, values, before = [], [], 0
        for block, of_block in zip(self._blocks, grams, strict=True):
            found, weighed = block.row(of_block)
            columns.append(found + before)
            values.append(weighed)
            before += len(block.columns)
        return np.concatenate(columns), np.concatenate(values)


def _grams(text: str) -> tuple[Grams, Grams, Grams]:
    words, reading = words_and_reading(text)
    word_grams = words + [f"{a} {b}" for a, b in pairwise([_START, *words, _END])]
    characters = without_katakana(text).replace(" ", "")
    return word_grams, _pieces(_bounded(characters), 1, 3), _pieces(_bounded(reading), 2, 4)


def _bounded(text: str) -> str:
    """Mark start and end: how a sentence ends (…なあ, …ますか) tells chat from a question."""
    return f"{_START}{_CLOSING.sub('', text)}{_END}"


def _pieces(text: str, shortest: int, longest: int) -> Grams:
    return [
        text[start : start + length]
        for length in range(shortest, longest + 1)
        for start in range(len(text) - length + 1)
    ]
