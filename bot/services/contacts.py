"""Contacts as people write them, and as the desk compares them."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from bot.privacy.folding import fold_address, fold_email, fold_plate

REGION = "JP"
_PHONE_LIKE = re.compile(r"[+(\d][\d\s()+ー‐-―−-]*")
_PLATE = re.compile(r"[^\d]+\d[\dA-Z]{0,2}[^\dA-Z]\d{1,4}")
"""A folded plate: place, class, one kana, number."""


def normalise_phone(text: str) -> str | None:
    """A Japanese or international phone number as E.164; None if it is none."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_email(text: str) -> str | None:
    """An e-mail address, folded; None if it is none."""
    address = fold_email(text)
    return (
        address if re.fullmatch(r"[^\s@,;<>()\[\]\\\"]{1,64}@[^\s@,;<>()\[\]\\\"]+\.[a-z0-9-]{2,}", address) else None
    )


def fold_contact(contact: str) -> str:
    """Fold whatever a person is reached or known by: e-mail, phone, plate or address; so that equal ones meet."""
    text = unicodedata.normalize("NFKC", contact).strip()
    if "@" in text:
        return fold_email(text)
    if _PHONE_LIKE.fullmatch(text):
        return normalise_phone(text) or fold_address(text)
    plate = fold_plate(text)
    return plate if _PLATE.fullmatch(plate) else fold_address(text)
