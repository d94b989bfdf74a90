"""The register's entry of a person beside what was said: what agrees, and what doesn't."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers

from bot.privacy.folding import fold_name
from bot.privacy.japanese_dates import read_date
from bot.privacy.request_types import Field
from bot.services.contacts import fold_contact
from bot.services.records import Customer, DataSubjectRequest

_E164 = re.compile(r"\+\d{9,15}")
_JAPAN = 81
NAME_FIELDS = ("name", "name_kana")
REGISTER_FIELDS = (
    *("customer_no", "name", "name_kana", "email", "phone", "postal_code", "address", "birth_date", "plates"),
)


@dataclass(frozen=True)
class Compared:
    """One field of the register; `agrees` is None where only one side says anything."""

    field: str
    said: str
    on_file: str
    agrees: bool | None


def compare(request: DataSubjectRequest, customer: Customer | None) -> list[Compared]:
    """Put what the register says of a person beside what was said of them; for an agent's request, of the principal."""
    said = _said(request)
    fields = REGISTER_FIELDS if customer else tuple(said)
    return [_compared(field, said.get(field, ""), customer) for field in fields]


def search_words(request: DataSubjectRequest) -> tuple[str, ...]:
    """What to look a person up by: the contact first, since it finds fewer."""
    said = _said(request)
    return tuple(said[field] for field in ("email", "phone", "name") if said.get(field))


def on_file(customer: Customer, field: str) -> str:
    """A field of the register as people write it."""
    value = getattr(customer, field)
    if field == "birth_date" and (day := read_date(value)):
        return f"{day.year}年{day.month}月{day.day}日"
    return "、".join(value) if isinstance(value, tuple) else as_written(str(value))


def as_written(value: str) -> str:
    """A number as it is dialled in Japan; anything else as it is."""
    number = phonenumbers.parse(value) if _E164.fullmatch(value) else None
    if number is None or number.country_code != _JAPAN:
        return value
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _said(request: DataSubjectRequest) -> dict[str, str]:
    claimant, said = request.claimant, {}
    for_another = Field.PRINCIPAL.value in claimant
    if name := claimant.get(Field.PRINCIPAL.value if for_another else Field.NAME.value):
        said["name"] = name
    contact = "" if for_another else claimant.get(Field.CONTACT.value, "")
    if contact and contact != "unknown":
        said["email" if "@" in contact else "phone" if _E164.fullmatch(contact) else "address"] = contact
    return said | _corrected(request)


def _corrected(request: DataSubjectRequest) -> dict[str, str]:
    """What the customer believes to be on file, where a correction is asked for."""
    item, old = (request.details.get(field.value, "") for field in (Field.ITEM, Field.OLD_VALUE))
    field = {"kana": "name_kana", "plate": "plates"}.get(item, item)
    return {field: old} if field in REGISTER_FIELDS and old and old != "unknown" else {}


def _compared(field: str, said: str, customer: Customer | None) -> Compared:
    if customer is None:
        return Compared(field, as_written(said), "", None)
    agrees = _agrees(field, said, customer) if said else None
    return Compared(field, as_written(said), on_file(customer, field), agrees)


def _agrees(field: str, said: str, customer: Customer) -> bool:
    if field in NAME_FIELDS:
        return fold_name(said) in {fold_name(customer.name), fold_name(customer.name_kana)}
    if field == "birth_date":
        day = read_date(said)
        return day is not None and day.isoformat() == customer.birth_date
    values = customer.plates if field == "plates" else (str(getattr(customer, field)),)
    return fold_contact(said) in {fold_contact(value) for value in values if value}
