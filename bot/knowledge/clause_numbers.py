"""Clauses that a customer asks for by number: 第7条(2)を見せて, 3番は？, 7.(1)①."""

import re

from bot.knowledge.clauses import Clause
from bot.knowledge.markers import kanji_number

_DIGITS = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})"
_SURE = rf"第\s*{_DIGITS}\s*[条章項号]|{_DIGITS}\s*条|項目\s*{_DIGITS}|{_DIGITS}\.(?=\s*\()"
_WITH_A_WISH = rf"{_DIGITS}\s*(?:\.|番目?の(?:項目|条文|ところ)|番目?|項目|つ目の項目|章)"
_BELOW = (
    rf"(?:\s*の?\s*(?:\(\s*{_DIGITS}\s*\)|第?\s*{_DIGITS}\s*(?:項|号|番目?|つ目)"
    rf"|(?<=\))\s*{_DIGITS}|(?<=条)の{_DIGITS}(?!\d)))*"
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
_NAMED = re.compile(rf"{_POLICY}(?:(?P<sure>{_SURE})|{_WITH_A_WISH}){_BELOW}")
_NUMBER = re.compile(_DIGITS)


def asked_number(normalised: str) -> tuple[int, ...]:
    """Give the number that a message asks for and nothing else, (7, 2) for 第7条(2); () for every other message.

    A bare 「7番」 may be a choice or a part of an address, so it needs a word that asks.
    """
    match = _NAMED.match(normalised)
    wish = normalised[match.end() :] if match else ""
    if match is None or _WISH.sub("", wish) or not (match["sure"] or wish.strip("。! ")):
        return ()
    return tuple(_value(digits) for digits in _NUMBER.findall(match.group()))


def numbered(root: Clause, number: tuple[int, ...]) -> Clause | None:
    """Find the clause of a number: the article of that very name (第3条の2) before an item of another."""
    branch = f"第{number[0]}条の{number[1]}" if len(number) > 1 else ""
    clauses = [clause for clause in root.walk() if clause.number is not None]
    if branch and (found := next((clause for clause in clauses if clause.label == branch), None)):
        return found
    return next((clause for clause in clauses if _path(clause) == number), None)


def _path(clause: Clause) -> tuple[int, ...]:
    above = [parent.number for parent in clause.ancestors() if parent.number is not None]
    return (*reversed(above), clause.number or 0)


def _value(digits: str) -> int:
    return kanji_number(digits) or int(digits)
