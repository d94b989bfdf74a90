"""The parts of a message: its sentences, what a conjunction adds, and the sentence that says what is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Many end a line without a mark; normalised, its end is a space.
_SENTENCE_END = re.compile(r"(?<=[。!?\n])\s*|(?<=(?:です|ます)か)\s+|(?<=(?:です|ます|さい))\s+")
_ADDED = (
    "それと(?!も)|それから|そいから|ほいから|そいと|ほいで|そんで|んで|ほんで|あとは|あと(?!で)|また|ついでに|加えて|それに|"
    "もう一つ|もうひとつ|及び|および|並びに"
)
# Without kanji a space stands where others write a comma, but やめた あと is a time.
_ADDITION = re.compile(rf"(?:^|(?<=[、,。!?])|(?<=[のかね] ))(?:{_ADDED})[、, ]?")
# Not the と of とき, とか, という, とは, それと, ちゃんと, 切ると, と思う, nor of sharing with somebody.
_AND = re.compile(
    r"(?<=[ぁ-ん一-龥ァ-ヶーa-z])(?<![こあっんるだくすむぐぶぬつ])(?<![一-龥]う)(?<!それ)(?<!そい)(?<!ほい)と"
    r"(?![きかいしもてこっうおでなやにのはらる]|[思決言聞考同比違]|一緒|共[有同]|[^、。]{0,4}を?共[有同])[、, ]?"
)
_ASKING = re.compile(
    r"(?:[?？]|か|の|かな|かね|け|な|とな|なや|なが|(?<!ませ)ん|(?:教え|おしえ|知り|しり).{0,12})[。!]?$"
)
_ASKED = re.compile(r"何|なに|なん|どんな|どこ|いつ|誰|だれ|どなた|どう|どの|どれ|どげ|いくら|なぜ|なして")
# 電話番号も?, 開示の and それとも belong to what stands before them.
_GOING_ON = re.compile(r"^それとも|(?:も|とか|こと|(?<![うくぐすつぬぶむるたいなん])の|さんの)\?*$")
_WISHING = re.compile(
    r"(?:[くけ]れ|けろ|しろ|やめろ|せ|ほしい|欲しい|たい|て|けで|[くけ]ださい|下さい|下され|[いも]ませ|まし|願い.{0,8}|やい|"
    r"結構|不要|[要い]らない|断り(?:し|致し|いたし)|"
    r"たもんせ|らっしゃい)(?:の|ん)?(?:です|ます)?(?:が|けど|ね|よ|わ|な)?[。!]*$"
)
_STATING = re.compile(
    r"(?:ます|です|でした|ました|ません|(?<!どな)た|る|だ|い)(?:ので|から|が|けど|けれど|ね|よ)?[。!]+$"
)
_COURTESY = re.compile(
    r"(?:(?:どうか|どうぞ|何卒|以上|大変|すぐ|早く|今すぐ|ぜひ)[、,]?)*"
    r"(?:(?:どうぞ)?(?:よろしく|宜しく)(?:お願い|おねがい|御願い|頼み).{0,8}|お願い.{0,8}"
    r"|[お御ご]?(?:教え|おしえ|お聞かせ|回答|返事|返答|答え).{0,14}"
    r"|.{0,4}(?:すみません|すいません|申し訳.{0,8}|ごめん.{0,4})|(?:心配|不安|気がかり).{0,12}"
    r"|.{0,6}(?:困って|急いで|待って)[いお]?(?:ます|る|ります).{0,3}"
    r"|(?:今日中に|急ぎで|すぐに)?知りたい.{0,6}|(?:ありがとう|有難う|有り難う|恐れ入り|失礼).{0,10})[。!]*"
)
_AND_LIKE = re.compile(r"や(?=[^、。])")
_MARKS = re.compile(r"\W")
_ADDING = re.compile(rf"(?={_ADDITION.pattern})")
_PAUSE = re.compile(r"(?<=[、,。!?\n])")
# 何に使って何年: no comma, but a second interrogative.
_ASKING_AGAIN = re.compile(rf"(?<=[てでしかど、, ])(?:と、)?(?={_ASKED.pattern})")
_WANTING = re.compile(
    r"(?:たい|ほしい|(?:聞か|きか|うかがえ|願).{0,2}).{0,12}[。!?]*$|(?:と|や|は|でしょう|べ|だが)[。!?]*$"
)
_SUBJECT = re.compile(r"([^、,。!?]{2,12}?)(?:って|とは|は|の|を|が|も|に|使|切|[、,]|する|し(?:て|ます))")
_SPACE = re.compile(r"(?<=[かのねよ]) ")
_LISTING = (_AND, _AND_LIKE)
_CUTTING = (_PAUSE, _SPACE, _ASKING_AGAIN, _ADDING, *_LISTING)  # What lists comes last, and so tells of its place.
_SHORTEST, _SHORTEST_SIDE = 3, 2
_MOST_CUTS = 8
_MOST = 6
"""Parts looked at, the last ones: each costs a classification."""


@dataclass(frozen=True)
class Cut:
    """A place where one question may end and another begin, and what speaks for it."""

    left: str
    right: str
    listed: bool  # By an and: 窓口と時間.
    added: bool  # By a conjunction: それと.
    ended: bool  # The left is a sentence.
    leads: bool  # The left ends as a question does.
    asks: bool  # The left may be a question of its own, its end left out.
    asked_twice: bool  # An interrogative on either side.


def sentences(normalised: str) -> list[str]:
    """Split at the ends of sentences and before what is added (それと, あと …); give the last ones, one at least."""
    pieces = (piece for sentence in _SENTENCE_END.split(normalised) for piece in _ADDITION.split(sentence))
    found = [piece.strip(" 、,") for piece in pieces if len(piece.strip(" 、,。!?")) >= _SHORTEST]
    return found[-_MOST:] or [normalised]


def asked(normalised: str, parts: Sequence[str]) -> str:
    """Give what a message asks as it stands, up to the end of the last of its parts."""
    return normalised[: normalised.rfind(parts[-1]) + len(parts[-1])]


def added(normalised: str) -> frozenset[str]:
    """Give the parts beside an addition (責任者の名前、それと電話番号), which ask even where they are a noun."""
    cut = [_ADDITION.split(sentence) for sentence in _SENTENCE_END.split(normalised)]
    pieces = (piece.strip(" 、,") for found in cut if len(found) > 1 for piece in found)
    return frozenset(piece for piece in pieces if piece and not _STATING.search(piece))


def until_wish(parts: Sequence[str]) -> Sequence[str]:
    """Leave out the courtesies and statements after the last sentence that asks or wishes for something."""
    wishes = [end for end, part in enumerate(parts, start=1) if is_wish(part)]
    return parts[: wishes[-1]] if wishes else parts


def is_wish(part: str) -> bool:
    """Whether a part asks or wishes, or at least doesn't merely state or thank."""
    wishing = is_asking(part) or _WISHING.search(part) or not _STATING.search(part)
    return bool(wishing) and not _COURTESY.fullmatch(part)


