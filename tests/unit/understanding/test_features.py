from __future__ import annotations

import numpy as np

from bot.understanding.features import SparseFeatures

TEXTS = ["灰が降ったなあ", "なあ、灰は降るか", "灰が降ったなあ", "なあ、灰は降るか"]


def test_a_row_has_length_one_and_is_the_same_row_of_the_matrix() -> None:
    features = SparseFeatures()
    matrix = features.fit(TEXTS)

    columns, values = features.row(TEXTS[1])

    assert np.isclose(float(values @ values), 3.0)  # One of each block.
    assert np.array_equal(matrix.toarray()[1][columns], values)


def test_what_ends_a_sentence_is_not_what_begins_it() -> None:
    features = SparseFeatures()
    features.fit(TEXTS)

    ending, beginning = (set(features.row(text)[0].tolist()) for text in ("降ったなあ", "なあ、降った"))

    assert ending - beginning
