"""The parts of a message: its sentences, and what a conjunction adds."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[。!?\n])\s*|(?<=ですか)\s+|(?<=ますか)\s+")
_ADDED = "それと|それから|あとは|あと(?!で)|また|ついでに|加えて|それに|もう一つ|もうひとつ|ほんで"
_ADDITION = re.compile(rf"(?:^|(?<=[、,。!?]))(?:{_ADDED})[、, ]?")
# Not the と of とき, とか, という, となる, こと, あと, ちゃんと.
_AND = re.compile(r"(?<=[ぁ-ん一-龥ァ-ヶーa-z])(?<![こあっん])と(?![きかいしもてこっうおでな])[、, ]?")
_ASKING = re.compile(r"(?:[?？]|か|の|かな|かね|け|な|とな|なや|なが|ん|(?:教え|おしえ|知り|しり).{0,12})[。!]?$")
_SHORTEST = 3
_MOST = 6
"""Parts looked at, the last ones: each costs a classification."""


def sentences(normalised: str) -> list[str]:
    """Split at the ends of sentences and before what is added (それと, あと …); give the last ones, one at least."""
    pieces = (piece for sentence in _SENTENCE_END.split(normalised) for piece in _ADDITION.split(sentence))
    found = [piece.strip(" 、,") for piece in pieces if len(piece.strip(" 、,。!?")) >= _SHORTEST]
    return found[-_MOST:] or [normalised]


def halves(sentence: str) -> list[tuple[str, str]]:
    """Give the ways to cut a sentence in two at an and (と)."""
    cuts = [(sentence[: match.start()].strip(), sentence[match.end() :].strip()) for match in _AND.finditer(sentence)]
    return [(left, right) for left, right in cuts if min(len(left), len(right)) >= _SHORTEST][:_MOST]


def is_asking(sentence: str) -> bool:
    """Whether a normalised sentence ends as questions do, also in dialect."""
    return bool(_ASKING.search(sentence))
