"""No row of the dev or test set may be known from the training data."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.nlu.separation import TrainingTexts, rows_too_near, training_texts
from bench.nlu.sets import DEV, TEST, read_rows


@pytest.fixture(scope="module")
def training() -> TrainingTexts:
    return TrainingTexts(training_texts())


@pytest.mark.parametrize(("path", "least"), [(DEV, 600), (TEST, 800)], ids=["dev", "test"])
def test_the_sets_are_apart_from_the_training_data(path: Path, least: int, training: TrainingTexts) -> None:
    rows = read_rows(path)

    near = [row.line for row in rows_too_near(rows, training)]

    assert not near, f"{path.name}: change the training example, or run `python -m bench.nlu.separation --drop`"
    assert len(rows) >= least


@pytest.mark.parametrize(
    "text",
    [
        "利用目的を教えてくださいませんか",
        "利用目的を教えて下さいませんか。",
        "利用目的を 教えてくださいませんか？",
        "利用木的を教えてくださいませんか",
    ],
)
def test_a_near_copy_is_found(text: str) -> None:
    assert TrainingTexts(["利用目的を教えてくださいませんか"]).near(text)


@pytest.mark.parametrize("text", ["利用目的を文書で知らせてください", "何に使うのですか", "はい"])
def test_another_sentence_is_not(text: str) -> None:
    assert not TrainingTexts(["利用目的を教えてくださいませんか", "いい"]).near(text)
