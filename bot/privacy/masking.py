"""What a customer pastes unasked and the desk must not keep: My Number, card numbers, medical history.

APPI 20(2) asks for consent before sensitive personal information is acquired, and the Number Act forbids keeping a My
Number without a legal ground, so these are masked before anything is stored.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

MASK = "〔伏せました〕"

_SEPARATED_DIGITS = re.compile(r"(?<![\d.+])\d(?:[ \-‐‑–—ー−・]?\d){11,18}(?![\d.])")
_RECEIPT = re.compile(r"(?<![A-Za-z])[A-Z]{2}-(?:\d{4}-){2}\d{4}(?![\d-])")
"""A receipt number that happens to be all digits: the customer's own, and no My Number."""
_GROUPS_OF_FOUR = re.compile(r"\d{4}(?:\D\d{4}){2,3}")
_CONDITIONS = (
    "うつ病|鬱病|躁うつ|双極性障害|統合失調症|適応障害|発達障害|知的障害|認知症|てんかん|糖尿病|高血圧症|脳梗塞|脳卒中|"
    "心筋梗塞|狭心症|不整脈|肝炎|肝硬変|腎不全|人工透析|結核|梅毒|エイズ|hiv|白血病|リウマチ|喘息|"
    "(?:胃|肺|乳|大腸|子宮|前立腺|すい臓|膵臓|肝臓|食道|甲状腺|末期)?(?:癌|(?:(?<![ぁ-んァ-ヶー])|(?<=[はがのも]))(?:がん|ガン))|"
    "障害者手帳|妊娠中絶|不妊治療|前科|逮捕歴|服役"
)
_OF_ONESELF = (
    "(?:を|に|で|の|が|は|と)?(?:患|わずら|持病|通院|入院|治療|診断|手術|既往|"
    "なった|なって|なりました|なん(?:です|だ)|です|があ|で苦し|薬を|中です|します|した)"
)
_MEDICAL = re.compile(f"(?:{_CONDITIONS})(?={_OF_ONESELF})", re.IGNORECASE)
_MEDICAL_AFTER = re.compile(
    rf"(?:持病|病名|既往歴|病歴|診断名|前科)(?:は|が|で|に|:|：)[^。、,.\n?？]{{0,12}}?(?P<what>{_CONDITIONS})",
    re.IGNORECASE,
)


class Sensitive(str, Enum):
    """A kind of data that nobody asked for."""

    MY_NUMBER = "my_number"
    CARD = "card"
    MEDICAL = "medical"


_NAMES = {
    Sensitive.MY_NUMBER: re.compile("マイナンバー|個人番号|まいなんばー"),
    Sensitive.CARD: re.compile("カード|クレカ"),
}
"""The words by which a text says what a number in it is."""


@dataclass(frozen=True)
class Masked:
    """A text that may be stored, and what was taken out of it."""

    text: str
    found: frozenset[Sensitive]


def mask_sensitive(text: str) -> Masked:
    """Replace what must not be kept by MASK; what is left is the customer's text, unchanged."""
    found: set[Sensitive] = set()
    # Offsets must stay those of the text, so widths are folded one character at a time.
    folded = "".join(_fold(character) for character in text)
    spans = []
    receipts = {match.end() for match in _RECEIPT.finditer(folded)}
    # Looked for once: a text may hold a hundred thousand numbers.
    named = {kind for kind, word in _NAMES.items() if word.search(folded)}
    for match in _SEPARATED_DIGITS.finditer(folded):
        kind = _kind_of_number(match.group(), named)
        if kind and match.end() not in receipts:
            found.add(kind)
            spans.append(match.span())
    for match in _MEDICAL.finditer(folded):
        found.add(Sensitive.MEDICAL)
        spans.append(match.span())
    for match in _MEDICAL_AFTER.finditer(folded):
        found.add(Sensitive.MEDICAL)
        spans.append(match.span("what"))
    return Masked(_cover(text, sorted(set(spans))), frozenset(found))


def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _cover(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in spans:
        if start >= position:
            parts += [text[position:start], MASK]
            position = end
    return "".join([*parts, text[position:]])


def _kind_of_number(written: str, named: set[Sensitive]) -> Sensitive | None:
    """Tell by check digit, by grouping, or by what the text names: a slip of one digit still tells much."""
    digits = "".join(character for character in written if character.isdigit())
    grouped = _GROUPS_OF_FOUR.fullmatch(written)
    if len(digits) == 12 and (is_my_number(digits) or grouped or Sensitive.MY_NUMBER in named):
        return Sensitive.MY_NUMBER
    if 14 <= len(digits) <= 19 and (_passes_luhn(digits) or grouped or Sensitive.CARD in named):
        return Sensitive.CARD
    return None


def is_my_number(digits: str) -> bool:
    """Tell whether 12 digits carry the check digit of an individual number.

    The rule is that of 番号利用法施行令 8条 and 総務省令85号 (平成26年) 5条: 11 minus the weighted sum modulo 11, and 0
    where the remainder is 0 or 1.
    """
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def _passes_luhn(digits: str) -> bool:
    """Check a card number's last digit (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
