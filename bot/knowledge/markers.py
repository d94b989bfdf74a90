"""The numbers and signs that start a line of a published policy: 第1条, 1., (1), ①, ア, ■, ・ …"""

import re
import unicodedata
from dataclasses import dataclass

_D = r"[0-9０-９]{1,2}"
_KANJI = "一二三四五六七八九十"
_KANJI_DIGITS = "〇一二三四五六七八九"
_GOJUON = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_ROMAN_SMALL = "viii|vii|vi|iv|iii|ii|ix|xii|xi|x|v|i"
# What follows 第3条 when it is spoken of in a sentence, not set as a number.
_NO_SENTENCE = r"(?![にのをはがでと第各及まか等，,]|から|ない|より)"


# 10 営業日以内 and 1 通につき are amounts; 7 通知 and 3 年齢 are numbered headings.
_AMOUNT = (
    r"(?:営業日|[かヶカヵ箇]月|週間|時間|[年日分]間|[かヶ箇]所|種類|"
    r"(?:[年月日週名件円歳時分回通枚部万%％])(?:以内|以上|以下|未満|程度|前|後|毎|目)?(?![一-龠々]))"
)
# What follows a number with which a sentence speaks of another clause: １．（２）の目的で.
_SPOKEN_OF = r"(?:[(（][0-9０-９]{1,2}[)）]|[①-⑳])+\s*(?:[にのをはがでと、]|及び|および|から|まで|より|又は|または)"

_SECTION_RANK = 4.2


@dataclass(frozen=True)
class Marker:
    """A line's number or sign: `style` tells lists apart, `rank` orders styles from outer (low) to inner."""

    style: str
    label: str
    rank: float
    number: int | None = None


@dataclass(frozen=True)
class _Kind:
    style: str
    rank: float
    pattern: re.Pattern[str]
    label: str


def _kind(style: str, rank: float, pattern: str, label: str = "{}") -> _Kind:
    return _Kind(style, rank, re.compile(pattern), label)


