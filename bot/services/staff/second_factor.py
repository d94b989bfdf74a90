"""The second factor: codes of an app by RFC 6238, and recovery codes for who lost it."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import unicodedata
from datetime import datetime

import pyotp

STEP_S = 30
RECOVERY_CODES = 10
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without signs that look alike; ten of them are 49 bits."""
_GROUP = 5


def secret_from(digest: str) -> str:
    """Make a secret of 160 bits of a keyed hash, so that what isn't confirmed needn't be stored."""
    return base64.b32encode(bytes.fromhex(digest)[:20]).decode()


def address_for_app(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that an app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step that a code belongs to, now or one before or after; None for a wrong code."""
    given, app = digits_of(code), pyotp.TOTP(secret)
    here = int(now.timestamp()) // STEP_S
    matching = [step for step in (here, here - 1, here + 1) if hmac.compare_digest(app.generate_otp(step), given)]
    return matching[0] if matching else None


def new_recovery_codes() -> list[str]:
    """Ten codes like `abcde-fgh23`."""
    return [f"{_signs()}-{_signs()}" for _ in range(RECOVERY_CODES)]


def fold_recovery_code(code: str) -> str:
    """A recovery code as it is compared: without the hyphen, blanks, capitals and full-width signs."""
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKC", code).casefold())


def digits_of(code: str) -> str:
    """The digits of a code, as whatever digits they were typed."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", code) if sign.isascii() and sign.isdigit())


def _signs() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))
