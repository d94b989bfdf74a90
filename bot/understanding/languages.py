"""Which language a message is in, told by its letters and a few words, and what it asks about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from bot.errors import SettingError
from bot.settings import ROOT

_FILE = ROOT / "data" / "understanding" / "languages.yml"
_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_WORD = re.compile(r"[^\W\d_]+")
_WORDS_NEEDED = 2


@dataclass(frozen=True)
class Foreign:
    """A message in another language: which (en, zh, vi, ko, pt), and the topic where a word of it tells."""

    language: str
    topic: str = ""


@dataclass(frozen=True)
class _Language:
    code: str
    signs: re.Pattern[str] | None
    words: frozenset[str]
    topics: Mapping[str, Sequence[str]]

    def speaks(self, text: str) -> bool:
        """Whether a sign of it, or enough of its words, stand in the text."""
        signed = self.signs is not None and self.signs.search(text) is not None
        return signed or len(self.words.intersection(_WORD.findall(text))) >= _WORDS_NEEDED

    def topic(self, text: str) -> str:
        """Name the topic whose words match longest, or none."""
        found = [(len(word), topic) for topic, words in self.topics.items() for word in words if word in text]
        return max(found)[1] if found else ""


def in_other_language(normalised: str) -> Foreign | None:
    """Name the language of a message that isn't Japanese; what can't be told is Japanese."""
    if _KANA.search(normalised):
        return None
    for language in _languages():
        if language.speaks(normalised):
            return Foreign(language.code, language.topic(normalised))
    return None


@lru_cache(maxsize=1)
def _languages() -> tuple[_Language, ...]:
    try:
        table = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
        return tuple(_language(code, row) for code, row in table.items())
    except (OSError, yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise SettingError(f"{_FILE}: not a table of languages ({error})") from error


def _language(code: str, row: Mapping[str, Any]) -> _Language:
    signs = row.get("signs")
    words = frozenset(str(word) for word in row["words"])
    return _Language(code, re.compile(signs) if signs else None, words, row["topics"])
