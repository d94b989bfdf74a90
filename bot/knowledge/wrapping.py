"""Join again what a hard wrap cut: text copied from a PDF breaks its lines in the middle of a sentence."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bot.knowledge.lines import Line, read_line

_FULL_STOP = ("。", "．", ".", "!", "！", "?", "？", ")", "）", "：", ":", "＞", ">", "」")
_WRAPPED_AT = 30
# Words that something must follow, and those that end with the same sounds and need nothing.
_UNFINISHED = re.compile(
    r"(?:[、,をがはのとにや]|から|より|[にと](?:基づく|関する|対する|おける|よる|係る|係わる|伴う|定める)"
    r"|および|及び|または|又は|並びに|ならびに|若しくは|もしくは|かつ)$"
)
_FINISHED = re.compile(r"(?:とは|もの|こと|ひと|あと|はじめに|初めに|おわりに|終わりに|最後に)$")
_NO_START = re.compile(r"を|ません|ます[。、がの]|ました|せん[。、]")
_OPEN = re.compile(r"[(「『]")
_CLOSE = re.compile(r"[)」』]")


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Give `lines` with those that go on with the sentence of the line above joined to it, across the end of a page."""
    sentences: list[list[Line]] = []
    unseen: list[Line] = []
    for line in lines:
        if line.segment.is_blank:
            unseen.append(line)
        elif sentences and _goes_on(sentences[-1][-1], line):
            sentences[-1] += [*unseen, line]
            unseen = []
        else:
            sentences += [*([blank] for blank in unseen), [line]]
            unseen = []
    return [_joined(sentence) for sentence in sentences] + unseen


def _goes_on(above: Line, line: Line) -> bool:
    segment = line.segment
    if above.segment.cells or above.segment.level or segment.blank_before or segment.cells or line.is_structural:
        return False
    text = above.segment.text
    if breaks_off(text) or _NO_START.match(segment.text):
        return True
    return not above.is_heading and len(text) >= _WRAPPED_AT and not text.endswith(_FULL_STOP)


def breaks_off(text: str) -> bool:
    """Tell whether the sentence of a line can't end where the line does."""
    plain = unicodedata.normalize("NFKC", text)
    is_open = len(_OPEN.findall(plain)) > len(_CLOSE.findall(plain))
    return is_open or bool(_UNFINISHED.search(plain) and not _FINISHED.search(plain))


def _joined(sentence: Sequence[Line]) -> Line:
    if len(sentence) == 1:
        return sentence[0]
    pieces = [line.segment for line in sentence]
    text = "\n".join(piece.text for piece in pieces if piece.text)
    marked_up = any(piece.is_marked_up for piece in pieces)
    return read_line(replace(pieces[0], end=pieces[-1].end, text=text, is_marked_up=marked_up))
