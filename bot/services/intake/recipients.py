"""Who a company's policy says gets the data: offered when a customer wants provision stopped."""

from __future__ import annotations

import re

from bot.knowledge.company import Company
from bot.services.intake.readers import fold

MOST = 6
_WORD = "[一-龥々ァ-ヺーA-Za-z0-9&・]{1,20}"
_BODY = re.compile(
    rf"(?:株式会社|有限会社|合同会社|(?:一般|公益)(?:社団|財団)法人){_WORD}"
    rf"|{_WORD}(?:株式会社|有限会社|合同会社|同友会|協会|連合会|協同組合)"
)


_LEGAL_FORM = re.compile("(?:株式|有限|合同)会社|(?:一般|公益)(?:社団|財団)法人")
SHORTEST_NAME = 3
"""Fewer characters of a name could mean another one."""


def recipients_meant(company: Company, text: str) -> list[str]:
    """List the bodies that a text names, also without what the law adds to a name (「ブロードリーフ」)."""
    said = fold(text)
    short = {name: fold(_LEGAL_FORM.sub("", name)) for name in recipients_named(company)}
    return [name for name, core in short.items() if fold(name) in said or (len(core) >= SHORTEST_NAME and core in said)]


def recipients_named(company: Company) -> list[str]:
    """List the bodies with a registered name that the policy speaks of, but for the company itself."""
    own = re.sub(r"\s", "", company.name)
    named = dict.fromkeys(match.group() for match in _BODY.finditer(company.policy.text))
    return [name for name in named if name != own][:MOST]
