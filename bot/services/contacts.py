"""Contacts as people write them, and as the desk compares them."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

from bot.privacy.folding import fold_address, fold_email, fold_plate

REGION = "JP"
_PHONE_LIKE = re.compile(r"[+(\d][\d\s()+ー‐-―−-]*")
_JAPANESE = re.compile(r"[5-9]0\d{8}|(?![5-9]0)[1-9]\d{8}")
"""A national number without its leading 0: ten digits for mobile and IP telephones, nine for the rest."""
_JAPANESE_MOBILE = re.compile(r"\+81[6-9]0\d{8}")
_E164 = re.compile(r"\+[1-9]\d{9,14}")
_PLATE = re.compile(r"[^\d]+\d[\dA-Z]{0,2}[ぁ-んァ-ヶ]\d{1,4}")
"""A folded plate: place, class, one kana, number."""


def normalise_phone(text: str) -> str | None:
    """A Japanese or international phone number as E.164; None if it is none."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), REGION)
    except phonenumbers.NumberParseException:
        return None
    if not (phonenumbers.is_valid_number(number) or _looks_japanese(number)):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_phone(number: str) -> str:
    """Write an E.164 number as its owner does: a Japanese one with the hyphens of its area, 090-1234-5678."""
    parsed = phonenumbers.parse(number)
    at_home = parsed.country_code == phonenumbers.country_code_for_region(REGION)
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if at_home else form.INTERNATIONAL)


def _looks_japanese(number: phonenumbers.PhoneNumber) -> bool:
    """Take a number of the right form although its block isn't in use: registers hold such, and so do examples."""
    return number.country_code == 81 and bool(_JAPANESE.fullmatch(str(number.national_number)))


def is_mobile(number: str) -> bool:
    """Tell whether an E.164 number takes an SMS; Japan's go by prefix, for a made-up 080-0… counts as toll-free."""
    if number.startswith("+81"):
        return bool(_JAPANESE_MOBILE.fullmatch(number))
    if not number:
        return False
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


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
    if _E164.fullmatch(text):
        return text  # As the register keeps them: parsing a million of them once more takes minutes.
    if _PHONE_LIKE.fullmatch(text):
        return normalise_phone(text) or fold_address(text)
    plate = fold_plate(text)
    return plate if _PLATE.fullmatch(plate) else fold_address(text)
