"""How each field of a request form is read, refused and shown; its words are the phrases `ask_<field>` and so on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.privacy.japanese_dates import read_date, show_date
from bot.privacy.request_types import Field, UnknownRequestType, request_type
from bot.services.contacts import normalise_email, normalise_phone, show_phone
from bot.services.intake import choices
from bot.services.intake.form import BAD_ANSWERS, OpenForm
from bot.services.intake.name_shapes import has_name_shape, is_courtesy
from bot.services.intake.readers import (
    could_be_name,
    find_address,
    find_emails,
    find_phones,
    find_plate,
    fold,
    is_family_name,
    read_name,
    strip_talk,
    typed_name,
)
from bot.services.intake.recipients import recipients_meant, recipients_named
from bot.services.phrases import Phrasebook
from bot.services.receipts import read_receipt
from bot.understanding.expectation import is_bare_value
from bot.understanding.result import INFORM
from bot.understanding.text import normalise

UNKNOWN = "unknown"
ALL = "all"
NONE = "none"
LONGEST = 500
SHORT = 14
_KIND_ALONE = 8
_SURE = 0.8
_NO_WORDS_OF_OWN = frozenset({"affirm", "deny", "greet", "goodbye", "thank", "chitchat"})
_FROM_TO = re.compile(r"(?P<old>.+?)\s*から\s*(?P<new>.+?)\s*(?:に|へ)?(?:変更|変わり(?:ました)?|直して(?:ください)?)?")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Reading:
    """What an answer was read as: values by field, or the phrase that says what is wrong with it."""

    values: Mapping[Field, str] = field(default_factory=dict)
    refusal: str | None = None


Reader = Callable[[OpenForm, str], Reading]


@dataclass(frozen=True)
class FieldRules:
    """One field; `kind` is what an Expectation says of it, `coded` are the values that a phrase shows."""

    read: Reader
    kind: str = "text"
    coded: bool = False


def show_value(phrases: Phrasebook, asked: Field, value: str) -> str:
    """Write a value as the customer reads it."""
    if asked is Field.KIND:
        return request_type(value).label
    if asked is Field.MEANS:
        return phrases.text("list_separator").join(phrases.text(f"value_means_{one}") for one in value.split(","))
    name = f"value_{asked.value}_{value}"
    if FIELDS[asked].coded and name in phrases.names():
        return phrases.text(name)
    if value == UNKNOWN:
        return phrases.text("value_unknown")
    return phrases.text("list_separator").join(_show_contact(one) for one in value.split("\n"))


def _show_contact(value: str) -> str:
    """Write a telephone number as people do; anything else as it is."""
    return show_phone(value) if re.fullmatch(r"\+[1-9]\d{6,14}", value) else value


def phone_of(text: str) -> str | None:
    """Read the first telephone number, as E.164."""
    return next((number for found in find_phones(text) if (number := normalise_phone(found))), None)


def email_of(text: str) -> str | None:
    """Read the first e-mail address."""
    return next((address for found in find_emails(text) if (address := normalise_email(found))), None)


def _one(asked: Field, value: str | None) -> Reading:
    return Reading({asked: value}) if value else Reading(refusal=f"refuse_{asked.value}")


def _read_means(form: OpenForm, text: str) -> Reading:
    return _one(Field.MEANS, ",".join(choices.read_means(text)))


def _all_of(asked: Field, find: Callable[[str], list[str]]) -> Reader:
    """Take every contact of a kind that is named; a customer who has none may say so."""

    def read(form: OpenForm, text: str) -> Reading:
        found = "\n".join(dict.fromkeys(find(text)))
        return _one(asked, found or (UNKNOWN if choices.means_unknown(text) else None))

    return read


def _phones(text: str) -> list[str]:
    return [number for found in find_phones(text) if (number := normalise_phone(found))]


def _emails(text: str) -> list[str]:
    return [address for found in find_emails(text) if (address := normalise_email(found))]


def _addresses(text: str) -> list[str]:
    address = find_address(text)
    return [address] if address else []


def _any_contact(text: str) -> list[str]:
    return [*_phones(text), *_emails(text), *_addresses(text)]


def _line_names(text: str) -> list[str]:
    name = strip_talk(fold(text))
    return [name] if 0 < len(name) <= 40 and not choices.means_unknown(text) else []


def _read_keep(form: OpenForm, text: str) -> Reading:
    """A yes or no in any words counts where no plainer word is found."""
    by_intent = {"affirm": "yes", "deny": "no"}.get(form.turn.understanding.intent)
    return _one(Field.KEEP_INSPECTION, choices.read_keep(text) or by_intent)


def _read_scope(form: OpenForm, text: str) -> Reading:
    if choices.means_all(text):
        return Reading({Field.SCOPE: ALL})
    lacks = choices.means_nothing(text) or choices.means_unknown(text) or choices.means_unwilling(text)
    if len(fold(text)) <= SHORT and lacks:
        return Reading(refusal="refuse_scope")
    return _free(form, Field.SCOPE, text)


def _read_reason(form: OpenForm, text: str) -> Reading:
    return Reading({Field.REASON: NONE}) if choices.means_nothing(text) else _free(form, Field.REASON, text)


def _free(form: OpenForm, asked: Field, text: str) -> Reading:
    """Take words as they are; a bare yes, a mark or a date says nothing, nor does a question at first."""
    said = fold(text)
    empty = (choices.means_yes(said) and len(said) <= 6) or bare_date(said) is not None
    empty = empty or (choices.means_asking(said) and not _insisted(form))
    if empty or _says_something_else(form) or len(_LETTERS.findall(said)) < 2 or len(said) > LONGEST:
        return Reading(refusal=f"refuse_{asked.value}")
    return Reading({asked: said})


def _read_item(form: OpenForm, text: str) -> Reading:
    known = choices.read_item(text)
    return Reading({Field.ITEM: known}) if known else _free(form, Field.ITEM, strip_talk(text))


def _read_old_value(form: OpenForm, text: str) -> Reading:
    if choices.means_unknown(text):
        return Reading({Field.OLD_VALUE: UNKNOWN})
    said = strip_talk(fold(text))
    both = _FROM_TO.fullmatch(said)
    new = _NEW_VALUES.get(form.value(Field.ITEM) or "", str)(both["new"]) if both else None
    if both and new:
        return Reading({Field.OLD_VALUE: both["old"], Field.NEW_VALUE: new})
    if choices.names_item(form.value(Field.ITEM) or "", said):
        return Reading(refusal="refuse_old_value")
    return _one(Field.OLD_VALUE, said if 0 < len(said) <= LONGEST else None)


def old_and_new(text: str, find: Callable[[str], str | None]) -> dict[Field, str]:
    """Read 「AからB」 as the old and the new value, anything else as the new one alone."""
    before, _, after = text.rpartition("から")
    old, new = find(before), find(after)
    if old and new:
        return {Field.OLD_VALUE: old, Field.NEW_VALUE: new}
    value = find(text)
    return {Field.NEW_VALUE: value} if value else {}


def _read_new_value(form: OpenForm, text: str) -> Reading:
    """Check the new value by its item, and say with an example what is wrong."""
    item = form.value(Field.ITEM) or ""
    if choices.means_removal(text):
        return Reading({Field.NEW_VALUE: "removal"})
    if item in _NEW_VALUES:
        values = old_and_new(text, _NEW_VALUES[item])
        return Reading(values) if values else Reading(refusal=f"refuse_new_value_{item}")
    said = strip_talk(fold(text))
    return _one(Field.NEW_VALUE, said if 0 < len(said) <= LONGEST else None)


def new_value_of(item: str, text: str) -> str | None:
    """Read the value of an item that has a form of its own; None for anything else."""
    find = _NEW_VALUES.get(item)
    return find(text) if find and item not in ("name", "kana") else None


def bare_date(text: str) -> str | None:
    """Read a date that is all a message says."""
    return _date_of(text) if is_bare_value(normalise(text)) else None


def _date_of(text: str) -> str | None:
    day = read_date(text)
    return show_date(day) if day else None


_NEW_VALUES: dict[str, Callable[[str], str | None]] = {
    "phone": phone_of,
    "email": email_of,
    "address": find_address,
    "birth_date": _date_of,
    "plate": find_plate,
    "name": read_name,
    "kana": read_name,
}


def _read_recipient(form: OpenForm, text: str) -> Reading:
    """Take one of those that the company's policy names, all of them, or another in the customer's words."""
    if choices.means_all(text):
        return Reading({Field.RECIPIENT: ALL})
    said = fold(text)
    if choices.means_nothing(text):
        return Reading(refusal="refuse_recipient")
    named = recipients_meant(form.turn.company, text) or [
        name for name in recipients_named(form.turn.company) if said in fold(name)
    ]
    return Reading({Field.RECIPIENT: "\n".join(named)}) if named else _free(form, Field.RECIPIENT, text)


def _read_receipt(form: OpenForm, text: str) -> Reading:
    found = read_receipt(text)
    return _one(Field.RECEIPT, found or (UNKNOWN if choices.means_unknown(text) else None))


def _read_kind(form: OpenForm, text: str) -> Reading:
    try:
        return Reading({Field.KIND: request_type(choices.read_kind(text) or "").id})
    except UnknownRequestType:
        return Reading(refusal="refuse_kind")


def _read_relation(form: OpenForm, text: str) -> Reading:
    """Take a relation in any words; what is nothing but a kind of request is an answer to another question."""
    known = choices.read_relation(text)
    if known is None and choices.read_kind(text) and len(fold(text)) <= _KIND_ALONE:
        return Reading(refusal="refuse_relation")
    known = known or (strip_talk(fold(text)) if choices.is_relative(strip_talk(text)) else None)
    return Reading({Field.RELATION: known}) if known else _free(form, Field.RELATION, text)


def _read_name(form: OpenForm, text: str) -> Reading:
    """Take the name, and the contact if it was said along; a family name alone only when it is said again."""
    name, contact = _name_of(form, text), contact_of(text)
    along = {Field.CONTACT: contact} if contact and form.value(Field.CONTACT) is None else {}
    if name is None:
        return Reading(along) if along else Reading(refusal="refuse_name")
    if is_family_name(name) and not form.attempts:
        return Reading(along) if along else Reading(refusal="refuse_name_part")
    return Reading({Field.NAME: name, **along})


def _name_of(form: OpenForm, text: str) -> str | None:
    """Read the name; from the third answer on what was typed is one, unless it asks, wishes or greets."""
    name = read_name(text)
    if is_courtesy(typed_name(text)) or is_courtesy(fold(text)):
        return None
    if name and (has_name_shape(name) or not _says_something_else(form)):
        return name
    return _insisted_name(form, text)


def _insisted_name(form: OpenForm, text: str) -> str | None:
    typed = typed_name(text)
    return typed if _insisted(form) and could_be_name(typed) and not is_courtesy(typed) else None


def _insisted(form: OpenForm) -> bool:
    """Tell an answer after two refused ones: nobody is to be stuck, and the summary shows what was taken."""
    return form.attempts >= BAD_ANSWERS


def _says_something_else(form: OpenForm) -> bool:
    """Tell a yes, a no or small talk where words of the customer's own were asked."""
    if _insisted(form) and not is_courtesy(fold(form.turn.text)):
        return False
    understood = form.turn.understanding
    sure = next(((intent, p) for intent, p in understood.ranking if intent != INFORM), ("", 0.0))
    return sure[0] in _NO_WORDS_OF_OWN and sure[1] >= _SURE