# The first that matches wins; group 1 is the number. OCR reads 1 as l or I inside 第 条 and brackets, and before a dot.
_KINDS = (
    _kind("chapter", 1, rf"第\s*([0-9０-９]{{1,2}}|(?!〇)[〇{_KANJI}]{{1,3}})\s*[章部編節]\s*{_NO_SENTENCE}", "第{}章"),
    _kind(
        "article",
        2,
        rf"第\s*((?:[0-9０-９lIO]{{1,3}}|(?!〇)[〇{_KANJI}]{{1,3}})\s*条(?:\s*の\s*[0-9０-９二三四])?)\s*{_NO_SENTENCE}",
        "第{}",
    ),
    _kind("dotted", 5, rf"((?:{_D}[.．])+{_D})[.．]?(?![0-9０-９.．年月日:：])"),
    _kind("dotted", 5, rf"({_D}[\-－‐−]{_D})(?=[.．\s　])"),
    _kind("decimal", 4, rf"({_D})\s*\\?[.．、，､:：](?![0-9０-９]|{_SPOKEN_OF})", "{}."),
    _kind("decimal", 4, r"([lｌ])\s*[.．](?=[\s　]*[^\x00-\x7f])", "{}."),
    _kind("decimal", 4, rf"[【\[［]({_D})[】\]］]", "{}."),
    _kind("question", 4, r"[QＱ]\s*([0-9０-９]{1,2})[.．:：、\s　]*", "Q{}"),
    _kind("bare", 4.2, rf"({_D})[\s　]+(?=\S)(?!{_AMOUNT})", "{}"),
    _kind("paren", 6, rf"[(（〔]\s*({_D}|[lI])\s*[)）〕]", "({})"),
    _kind("paren", 6, r"([⑴-⒇])", "({})"),
    _kind("paren-kanji", 6, rf"[(（]\s*([{_KANJI}]{{1,3}})\s*[)）]", "({})"),
    _kind("half-paren", 6.5, rf"({_D})\s*[)）]", "{})"),
    _kind("circled", 7, r"([①-⑳㉑-㉟❶-❿➀-➉])"),
    _kind("roman", 3.9, r"([ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])[.．、。]?", "{}."),
    _kind("roman", 3.9, r"(VIII|VII|VI|IV|IX|III|II|I|V|X)[.．][\s　]*(?=\S)", "{}."),
    _kind("roman-small", 8.5, r"([ⅰ-ⅹ])[.．、)）]?", "{}."),
    _kind("roman-small", 8.5, rf"[(（]({_ROMAN_SMALL})[)）]", "({})"),
    _kind("roman-small", 8.5, rf"({_ROMAN_SMALL})[.．)）](?=[\s　]|[^\x00-\x7f])", "{}."),
    _kind("roman-small", 8.5, rf"({_ROMAN_SMALL})[ 　]+(?=[^\x00-\x7f])", "{}."),
    _kind("latin-paren", 8.1, r"[(（]([a-zA-Zａ-ｚＡ-Ｚ])[)）]", "({})"),
    _kind("latin", 8, r"([a-zA-Zａ-ｚＡ-Ｚ])[.．、)）](?=[\s　]|[^\x00-\x7f])", "{}."),
    _kind("latin", 8, r"([a-zａ-ｚ])[ 　]+(?=[^\x00-\x7f])", "{}."),
    _kind("kana-paren", 8.1, rf"[(（]([{_GOJUON}])[)）]", "({})"),
    _kind("kana", 8, rf"([{_GOJUON}])(?:[.．、)）]|[\s　]+)(?=\S)"),
    _kind("kanji", 4, rf"([{_KANJI}]{{1,3}})[、.．，\s　](?=\S)"),
    _kind("note", 9, r"()(?:※[0-9０-９]*|[*＊][0-9０-９]|(?:注|注記|備考)\s*[:：)）])", "※"),
)
_MISREAD = frozenset({"article", "paren", "decimal"})
_SIGN = "■◆●▼▲□◇○★☆▶►◎▪◼◉▽△◯✓✔⚫〇❖"
# 〇〇株式会社 and △△様 leave a name out.
_LEFT_OUT = r"([○◯〇●△□])\{}"
_SYMBOL = re.compile(rf"(?!{_LEFT_OUT.format(1)})([{_SIGN}])(?:️|(?!{_LEFT_OUT.format(3)})[{_SIGN}])*[\s　]*")
_DECORATED = re.compile(rf"(([{_SIGN}])[{_SIGN}]*)[\s　]*([^{_SIGN}].*?)[\s　]*([{_SIGN}]+)")
_BULLET = re.compile(r"(?:[・•◦‣·･⁃∙][\s　]*|(?:[-*+–—－]|\\-)[\s　]+)")
_ANGLE = re.compile(r"^[＜<〈《≪]\s*([^＜<〈《≪＞>〉》≫]{2,40}?)\s*[＞>〉》≫]$")
_BRACKET = re.compile(r"^[【［\[〔]\s*([^】］\]〕]{2,40})\s*[】］\]〕](?!\()")
_TITLE_IN_PARENS = re.compile(r"^[（(]\s*([^（）()。、]{2,30})\s*[)）]$")
_BY_DIGITS = re.compile(rf"(?!〇)[{_KANJI_DIGITS}]+")
_BY_TENS = re.compile(rf"([{_KANJI_DIGITS[1:]}]?)十([{_KANJI_DIGITS[1:]}]?)")
_BOLD = re.compile(r"^(?:\*\*|__)(.+?)(?:\*\*|__)\s*[:：]?$")


def read_marker(text: str) -> tuple[Marker | None, str]:
    """Split a line into its number or sign and the rest; (None, text) when it has none."""
    if bold := _BOLD.match(text):
        inner, rest = read_marker(bold.group(1))
        return inner or Marker("bold", "", 3.3), rest
    if bullet := _BULLET.match(text):
        rest = text[bullet.end() :]
        inner, inner_rest = read_marker(rest)
        if inner is not None and inner.rank < 9 and inner.style not in {"bare", "parens"}:
            return inner, inner_rest
        return Marker("bullet", "・", 9), rest
    return _numbered(text) or _signed(text) or (None, text)


