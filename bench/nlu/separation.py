"""Whether a row of the dev or test set stands in the training data, or all but does.

`python -m bench.nlu.separation` names the rows by line, not by text, for the test set isn't read while tuning;
`--drop` takes them out of the sets.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import jaconv
import numpy as np

from bench.nlu.cuts import MESSAGES, read_messages
from bench.nlu.sets import DEV, TEST, TRAINING, Row, read_rows
from bot.understanding.text import normalise
from bot.understanding.training_data import read_examples

_NO_LETTER = re.compile(r"[\W_]")


def folded(text: str) -> str:
    """Give what is compared: no width, case, space or punctuation, and katakana as hiragana."""
    return jaconv.kata2hira(_NO_LETTER.sub("", normalise(text)))


def allowed(length: int) -> int:
    """Give the edits by which a text of that length must differ by more: none for a word, one in eight for a story."""
    for limit, edits in ((6, 0), (12, 1), (20, 2)):
        if length < limit:
            return edits
    return length // 8


def edits(one: str, other: str, most: int) -> int:
    """Count the edits (Levenshtein) between two texts, giving up with `most + 1`."""
    before = list(range(len(other) + 1))
    for row, character in enumerate(one, start=1):
        now = [row]
        for column, against in enumerate(other, start=1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (character != against)))
        if min(now) > most:
            return most + 1
        before = now
    return before[-1]


class TrainingTexts:
    """The training data, made for finding what is near a text without comparing it with all."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._folded = sorted({folded(text) for text in texts}, key=len)
        self._lengths = np.array([len(text) for text in self._folded])
        characters = sorted({character for text in self._folded for character in text})
        self._column = {character: column for column, character in enumerate(characters)}
        self._bags = np.array([self._bag(text) for text in self._folded])

    def near(self, text: str) -> bool:
        """Whether one of them is the text, or within the allowed edits of it."""
        text = folded(text)
        most = allowed(len(text))
        start, end = np.searchsorted(self._lengths, [len(text) - most, len(text) + most + 1])
        differing = np.abs(self._bags[start:end] - self._bag(text)).sum(axis=1)
        return any(edits(text, self._folded[start + at], most) <= most for at in np.flatnonzero(differing <= 2 * most))

    def _bag(self, text: str) -> np.ndarray:
        bag = np.zeros(len(self._column) + 1, dtype=np.int16)
        for character in text:
            bag[self._column.get(character, -1)] += 1
        return bag


def training_texts() -> list[str]:
    """Give every text that something is learned from: examples, and messages that ask one thing or two."""
    return [*(one.text for one in read_examples(TRAINING)), *(one.text for one in read_messages(MESSAGES))]


def rows_too_near(rows: Sequence[Row], training: TrainingTexts) -> list[Row]:
    """Give the rows that the classifier may simply know."""
    return [row for row in rows if training.near(row.text)]


def _drop(path: Path, rows: Sequence[Row]) -> None:
    gone = {row.line for row in rows}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for number, line in enumerate(lines, 1) if number not in gone), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Name the rows that are too near; with `--drop` take them out."""
    training = TrainingTexts(training_texts())
    found: dict[Path, list[Row]] = defaultdict(list)
    for path in (DEV, TEST):
        rows = read_rows(path)
        found[path] = rows_too_near(rows, training)
        print(f"{path.name}: {len(found[path])} of {len(rows)} rows too near, lines {[r.line for r in found[path]]}")
        if "--drop" in arguments:
            _drop(path, found[path])
    return 0 if "--drop" in arguments or not any(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
