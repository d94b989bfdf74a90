"""The words of Japanese text that tell one clause from another."""

import re
import threading
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml
from sudachipy import Dictionary, SplitMode, Tokenizer

from bot.knowledge.clauses import matching_form
from bot.knowledge.topics import DATA

_CONTENT = frozenset({"名詞", "動詞", "形容詞", "形状詞"})
_RUN = re.compile(r"[一-龠々ァ-ヴー]{2,}")
# Sudachi gives numbers and single signs as nouns; they match anything.
_NO_WORD = re.compile(r"^[\W\d_]+$|^[ぁ-ん]$")
_local = threading.local()


@dataclass(frozen=True)
class _Vocabulary:
    common: frozenset[str]
    synonyms: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]


@cache
def _vocabulary() -> _Vocabulary:
    data = yaml.safe_load((DATA / "policies" / "words.yml").read_text(encoding="utf-8"))
    return _Vocabulary(
        frozenset(data["common"]),
        tuple((re.compile(pattern), tuple(words)) for pattern, words in data["synonyms"].items()),
    )


def _tokenizer() -> Tokenizer:
    """Give this thread's tokenizer: one must not be shared."""
    tokenizer: Tokenizer | None = getattr(_local, "tokenizer", None)
    if tokenizer is None:
        tokenizer = _local.tokenizer = Dictionary().tokenizer()
    return tokenizer


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Give the content words of `text` in their normal form, common ones left out."""
    common = _vocabulary().common
    found = []
    for token in _tokenizer().tokenize(text[:4000], SplitMode.A):
        word = token.normalized_form().lower()
        if token.part_of_speech()[0] in _CONTENT and word not in common and not _NO_WORD.match(word):
            found.append(word)
    return tuple(found)


def pairs(text: str) -> tuple[str, ...]:
    """Give the pairs of neighbouring characters inside runs of kanji or katakana."""
    return tuple(run[i : i + 2] for run in _RUN.findall(matching_form(text)) for i in range(len(run) - 1))


def synonyms(question: str) -> tuple[str, ...]:
    """Give the words of policies that everyday words of the question stand for."""
    key = matching_form(question)
    return tuple(word for pattern, found in _vocabulary().synonyms if pattern.search(key) for word in found)
