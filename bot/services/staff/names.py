"""The name of a member of staff, which customers read above answers."""

from __future__ import annotations

import unicodedata

from bot.errors import MadoguchiError

LONGEST_NAME = 40
_UNSEEN = ("Cc", "Cf", "Cs")
"""Unicode's categories of control characters, marks without a shape, and halves of characters."""


class StaffRefused(MadoguchiError):
    """An account can't be so; the text and `phrase` say why."""

    def __init__(self, text: str, phrase: str, **values: object) -> None:
        super().__init__(text)
        self.phrase = phrase
        self.values = values


def checked_name(name: str) -> str:
    """Give a name in one line of 1 to LONGEST_NAME characters; raise StaffRefused."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or any(unicodedata.category(sign) in _UNSEEN for sign in name):
        text = f"a name has 1 to {LONGEST_NAME} characters, none of them invisible"
        raise StaffRefused(text, "staff_name_wrong", longest=LONGEST_NAME)
    return name
