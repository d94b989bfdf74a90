"""Clauses by their numbers, as customers and policies name them: 第7条(2), 第3条第2項, 7.(1)①, 1.2(a)."""

import re
from collections.abc import Iterator, Sequence

from bot.knowledge.clauses import Clause, ClauseKind
from bot.knowledge.markers import kanji_number

# Outermost first; a number alone, or with what tells it from others: 2項 and の2 from (2), 3章 from 第3条; a letter.
ClauseNumber = tuple[int | str, ...]

_DIGITS = r"(?:\d{1,3}|[〇一二三四五六七八九十]{1,3})"
_LETTER = r"[a-zア-ン]"
_DOTTED = rf"{_DIGITS}(?:\.{_DIGITS})+"
_SURE = (
    rf"第\s*{_DIGITS}\s*[条章項号]|{_DIGITS}\s*条|項目\s*{_DIGITS}|(?:{_DOTTED}\.?|{_DIGITS}\.)(?=\s*\()|q\s*\d{{1,2}}"
)
_WITH_A_WISH = (
    rf"{_DIGITS}\s*(?:\.|番目?の(?:項目|条文|ところ)|番目?|項目|つ目の項目|章)(?!\d)|{_DOTTED}"
    rf"|{_DIGITS}(?=\s*\(\s*{_DIGITS}\s*\))"
)
_BELOW = (
    rf"(?:\s*の?\s*(?:\(\s*(?:{_DIGITS}|{_LETTER})\s*\)|第?\s*{_DIGITS}\s*(?:項|号|番目?|つ目)|第\s*{_DIGITS}\s*条)"
    rf"|(?<=\))\s*{_DIGITS}|(?<=条)の{_DIGITS}(?!\d)|(?<=[条項号)])の?[ア-ン](?![ァ-ヶー]))*"
)
_POLICY = r"(?:(?:この|御社の|そちらの|貴社の)?(?:プライバシー\s*ポリシー|(?:個人情報)?保護方針|方針|規[約程])の?)?"
_WISHES = """
の を は が も と に って とは 全文 全部 内容 中身 本文 条文 文章 文 部分 ところ 項目 もう一度 もう1度 見せ 見た 見て
みせ みた 教え おしえ 読み 読む 読 よみ 出し 表示 知り しり 聞き 引用 て で たい いただけ 頂け ください 下さい くれ
もらえ ちょうだい ほしい 欲しい お願い 願い いたし 致し し ます です でしょう ません か ん 何 なに なん どんな どう
書いて かいて ある あり いる い る こと けど よ ね な ? 。 ! 、
"""
# Taken away word by word, the longest first: one pattern for a run of them can be tried in far too many ways.
_WISH = re.compile("|".join(map(re.escape, [*sorted(_WISHES.split(), key=len, reverse=True), " "])))
_NAMED = re.compile(rf"{_POLICY}(?P<number>(?:(?P<sure>{_SURE})|{_WITH_A_WISH}){_BELOW})")
_STEP = re.compile(
    rf"(?P<branch>(?<=条)の)?(?P<digits>{_DIGITS})\s*(?P<unit>[章項](?!目)|号|番|つ目)?|(?<![a-z])(?P<letter>(?!q){_LETTER})"
)
_TELLING = frozenset("章項の")
_PARTED = re.compile(r"(?P<before>の)?(?P<value>\d+)(?P<after>[章項])?")
# 2, or 2. where policies are lax: the paragraphs (項) of an article, whose first often has no number.
PARAGRAPHS = frozenset({"bare", "decimal"})


def asked_number(normalised: str) -> ClauseNumber:
    """Give the number that a message asks for and nothing else, (7, 2) for 第7条(2); () for every other message.

    A bare 「7番」 may be a choice or a part of an address, so it needs a word that asks.
    """
    match = _NAMED.match(normalised)
    wish = normalised[match.end() :] if match else ""
    if match is None or _WISH.sub("", wish) or not (match["sure"] or wish.strip("。! ")):
        return ()
    return read_number(match["number"])


def read_number(words: str) -> ClauseNumber:
    """Read the number that words name, (3, "2項", 1) for 第3条第2項第1号; () where one of them is no number."""
    steps = [_step(found) for found in _STEP.finditer(words)]
    return tuple(step for step in steps if step is not None) if None not in steps else ()


