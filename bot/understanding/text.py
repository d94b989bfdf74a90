"""Japanese text as features see it: one spelling for what people write in many ways."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import jaconv
from sudachipy import Dictionary, SplitMode

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_REPEATED = re.compile(r"(.)\1{2,}")
_LONG_VOWEL = re.compile(r"[ー〜~]{2,}")
_SPACES = re.compile(r"\s+")
_SENTENCE_END = re.compile(r"(?<=[。！？!?\n])")

MAX_CHARACTERS = 600
"""What is read of a message, its end: in a long story the question comes last."""


def normalise(text: str) -> str:
    """Fold width, case, repetition and invisible characters, so that ﾊｶﾞｷ and ハガキ are one."""
    text = unicodedata.normalize("NFKC", text)
    text = _INVISIBLE.sub("", text).lower()
    text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    text = _LONG_VOWEL.sub("ー", text)
    text = _REPEATED.sub(r"\1\1", text)
    return _SPACES.sub(" ", text).strip()[-MAX_CHARACTERS:]


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    return Dictionary(dict="core").create(mode=SplitMode.C)


def words_and_reading(normalised: str) -> tuple[list[str], str]:
    """Split into dictionary forms, and give the whole text's reading in hiragana.

    The reading is what rescues a question written without kanji.
    """
    words: list[str] = []
    reading: list[str] = []
    for morpheme in _tokenizer().tokenize(normalised):
        if morpheme.part_of_speech()[0] != "空白":
            words.append(morpheme.normalized_form())
        reading.append(morpheme.reading_form() or morpheme.surface())
    return words, jaconv.kata2hira("".join(reading))


def sentences(text: str) -> list[str]:
    """Split a message where its sentences end; what is empty is left out."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