def cuts(message: str) -> list[Cut]:
    """Give the places where one question may end and another begin, of very many the last ones.

    They are the end of a sentence, a comma, an and, an addition (あと), a second interrogative.
    """
    places = {match.end(): match.re in _LISTING for pattern in _CUTTING for match in pattern.finditer(message)}
    found = [_cut(message[:place], message[place:], places[place]) for place in sorted(places)]
    return [cut for cut in found if cut][-_MOST_CUTS:]


def _cut(before: str, after: str, listed: bool) -> Cut | None:
    left, right = before.strip(" 、,"), after.strip(" 、,")
    if added := _ADDITION.match(right):
        right = right[added.end() :]
    if min(len(_MARKS.sub("", left)), len(_MARKS.sub("", right))) < _SHORTEST_SIDE:
        return None
    ended = left.endswith(("。", "?", "!"))
    asked_twice = bool(_ASKED.search(left) and _ASKED.search(right))
    leads = _wants(left) if ended else left.endswith(("か", "の")) or asked_twice
    return Cut(left, right, listed, added is not None, ended, leads, asks_by_itself(left.rstrip("。?!")), asked_twice)


def _wants(part: str) -> bool:
    return bool(is_asking(part) or _WANTING.search(part))


def subject(part: str) -> str:
    """Give what a part speaks of first (クッキーって …), or nothing."""
    match = _SUBJECT.match(part)
    return match.group(1) if match else ""


def is_asking(sentence: str) -> bool:
    """Whether a normalised sentence ends as questions do, also in dialect."""
    return bool(_ASKING.search(sentence))


def asks_by_itself(part: str) -> bool:
    """Whether a part may be a question of its own, a noun before それと included."""
    return (is_asking(part) and not _GOING_ON.search(part)) or part.endswith("と")