def _read_principal(form: OpenForm, text: str) -> Reading:
    return _one(Field.PRINCIPAL, read_name(text) or _insisted_name(form, text))


def _read_contact(form: OpenForm, text: str) -> Reading:
    """Read a telephone number or e-mail address; who has neither is reached by post."""
    lacks = choices.means_unknown(text) or choices.means_no_contact(text) or choices.means_no_phone(text)
    by_post = bool(form.state.get("by_post"))
    found = contact_of(text) or (find_address(text) if by_post else None) or (UNKNOWN if lacks else None)
    return (
        Reading({Field.CONTACT: found}) if found else Reading(refusal=f"refuse_{'stop_post' if by_post else 'contact'}")
    )


def contact_of(text: str) -> str | None:
    """Read an e-mail address or else a telephone number."""
    return email_of(text) or phone_of(text)


def _choice(asked: Field, read: Callable[[str], str | None]) -> FieldRules:
    return FieldRules(lambda form, text: _one(asked, read(text)), coded=True)


def _not_read_here(form: OpenForm, text: str) -> Reading:
    raise AssertionError("codes and second facts are checked by Identity, never kept as answers")


FIELDS: dict[Field, FieldRules] = {
    Field.MEANS: FieldRules(_read_means, coded=True),
    Field.STOP_PHONE: FieldRules(_all_of(Field.STOP_PHONE, _phones), kind="value"),
    Field.STOP_EMAIL: FieldRules(_all_of(Field.STOP_EMAIL, _emails), kind="value"),
    Field.STOP_POST: FieldRules(_all_of(Field.STOP_POST, _addresses), kind="value"),
    Field.STOP_LINE: FieldRules(_all_of(Field.STOP_LINE, _line_names), kind="value"),
    Field.STOP_ANY: FieldRules(_all_of(Field.STOP_ANY, _any_contact), kind="value"),
    Field.KEEP_INSPECTION: FieldRules(_read_keep, coded=True),
    Field.SCOPE: FieldRules(_read_scope, coded=True),
    Field.FORM: _choice(Field.FORM, choices.read_form),
    Field.ITEM: FieldRules(_read_item, coded=True),
    Field.OLD_VALUE: FieldRules(_read_old_value),
    Field.NEW_VALUE: FieldRules(_read_new_value, coded=True),
    Field.REASON: FieldRules(_read_reason, coded=True),
    Field.RECIPIENT: FieldRules(_read_recipient, coded=True),
    Field.RECEIPT: FieldRules(_read_receipt, kind="value"),
    Field.KIND: FieldRules(_read_kind),
    Field.RELATION: FieldRules(_read_relation, coded=True),
    Field.PRINCIPAL: FieldRules(_read_principal, kind="value"),
    Field.NAME: FieldRules(_read_name, kind="value"),
    Field.CONTACT: FieldRules(_read_contact, kind="value"),
    Field.CODE: FieldRules(_not_read_here, kind="value"),
    Field.FACT: FieldRules(_not_read_here, kind="value"),
}