def _numbered(text: str) -> tuple[Marker, str] | None:
    for kind in _KINDS:
        match = kind.pattern.match(text)
        if match:
            raw = re.sub(r"\s", "", match.group(1))
            number = _number(kind.style, raw)
            label = kind.label.format(_shown(kind.style, raw))
            rank = kind.rank + 0.1 * raw.count(".") if kind.style == "dotted" else kind.rank
            style = f"dotted{len(re.split(r'[^0-9]', raw))}" if kind.style == "dotted" else kind.style
            return Marker(style, label, rank, number), text[match.end() :].strip(" 　\t")
    return None


def _signed(text: str) -> tuple[Marker, str] | None:
    if (match := _DECORATED.fullmatch(text)) and match.group(4) in {match.group(1), match.group(1)[::-1]}:
        return Marker(f"symbol{match.group(2)}", "", 3), match.group(3)
    if match := _SYMBOL.match(text):
        rest = text[match.end() :].strip()
        inner = _numbered(rest)
        if inner is not None and inner[0].rank <= _SECTION_RANK:
            label = inner[0].label if inner[0].style != "bare" else f"{inner[0].label}."
            return Marker(f"symbol{match.group(2)}", label, 3, inner[0].number), inner[1]
        return Marker(f"symbol{match.group(2)}", "", 3), rest
    if (match := _ANGLE.match(text)) and "://" not in text and "@" not in text:
        return Marker(f"angle{text[0]}", "", 3.1), match.group(1)
    if match := _BRACKET.match(text):
        rest = text[match.end() :].strip(" 　\t:：")
        return Marker(f"bracket{text[0]}", "", 3.1), match.group(1) + (f"\t{rest}" if rest else "")
    if title := title_in_parens(text):
        return Marker("parens", "", 3.5), title
    return None


def title_in_parens(text: str) -> str:
    """Give the words of a line like （目的）; empty for any other line."""
    match = _TITLE_IN_PARENS.match(text)
    return match.group(1) if match else ""


def list_label(number: int, kind: str) -> str:
    """Give the number that a browser shows before an item of <ol type=…>."""
    shown = str(number)
    if kind in {"a", "A"} and 1 <= number <= 26:
        shown = chr(ord(kind) + number - 1)
    elif kind in {"i", "I"} and 1 <= number <= len(_ROMAN):
        shown = _ROMAN[number - 1] if kind == "i" else _ROMAN[number - 1].upper()
    return f"{shown}."


def _shown(style: str, raw: str) -> str:
    if style in {"circled", "roman"}:
        return raw
    plain = unicodedata.normalize("NFKC", raw).strip("()")
    return re.sub(r"[lI]", "1", plain).replace("O", "0") if style in _MISREAD else plain


def _number(style: str, raw: str) -> int | None:
    plain = unicodedata.normalize("NFKC", raw).strip("()")
    if style in _MISREAD:
        plain = re.sub(r"[lI]", "1", plain).replace("O", "0")
    plain = plain.split("条")[0]
    last = re.split(r"[.\-‐−]", plain)[-1]
    if last.isdecimal():
        return int(last)
    if style == "circled":
        return int(unicodedata.numeric(plain))  # ❶ and ➀ are numbers that NFKC leaves as they are.
    if style.startswith("roman"):
        return _ROMAN.index(plain.lower()) + 1 if plain.lower() in _ROMAN else None
    if style.startswith("latin"):
        return ord(plain.lower()) - ord("a") + 1
    if style.startswith("kana"):
        return _GOJUON.index(plain) + 1
    return kanji_number(plain)


def kanji_number(plain: str) -> int | None:
    """Read 一 … 九十九, and 二〇 or 一〇五 digit by digit; None when it is something else."""
    if _BY_DIGITS.fullmatch(plain):
        return int("".join(str(_KANJI_DIGITS.index(digit)) for digit in plain))
    if match := _BY_TENS.fullmatch(plain):
        return 10 * _KANJI_DIGITS.index(match[1] or "一") + _KANJI_DIGITS.index(match[2] or "〇")
    return None