def _step(match: re.Match[str]) -> int | str | None:
    if letter := match["letter"]:
        return letter.lower()
    digits, unit = match["digits"], match["unit"] or match["branch"]
    value = int(digits) if digits.isdecimal() else kanji_number(digits)
    if value is None or unit not in _TELLING:
        return value
    return f"の{value}" if unit == "の" else f"{value}{unit}"


def numbered(root: Clause, number: ClauseNumber) -> Clause | None:
    """Find the clause of a number: the article of that very name (第3条の2) before an item of another."""
    named = _of_two_numbers(root, number[:2])
    if named is not None and (found := part_of(named, number[2:])) is not None:
        return found
    parts = (part_of(start, number[1:]) for start in _outermost(root, number[0]))
    return next((part for part in parts if part is not None), None)


def part_of(clause: Clause, number: ClauseNumber) -> Clause | None:
    """Find what lies in a clause under a number; the first paragraph of an article may be the article itself."""
    return next(_follow(clause, number), None)


def labelled(root: Clause, label: str) -> Clause | None:
    """Find the first clause of a label, however its numbers are written: 第21条 is 第二十一条 and 第二一条."""
    wanted = _in_digits(label)
    return next((node for node in root.walk() if node.label and _in_digits(node.label) == wanted), None)


def _in_digits(label: str) -> str:
    return re.sub(r"[〇一二三四五六七八九十]+", lambda kanji: str(kanji_number(kanji.group())), label)


def _of_two_numbers(root: Clause, number: ClauseNumber) -> Clause | None:
    """Find the clause that has two numbers in its name."""
    if len(number) < 2:
        return None
    value, unit = _parted(number[1])
    return labelled(root, f"第{number[0]}条の{value}" if unit == "の" else f"{number[0]}.{number[1]}")


def _outermost(root: Clause, step: int | str) -> list[Clause]:
    """Give the clauses of a number that lie in no other; chapters of articles don't count unless one is asked for."""
    value, unit = _parted(step)
    every = list(_numbered_below(root, through_chapters=True))
    found = [clause for clause in every if clause.number == value and "条の" not in clause.label]
    if unit == "章":
        return sorted(found, key=lambda clause: clause.style != "chapter")
    articles = [clause for clause in found if clause.style == "article"]
    others = [clause for clause in found if clause.style not in {"article", "chapter"}]
    has_articles = any(clause.style == "article" for clause in every)
    chapters = [clause for clause in found if clause.style == "chapter" and not has_articles]
    return [*(articles if unit != "項" else []), *others, *chapters]


def _parted(step: int | str) -> tuple[int | str, str]:
    """Part a step into its number or letter and what tells it from others."""
    match = _PARTED.fullmatch(step) if isinstance(step, str) else None
    return (int(match["value"]), match["before"] or match["after"]) if match else (step, "")


def _numbered_below(clause: Clause, through_chapters: bool = False) -> Iterator[Clause]:
    """Yield the nearest clauses below that have a number."""
    for child in clause.children:
        if child.number is not None:
            yield child
        if child.number is None or (through_chapters and child.style == "chapter"):
            yield from _numbered_below(child, through_chapters)


def _follow(clause: Clause, number: Sequence[int | str]) -> Iterator[Clause]:
    if not number:
        yield clause
        return
    for part in _parts(clause, number[0]):
        yield from _follow(part, number[1:])


def _parts(clause: Clause, step: int | str) -> Iterator[Clause]:
    """Yield what a step may mean below a clause, likeliest first."""
    value, unit = _parted(step)
    below = list(_numbered_below(clause))
    same = [part for part in below if value in {part.number, part.label.strip("().").lower()}]
    paragraphs = [part for part in same if part.style in PARAGRAPHS]
    items = [part for part in same if part.style not in PARAGRAPHS]
    is_first = value == 1 and clause.style == "article"
    if unit == "項":
        has_paragraphs = any(part.style in PARAGRAPHS for part in below)
        yield from paragraphs
        yield from [clause] if is_first else []
        unnumbered = [child for child in clause.children if child.kind is ClauseKind.PARAGRAPH]
        if not has_paragraphs and not is_first:
            yield from items or unnumbered[int(value) - 1 : int(value)]
        return
    yield from [*items, *paragraphs]
    for first in below:
        if first.number == 1 and first.style in PARAGRAPHS and clause.style == "article":
            yield from _parts(first, step)
