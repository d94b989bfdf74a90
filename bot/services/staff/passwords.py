"""Passwords of staff: which are good enough, and how they are kept."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import MadoguchiError

SHORTEST = 12
LONGEST = 200
FEWEST_SIGNS = 5
"""Different characters; fewer is a pattern."""
_COMMON = frozenset(
    {
        *("password", "passw0rd", "qwerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "letmein", "welcome", "iloveyou"),
        *("admin", "administrator", "master", "secret", "changeme", "guest", "login", "test", "abc", "abcdef"),
        *("monkey", "dragon", "sunshine", "princess", "football", "baseball", "sakura", "doraemon", "pokemon"),
        *("madoguchi", "nihon", "japan", "tokyo", "arigatou", "konnichiwa", "aishiteru", "kanri", "himitsu"),
    }
)
_SEQUENCES = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
)
_MEMORY_KIB = 19 * 1024
"""OWASP's measure for argon2id: enough to make guessing dear, little enough for a small server."""


class WeakPassword(MadoguchiError):
    """The password would soon be guessed; the text and `phrase` say why."""

    def __init__(self, text: str, phrase: str, **values: object) -> None:
        super().__init__(text)
        self.phrase = phrase
        self.values = values


class Passwords:
    """Hashes and checks passwords by argon2id."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=_MEMORY_KIB, parallelism=1)

    def hash(self, password: str) -> str:
        """Hash a password; whoever types it in full-width signs means the same one."""
        return self._hasher.hash(_normal(password))

    def match(self, password_hash: str, password: str) -> bool:
        """Check a password, with the same work if there is no hash: nobody can tell by the time it takes."""
        try:
            right = self._hasher.verify(password_hash or self._nobodys, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return right and bool(password_hash)

    @cached_property
    def _nobodys(self) -> str:
        return self._hasher.hash(secrets.token_hex())

    def is_outdated(self, password_hash: str) -> bool:
        """Whether a hash was made with other parameters than are in force now."""
        return self._hasher.check_needs_rehash(password_hash)


def check_password(password: str, *known: str) -> None:
    """Raise WeakPassword for one that is short, common, a pattern, or made of what is `known` of the person."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        raise WeakPassword(f"a password has {SHORTEST} characters or more", "staff_password_short", shortest=SHORTEST)
    if len(plain) > LONGEST:
        raise WeakPassword(f"a password has at most {LONGEST} characters", "staff_password_long", longest=LONGEST)
    if len(set(plain)) < FEWEST_SIGNS or _is_common(plain):
        raise WeakPassword("the password is a common one or a pattern", "staff_password_common")
    if any(part in plain for text in known for part in _parts(text)):
        raise WeakPassword("the password has the name or the e-mail address in it", "staff_password_known")


def _is_common(plain: str) -> bool:
    """Whether nothing is left of it but a common word, numbers and signs, or keys that lie side by side."""
    letters = re.sub(r"[\W\d_]+", "", plain)
    if not letters or letters in _COMMON or plain in _COMMON:
        return True
    return any(plain.startswith(line[at : at + 8]) for line in _SEQUENCES for at in range(len(line) - 7))


def _parts(text: str) -> set[str]:
    """The pieces of a name or an address that are long enough to be guessed by."""
    pieces = re.split(r"[\s@.・_+-]+", _normal(text).casefold())
    return {piece for piece in pieces if len(piece) >= (2 if not piece.isascii() else 4)}


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
