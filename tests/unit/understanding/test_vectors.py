from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from bot.understanding import vectors


@pytest.fixture
def forgetful() -> Iterator[None]:
    """Look for the package anew, before and after."""
    vectors._encoder.cache_clear()
    yield
    vectors._encoder.cache_clear()


def test_like_texts_have_like_vectors_of_length_one() -> None:
    found = vectors.vectors(["電話番号を教えて", "何番に電話すればいいですか", "柿がたくさんなりました"])

    assert found.shape == (3, 512)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    assert found[0] @ found[1] > found[0] @ found[2]


@pytest.mark.usefixtures("forgetful")
def test_without_the_package_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(vectors, "import_module", missing)

    assert not vectors.available()
