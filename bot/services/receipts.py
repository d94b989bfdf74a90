"""Receipt numbers."""

from __future__ import annotations

import re
import secrets
import unicodedata

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread or misheard."""

_DASH = re.compile(r"\s*[-‐‑‒–—―ー−]\s*")
_RECEIPT = re.compile(r"(?<![A-Z0-9-])(?P<head>[A-Z]{2})-(?P<rest>(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})(?![A-Z0-9-])")
_MISREAD = str.maketrans("OIL", "011")


def new_receipt(company: str) -> str:
    """Make a receipt number, e.g. OK-7F3K-9M2Q-4T8W, to be read out on the telephone.

    It is 60 random bits and proves nothing: status and withdrawal also need a fresh code, a verified conversation or
    the very conversation in which the request was made, so it need not be as long as a secret.
    """
    letters = re.sub("[^a-z]", "", company).upper()
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3)]
    return "-".join([(letters + "XX")[:2], *groups])


def read_receipt(text: str) -> str | None:
    """Find a receipt number in any width, case or kind of dash, undoing what people misread (O for 0, I or L for 1)."""
    folded = _DASH.sub("-", unicodedata.normalize("NFKC", text)).upper()
    match = _RECEIPT.search(folded)
    return f"{match['head']}-{match['rest'].translate(_MISREAD)}" if match else None
