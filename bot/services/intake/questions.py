"""What a form says at its start, and how each question is put with this company's choices."""

from __future__ import annotations

from bot.privacy.request_types import AGENT, EXTEND_STOP, REQUEST_TYPES, STATUS, WITHDRAWAL, Field, request_type
from bot.services.intake.form import OpenForm
from bot.services.intake.plan import MANUAL, type_of
from bot.services.intake.recipients import recipients_named
from bot.services.phrases import Button, Reply
from bot.settings import Settings


def say_opening(form: OpenForm, settings: Settings) -> None:
    """Name the procedure in the law's words, say what will happen, what the data is for, and a fee if there is one."""
    words: dict[str, object] = {"notice": notice(form, settings)}
    kind = type_of(form)
    if kind:
        words |= {"label": kind.label, "article": kind.article}
    form.say(f"opening_{form.procedure}", **words)
    fee = form.turn.company.fees.get(kind.id) if kind and kind.fee_article else None
    if kind and fee:
        form.say("fee", yen=f"{fee:,}", article=kind.fee_article)


def notice(form: OpenForm, settings: Settings) -> str:
    """Say what the data is for and when it is deleted (APPI 21(2))."""
    if form.procedure in (STATUS, WITHDRAWAL):
        return form.phrases.text("notice_receipt")
    years, rest = divmod(settings.request_days, 365)
    by_years = form.phrases.text("years", number=years) if years and not rest else None
    kept = by_years or form.phrases.text("days", number=settings.request_days)
    return form.phrases.text("notice", draft_days=settings.draft_days, kept=kept)


def question_of(form: OpenForm, asked: Field) -> Reply:
    """Put a field's question with the choices that this company and form have."""
    words: dict[str, str] = {}
    if asked in (Field.OLD_VALUE, Field.NEW_VALUE):
        words["item"] = _item(form)
    reply = form.phrases.say(_question_name(form, asked), **form.company_words(), **words)
    more: list[str] = []
    if asked is Field.RECIPIENT:
        more = recipients_named(form.turn.company)
    if asked is Field.KIND:
        more = [kind.label for kind in REQUEST_TYPES if kind.id != "stop_marketing"]
    return reply.with_buttons([*(Button(one, one) for one in more), *reply.buttons])


def _question_name(form: OpenForm, asked: Field) -> str:
    """Name the question's phrase: an agent is asked for the agent's own, and without a code the contact is staff's."""
    if form.procedure == AGENT and asked in (Field.NAME, Field.CONTACT):
        return f"ask_{asked.value}_agent"
    if asked is Field.CONTACT and form.state.get("identity") == MANUAL:
        return "ask_contact_post" if form.state.get("by_post") else "ask_contact_manual"
    return f"ask_{asked.value}"


def _item(form: OpenForm) -> str:
    name, value = f"value_item_{form.value(Field.ITEM)}", form.value(Field.ITEM) or ""
    return form.phrases.text(name) if name in form.phrases.names() else value


def title_of(form: OpenForm, procedure: str) -> str:
    """Name a procedure in a question about it."""
    if procedure in (STATUS, WITHDRAWAL, AGENT, EXTEND_STOP):
        return form.phrases.text(f"title_{procedure}")
    return request_type(procedure).label
