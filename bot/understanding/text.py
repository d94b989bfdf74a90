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
_VALUES = re.compile(
    r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    r"|(?<![a-z0-9])[a-z]{2}(?:-[0-9a-z]{4}){3}(?![a-z0-9])"
    r"|(?<!\d)[\d(+][\d\-‐ー− ()]{5,}\d"
)
_HIRAGANA_OR_KANJI = re.compile("[ぁ-ゖ一-龥]")
_SYMBOLS = frozenset({"補助記号", "記号"})
_BLANK = "空白"

MAX_CHARACTERS = 600
"""What is read of a message, its end: in a long story the question comes last."""
_READ_CHARACTERS = 20_000  # Far more than any message holds; what is pasted beyond costs no time.


def normalise(text: str) -> str:
    """Fold width, case, repetition and invisible characters, so that ﾊｶﾞｷ and ハガキ are one."""
    text = unicodedata.normalize("NFKC", text[-_READ_CHARACTERS:])
    text = _INVISIBLE.sub("", text).lower()
    text = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)
    text = _LONG_VOWEL.sub("ー", text)
    text = _REPEATED.sub(r"\1\1", text)
    return _SPACES.sub(" ", text).strip()[-MAX_CHARACTERS:]


def without_values(normalised: str) -> str:
    """Leave out numbers, addresses of e-mail and receipt numbers, which say nothing of what is wanted.

    Examples hold hardly any, so that 「090-1234-5678への電話やめて」 would look like nothing that was ever learned.
    A text of nothing else stays as it is.
    """
    return _SPACES.sub(" ", _VALUES.sub("", normalised)).strip() or normalised


def without_katakana(normalised: str) -> str:
    """Write a text in katakana alone as hiragana, so that ｻﾖｳﾅﾗ and さようなら look alike."""
    return normalised if _HIRAGANA_OR_KANJI.search(normalised) else jaconv.kata2hira(normalised)


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    return Dictionary(dict="core").tokenizer(mode=SplitMode.C)


def words_and_reading(normalised: str) -> tuple[list[str], str]:
    """Split into dictionary forms, and give the whole text's reading in hiragana.

    The reading is what rescues a question written without kanji. Text in katakana alone is read as hiragana, for the
    dictionary knows じょうほう but not ジョウホウ; its own words (キャンセル) are kept beside.
    """
    in_hiragana = without_katakana(normalised)
    words, reading = _read(in_hiragana)
    if in_hiragana == normalised:
        return words, reading
    return list(dict.fromkeys(words + _read(normalised)[0])), reading


def _read(text: str) -> tuple[list[str], str]:
    words: list[str] = []
    reading: list[str] = []
    for morpheme in _tokenizer().tokenize(text):
        kind = morpheme.part_of_speech()[0]
        if kind != _BLANK:
            words.append(morpheme.normalized_form())
            # The dictionary reads every symbol as きごう.
            reading.append(morpheme.surface() if kind in _SYMBOLS else morpheme.reading_form() or morpheme.surface())
    return words, jaconv.kata2hira("".join(reading))
