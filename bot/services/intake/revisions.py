"""New values of answered fields in a message that wasn't asked for them: 「やっぱり紙で」, 「住所は…でした」."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.privacy.request_types import STOP_FIELDS, Field
from bot.services.intake import choices
from bot.services.intake.changes import changeable, field_meant, names_field
from bot.services.intake.fields import UNKNOWN, contact_of, new_value_of
from bot.services.intake.form import CHANGE, SUMMARY, OpenForm
from bot.services.intake.name_shapes import has_name_shape
from bot.services.intake.readers import fold, introduced_name
from bot.services.intake.recipients import recipients_meant
from bot.services.intake.said import contacts_to_stop, keep_inspection, some_data
from bot.services.receipts import read_receipt
from bot.understanding.parts import is_asking

_OTHERWISE = re.compile("やっぱ|やはり|じゃなく|ではなく|それより")
_WRONG = re.compile("直|なおし|違|ちが|間違|まちが|変え|変更|訂正|修正|戻|(?:でし|だっ)た(?:[。!]|$)")
_MORE = re.compile("も(?:[、。!]|$|お?願|おねが|止|とめ|停|や[めん]|不要|いら|要ら|結構|送らな)")
_TO_STOP = re.compile("止め|とめ|やめ|停止|不要|いら|いりま|要ら|要りま|送らな|拒否|じゃなく|ではなく")


def changes_mind(text: str) -> bool:
    """Tell that somebody has thought better of something said before."""
    return bool(_OTHERWISE.search(text))


def speaks_of_mistake(text: str) -> bool:
    """Tell that something said before was wrong or is to be changed."""
    return bool(_WRONG.search(text))


def revised(form: OpenForm, text: str) -> dict[Field, str]:
    """Read what a message puts in the place of earlier answers; a question puts nothing there."""
    if is_asking(fold(text)) and not changes_mind(text):
        return {}
    if form.procedure == "stop_marketing":
        return _stop(form, text)
    named, fields = field_meant(form, text), changeable(form)
    if named and named not in _FINDERS:
        return {}
    for asked in [*([named] if named else ()), *reversed(fields)]:
        find = _FINDERS.get(asked)
        value = find(form, text) if find else None
        if value:
            return {asked: value} if value != form.value(asked) else {}
    return {}


def revises(form: OpenForm, text: str) -> bool:
    """Tell a message that surely changes an answer, so that it isn't taken for a new wish."""
    if form.asking == CHANGE:
        return bool(revised(form, text) or (names_field(text) and not is_asking(fold(text))))
    return (at_rest(form) or changes_mind(text) or speaks_of_mistake(text)) and bool(revised(form, text))


def at_rest(form: OpenForm) -> bool:
    """Tell that every field was answered, so that a value can only take another's place."""
    return form.asking in (SUMMARY, CHANGE)


def _stop(form: OpenForm, text: str) -> dict[Field, str]:
    """A contact that is named joins those to stop, or follows the one that was wrong; so do other means."""
    kept = keep_inspection(text)
    if kept and form.value(Field.KEEP_INSPECTION) not in (None, kept[Field.KEEP_INSPECTION]):
        return kept
    named = contacts_to_stop(form, text)
    changed = {asked: _joined(form, asked, named[asked], text) for asked in STOP_FIELDS if asked in named}
    if any(form.value(asked) != value for asked, value in changed.items()):
        return {**named, **changed}
    if form.value(Field.MEANS) and (_MORE.search(text) or _TO_STOP.search(text)) and (means := other_means(form, text)):
        return {Field.MEANS: means}
    return {}


def _joined(form: OpenForm, asked: Field, new: str, text: str) -> str:
    known = form.value(asked)
    if known in (None, UNKNOWN):
        return new
    if speaks_of_mistake(text) and not _MORE.search(text):
        return _completed(known, new) if asked is Field.STOP_POST else new
    return "\n".join(dict.fromkeys([*known.split("\n"), *new.split("\n")]))


def _completed(known: str, new: str) -> str:
    """Put the prefecture and municipality of the known address before one that begins at its town: 「新町1-2」."""
    place = re.match(r"\D+", new)
    before, found, _ = known.partition(place.group()) if place else ("", "", "")
    return before + new if found else new


def other_means(form: OpenForm, text: str) -> str:
    """Read other means than those taken (DM was meant as mail); what was stopped already stays among them."""
    said, taken = choices.read_means(text), (form.value(Field.MEANS) or "").split(",")
    kept = taken if form.state.get("stopped") or "も" in text else []
    return ",".join(dict.fromkeys([*kept, *said])) if set(said) - set(taken) else ""


def _scope(form: OpenForm, text: str) -> str | None:
    """「全部違う」 names no scope, and only a changed mind does at all."""
    return some_data(choices.but_rather(text)) if changes_mind(text) and not speaks_of_mistake(text) else None


def _value(form: OpenForm, asked: Field, text: str) -> str | None:
    item, known = form.value(Field.ITEM) or "", form.value(asked) or ""
    new = new_value_of(item, text)
    return _completed(known, new) if new and item == "address" else new


def _name(form: OpenForm, text: str) -> str | None:
    name = introduced_name(text)
    return name if name and has_name_shape(name) else None


_FINDERS: dict[Field, Callable[[OpenForm, str], str | None]] = {
    Field.SCOPE: _scope,
    Field.FORM: lambda form, text: choices.read_form(text),
    Field.OLD_VALUE: lambda form, text: _value(form, Field.OLD_VALUE, text),
    Field.NEW_VALUE: lambda form, text: _value(form, Field.NEW_VALUE, text),
    Field.RECIPIENT: lambda form, text: "\n".join(recipients_meant(form.turn.company, text)) or None,
    Field.RECEIPT: lambda form, text: read_receipt(text),
    Field.NAME: _name,
    Field.CONTACT: lambda form, text: contact_of(text),
}
