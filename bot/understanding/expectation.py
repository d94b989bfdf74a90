"""A short answer to what an open form asks, told apart from a new wish."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.understanding.parts import is_asking
from bot.understanding.result import ASK_POLICY
from bot.understanding.text import normalise, words_and_reading

_COURTESY = "が の を で に は だ です 方 御 願う 為る 致す 下さる ます 希望 って 番 と ね よ 良い 其れ 選択 。 、 !"
_ASIDE_WORDS = frozenset(_COURTESY.split())
_BARE = re.compile(
    r"[\d\-‐‑–—ー−()+. ]{3,}"  # A number: receipt, customer, telephone, postcode, code.
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?:明治?|大正?|昭和?|平成?|令和?|[mtshr])?[\s.]*(?:\d{1,4}|元)\s*[年/.,-]\s*\d{1,2}\s*[月/.,-]\s*\d{1,2}\s*日?(?:生まれ|生)?"
    r"|[一-龥ぁ-んァ-ヶ]{1,5}\s*\d{2,3}\s*[あ-んa-z]\s*[\d・.\-]{1,5}"  # A number plate.
    r"|(?=.*\d)[a-z]{1,6}-?[a-z\d]*\d[a-z\d-]*"  # A receipt number with letters.
)
_ENDING = re.compile(r"(?:です|になります|でございます|だよ|っす|だ)?[。!.]*$")
_ASKED_BEFORE = re.compile(r"(?:(?:です|ます|でしょう|の)か|[?？])[、,。 ]")
_LEAVING = frozenset(
    [
        "cancel",
        "withdraw_request",
        "ask_handoff",
        "report_leak",
        "change_answer",
        "resend_code",
        "ask_why_needed",
        "resume_request",
    ]
)
_COURTEOUS = frozenset(
    ["greet", "thank", "goodbye", "ask_capabilities", "ask_bot_identity", "complain", "affirm", "deny"]
)
_COURTESY_AT = 0.8
"""Thanks in mid-form are no name, nor is a no; but a name that resembles a greeting (今日, いけん) is a name."""
_LEAVES_AT = {"value": 0.4, "text": 0.55}
_QUESTION_AT = 0.5


def is_bare_value(normalised: str) -> bool:
    """Whether the text is nothing but a number, an e-mail address, a date or a number plate."""
    return bool(_BARE.fullmatch(_ENDING.sub("", normalised).strip()))


def names_choice(normalised: str, choices: Sequence[str]) -> bool:
    """Whether the text is one of the choices, or one of them with words of courtesy around it."""
    words, reading = words_and_reading(normalised)
    for choice in choices:
        choice_words, choice_reading = words_and_reading(normalise(choice))
        if reading == choice_reading or normalised == normalise(choice):
            return True
        rest = [word for word in words if word not in choice_words]
        if set(choice_words) <= set(words) and set(rest) <= _ASIDE_WORDS:
            return True
    return False


def answers(normalised: str, expectation: Mapping[str, Any] | None, ranking: Sequence[tuple[str, float]]) -> bool:
    """Whether the text answers what the form asked, given what it would mean without a form."""
    if is_bare_value(normalised) or not expectation:
        return is_bare_value(normalised)
    kind = expectation.get("kind", "text")
    if kind == "given" or names_choice(normalised, expectation.get("choices") or ()):
        return True
    if kind == "choice":
        return False
    intent, probability = ranking[0]
    if intent in _LEAVING:
        return probability < _LEAVES_AT.get(kind, max(_LEAVES_AT.values()))
    if intent in _COURTEOUS:
        return probability < _COURTESY_AT
    asks = intent == ASK_POLICY and probability >= _QUESTION_AT and _asks(normalised)
    return not asks


def _asks(normalised: str) -> bool:
    """Whether a text ends as questions do, or a question stands before its last words: 「…ますか、手数料」."""
    return is_asking(normalised) or bool(_ASKED_BEFORE.search(normalised))
