"""The parts of a message: its sentences, what a conjunction adds, and the sentence that says what is wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.understanding.text import without_katakana

_SENTENCE_END = re.compile(r"(?<=[。!?\n])\s*|(?<=ですか)\s+|(?<=ますか)\s+")
_ADDED = (
    "それと(?!も)|それから|そいから|ほいから|そいと|ほいで|そんで|んで|ほんで|あとは|あと(?!で)|また|ついでに|加えて|それに|"
    "もう一つ|もうひとつ|及び|および|並びに"
)
# Without kanji a space stands where others write a comma, but やめた あと is a time.
_ADDITION = re.compile(rf"(?:^|(?<=[、,。!?])|(?<=[のかね] ))(?:{_ADDED})[、, ]?")
# Not the と of とき, とか, という, とは, こと, ちゃんと, 切ると, と思う, nor that of one who shares with another.
_AND = re.compile(
    r"(?<=[ぁ-ん一-龥ァ-ヶーa-z])(?<![こあっんるだくすむぐぶぬつ])(?<![一-龥]う)と"
    r"(?![きかいしもてこっうおでなやにのはらる]|[思決言聞考同比違]|一緒|共[有同]|[^、。]{0,4}を?共[有同])[、, ]?"
)
_COMMA = re.compile(r"[、,]\s*")
_ASKING = re.compile(
    r"(?:[?？]|か|の|かな|かね|け|な|とな|なや|なが|(?<!ませ)ん|(?:教え|おしえ|知り|しり).{0,12})[。!]?$"
)
_ASKED = re.compile(r"何|なに|なん|どんな|どこ|いつ|誰|だれ|どう|どの|どれ|どげ|いくら|なぜ|なして")
# 電話番号も?, 開示の and それとも belong to what stands before them.
_GOING_ON = re.compile(r"^それとも|(?:も|とか|こと|(?<![うくぐすつぬぶむるたいなん])の|さんの)\?*$")
_WISHING = re.compile(
    r"(?:[くけ]れ|けろ|しろ|やめろ|せ|ほしい|欲しい|たい|て|けで|[くけ]ださい|下さい|下され|[いも]ませ|まし|願い.{0,8}|やい|"
    r"たもんせ|らっしゃい)(?:の|ん)?(?:です|ます)?(?:が|けど|ね|よ|わ|な)?[。!]*$"
)
_STATING = re.compile(r"(?:ます|です|でした|ました|ません|た|る|だ|い)(?:ので|から|が|けど|けれど|ね|よ)?[。!]+$")
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
_JOINED = re.compile(r"[、,。!?とや及並]|両方|どっち|どちら")
_PAUSE = re.compile(r"(?<=[、,。!?\n])")
# 何に使って何年: no comma, but a second interrogative.
_ASKING_AGAIN = re.compile(rf"(?<=[てでしかど、, ])(?:と、)?(?={_ASKED.pattern})")
_WANTING = re.compile(
    r"(?:たい|ほしい|(?:聞か|きか|うかがえ|願).{0,2}).{0,12}[。!?]*$|(?:と|や|は|でしょう|べ|だが)[。!?]*$"
)
_SUBJECT = re.compile(r"([^、,。!?]{2,12}?)(?:って|とは|は|の|を|が|も|に|使|切|[、,]|する|し(?:て|ます))")
_SHORTEST, _SHORTEST_HALF = 3, 2
_MOST_JOINTS = 8
_MOST = 6
"""Parts looked at, the last ones: each costs a classification."""


def sentences(normalised: str) -> list[str]:
    """Split at the ends of sentences and before what is added (それと, あと …); give the last ones, one at least."""
    pieces = (piece for sentence in _SENTENCE_END.split(normalised) for piece in _ADDITION.split(sentence))
    found = [piece.strip(" 、,") for piece in pieces if len(piece.strip(" 、,。!?")) >= _SHORTEST]
    return found[-_MOST:] or [normalised]


def added(normalised: str) -> frozenset[str]:
    """Give the parts beside an addition (責任者の名前、それと電話番号), which ask even where they are a noun."""
    cut = [_ADDITION.split(sentence) for sentence in _SENTENCE_END.split(normalised)]
    pieces = (piece.strip(" 、,") for found in cut if len(found) > 1 for piece in found)
    return frozenset(piece for piece in pieces if piece and not _STATING.search(piece))


def until_wish(parts: Sequence[str]) -> Sequence[str]:
    """Leave out the courtesies and statements after the last sentence that asks or wishes for something."""
    wishes = [end for end, part in enumerate(parts, start=1) if _wishes(part)]
    return parts[: wishes[-1]] if wishes else parts


def _wishes(part: str) -> bool:
    """Whether a part asks or wishes, or at least doesn't merely state or thank."""
    wishing = is_asking(part) or _WISHING.search(part) or not _STATING.search(part)
    return bool(wishing) and not _COURTESY.fullmatch(part)


def halves(sentence: str) -> list[tuple[str, str]]:
    """Give the ways to cut a sentence in two at an and (と), or at a comma between two questions."""
    sentence = without_katakana(sentence)
    commas = (cut for cut in _COMMA.finditer(sentence) if _asks_twice(sentence[: cut.start()], sentence[cut.end() :]))
    joints = [*_AND.finditer(sentence), *commas]
    cuts = [(sentence[: match.start()].strip(), sentence[match.end() :].strip()) for match in joints]
    return [(left, right) for left, right in cuts if min(len(left), len(right)) >= _SHORTEST_HALF][:_MOST]


def joints(message: str) -> list[tuple[str, str]]:
    """Give the ways to cut a message between two questions, wherever it pauses, adds or asks anew; the last ones."""
    ands = {match.end() for pattern in (_AND, _AND_LIKE) for match in pattern.finditer(message)}
    pauses = {match.start() for match in _PAUSE.finditer(message)}
    again = {match.end() for match in _ASKING_AGAIN.finditer(message)}
    found = []
    for place in sorted(ands | pauses | again):
        left, right = message[:place].strip(" 、,"), message[place:].strip(" 、,")
        addition = _ADDITION.match(right)
        right = right[addition.end() :] if addition else right
        if _MARKS.sub("", left)[1:] and _MARKS.sub("", right)[1:]:
            listed = place in ands or addition is not None
            if listed or (_wants(right) and _leads(left, right)):
                found.append((left, right))
    return found[-_MOST_JOINTS:]


def is_joined(message: str) -> bool:
    """Whether a message pauses or lists, as one must that asks two things."""
    return bool(_JOINED.search(message))


def shared_beginning(half: str) -> str:
    """Give what the first half of 「開示の費用と書類」 says for the second too (開示の), or nothing."""
    return half[: half.rfind("の") + 1]


def _wants(part: str) -> bool:
    return bool(is_asking(part) or _WANTING.search(part))


def _leads(left: str, right: str) -> bool:
    """Whether what stands before a pause is a question, too."""
    if left.endswith(("。", "?", "!")):
        return _wants(left)
    return left.endswith(("か", "の")) or bool(_ASKED.search(left) and _ASKED.search(right))


def _asks_twice(left: str, right: str) -> bool:
    asked = bool(_ASKED.search(left) and _ASKED.search(right)) or left.endswith(("ますか", "ですか", "るの", "るか"))
    return asked and is_asking(right) and not _GOING_ON.search(right)


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
