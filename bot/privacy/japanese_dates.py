"""Dates as Japanese customers write and read them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
"""The year before each era's first."""

_SHORT = {"m": "明治", "t": "大正", "s": "昭和", "h": "平成", "r": "令和"} | {era[0]: era for era in _ERAS}
_ERA = rf"(?P<era>{'|'.join(_ERAS)}|[{''.join(_SHORT)}])"
_WEEKDAYS = "月火水木金土日"
_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_SEPARATED = re.compile(
    rf"(?:{_ERA}[\s.]*)?(?P<year>\d{{1,4}}|元)\s*[年/.,\-]\s*"
    r"(?P<month>\d{1,2})\s*[月/.,\-]\s*(?P<day>\d{1,2})\s*日?",
    re.IGNORECASE,
)
_PACKED = re.compile(r"(?<!\d)(?P<year>(?:18|19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)")
_PACKED_ERA = re.compile(rf"(?<![a-z\d-]){_ERA}(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)", re.IGNORECASE)
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十]+(?=[年月日])")


_IN_KANA = {
    "しょうわ|ショウワ": "昭和", "へいせい|ヘイセイ": "平成", "れいわ|レイワ": "令和", "たいしょう|タイショウ": "大正",
    r"(?<=[\d元])\s*(?:ねん|ネン)": "年", r"(?<=\d)\s*(?:がつ|ガツ)": "月", r"(?<=\d)\s*(?:にち|ニチ)": "日",
}  # fmt: skip


def read_date(text: str) -> date | None:
    """Find a date in a text: 昭和60年3月1日, 昭60.3.1, S600301, 1985/3/1; None without a real one.

    A year of two digits without an era is refused: 60/3/1 may be 1960 or 昭和60.
    """
    folded = unicodedata.normalize("NFKC", text)
    for kana, kanji in _IN_KANA.items():
        folded = re.sub(kana, kanji, folded)
    folded = _KANJI_NUMBER.sub(lambda match: str(_kanji_number(match.group())), folded)
    folded = re.sub("[‐‑–—ー−]", "-", folded)
    match = _SEPARATED.search(folded) or _PACKED.search(folded) or _PACKED_ERA.search(folded)
    if match is None:
        return None
    parts = match.groupdict()
    year = _western_year(parts.get("era"), parts["year"])
    try:
        return date(year, int(parts["month"]), int(parts["day"])) if year else None
    except ValueError:
        return None


def show_date(day: date) -> str:
    """Write a date with its weekday: 2026年12月6日（日）."""
    return f"{day.year}年{show_day(day)}"


def show_day(day: date) -> str:
    """Write a date that is near: 12月6日（日）."""
    return f"{day.month}月{day.day}日（{_WEEKDAYS[day.weekday()]}）"


def _western_year(era: str | None, year: str) -> int | None:
    number = 1 if year == "元" else int(year)
    if era:
        return _ERAS[_SHORT.get(era.lower(), era)] + number
    return number if len(year) == 4 else None


def _kanji_number(text: str) -> int:
    if "十" not in text:
        return int(text.translate(_KANJI_DIGITS))
    tens, _, ones = text.partition("十")
    return int(tens.translate(_KANJI_DIGITS) or 1) * 10 + int(ones.translate(_KANJI_DIGITS) or 0)
