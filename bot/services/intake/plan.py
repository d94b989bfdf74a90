"""Which fields a form asks, in order."""

from __future__ import annotations

import re

from bot.privacy.request_types import (
    AGENT,
    EXTEND_STOP,
    STATUS,
    STOP_FIELDS,
    WITHDRAWAL,
    Field,
    Level,
    RequestType,
    request_type,
)
from bot.services.intake.fields import UNKNOWN
from bot.services.intake.form import OpenForm
from bot.services.records import Customer

MANUAL = "manual"
_STOPPED_BY = {
    Field.STOP_PHONE: {"phone", "sms"},
    Field.STOP_EMAIL: {"email"},
    Field.STOP_POST: {"post"},
    Field.STOP_LINE: {"line"},
    Field.STOP_ANY: {"all"},
}
_INSPECTION = re.compile("点検|車検")


def type_of(form: OpenForm) -> RequestType | None:
    """The type of request that the form makes; None for status, withdrawal and what isn't chosen yet."""
    if form.procedure in (STATUS, WITHDRAWAL, EXTEND_STOP):
        return None
    if form.procedure == AGENT:
        chosen = form.value(Field.KIND)
        return request_type(chosen) if chosen else None
    return request_type(form.procedure)


def fields_of(form: OpenForm) -> list[Field]:
    """List the fields that apply, given what was answered so far."""
    if form.procedure in (STATUS, WITHDRAWAL):
        return [Field.RECEIPT, *_proof_for_receipt(form)]
    kind = type_of(form)
    own = [asked for asked in kind.fields if applies(form, asked)] if kind else []
    if form.procedure == AGENT:
        return [Field.KIND, Field.RELATION, Field.PRINCIPAL, *own, Field.NAME, Field.CONTACT]
    level = Level.CODE if form.procedure == EXTEND_STOP else kind.level if kind else Level.CODE
    return [*own, *_identity(form, level)]


def applies(form: OpenForm, asked: Field) -> bool:
    """Tell whether a field is asked at all: a stop's contacts follow its means, and so on."""
    if asked in STOP_FIELDS:
        means = set((form.value(Field.MEANS) or "").split(","))
        if asked is Field.STOP_LINE and line_account(form):
            return False
        return bool(means & _STOPPED_BY[asked])
    if asked is Field.KEEP_INSPECTION:
        # Only a company that looks after cars sends such notices, and its policy says so.
        return bool(_INSPECTION.search(form.turn.company.policy.text))
    if asked is Field.OLD_VALUE:
        return form.value(Field.NEW_VALUE) is None or asked.value in form.values
    return True


def line_account(form: OpenForm) -> str | None:
    """The LINE account that is talking, which needs no name."""
    thread = form.conversation
    return thread.external_id if thread and thread.channel == "line" else None


def verified_person(form: OpenForm, level: Level) -> Customer | None:
    """The person verified in this conversation lately at that level or a higher one."""
    thread = form.conversation
    if thread is None or thread.verified_customer is None or thread.verified_until is None:
        return None
    if thread.verified_until <= form.now or thread.verified_level < level:
        return None
    customer = form.tx.customers.get(thread.verified_customer)
    return customer if customer and customer.company == form.turn.company.id else None


def _identity(form: OpenForm, level: Level) -> list[Field]:
    if level is Level.NAMED_CONTACT or verified_person(form, level):
        return []
    if form.state.get("identity") == MANUAL:
        return [Field.NAME, Field.CONTACT]
    if verified_person(form, Level.CODE):
        return [Field.FACT]
    fact = [Field.FACT] if level is Level.CODE_AND_FACT else []
    return [Field.NAME, Field.CONTACT, Field.CODE, *fact]


def _proof_for_receipt(form: OpenForm) -> list[Field]:
    """Nothing more for who is known here; else a code, and for a lost receipt number the name and contact too."""
    if form.state.get("known_here"):
        return []
    if form.value(Field.RECEIPT) == UNKNOWN:
        return [] if verified_person(form, Level.CODE) else [Field.NAME, Field.CONTACT, Field.CODE]
    return [] if verified_person(form, Level.CODE) else [Field.CODE]
