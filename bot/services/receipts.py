"""Receipt numbers."""

from __future__ import annotations

import re
import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""


def new_receipt(company: str) -> str:
    """Make a receipt number, e.g. OK-7F3K-9M2Q-4T8W, to be read out on the telephone.

    It is 60 random bits and proves nothing: status and withdrawal also need a fresh code, a verified conversation or
    the very conversation in which the request was made, so it need not be as long as a secret.
    """
    letters = re.sub("[^a-z]", "", company).upper()
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)]
    return "-".join([(letters + "XX")[:2], *groups])


def read_receipt(text: str) -> str:
    """Undo what people misread: letters that the alphabet doesn't have."""
    head, _, rest = text.upper().partition("-")
    return f"{head}-{rest.translate(str.maketrans('OIL', '011'))}"
