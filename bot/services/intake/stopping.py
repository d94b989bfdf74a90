"""Stop marketing while the form is being filled in: what is named is suppressed at once."""

from __future__ import annotations

from bot.privacy.request_types import Field
from bot.services.intake.fields import UNKNOWN, show_value
from bot.services.intake.form import OpenForm
from bot.services.intake.plan import line_account
from bot.services.suppressions import INSPECTION, purpose_of_stop, suppress

_MEANS_OF = {
    Field.STOP_PHONE: ("phone", "sms"),
    Field.STOP_EMAIL: ("email",),
    Field.STOP_POST: ("post",),
    Field.STOP_LINE: ("line",),
    Field.STOP_ANY: ("all",),
}


def suppress_named(form: OpenForm) -> None:
    """Suppress whatever has been named so far, and say so of what is new."""
    pairs = _pairs(form)
    purpose = purpose_of_stop(form.value(Field.KEEP_INSPECTION))
    suppress(form.tx, form.turn.company.id, pairs, purpose, form.now, request=form.state["request"])
    told = list(form.state.get("stopped", ()))
    fresh = [shown for shown in dict.fromkeys(_shown(form, contact) for _, contact in pairs) if shown not in told]
    if fresh:
        form.state["stopped"] = told + fresh
        name = "stopped_inspection_now" if purpose == INSPECTION else "stopped_now"
        form.say(name, contacts=form.phrases.text("list_separator").join(fresh))


def take_back(form: OpenForm) -> None:
    """Undo what a mistaken answer had suppressed; what is still named stays suppressed."""
    form.tx.suppressions.take_back(form.state["request"])
    shown = {_shown(form, contact) for _, contact in _pairs(form)}
    form.state["stopped"] = [contact for contact in form.state.get("stopped", ()) if contact in shown]
    suppress_named(form)


def _pairs(form: OpenForm) -> list[tuple[str, str]]:
    """List (means, contact) of all that was named; a number's SMS and calls as far as they were meant."""
    means = set((form.value(Field.MEANS) or "").split(","))
    pairs = []
    for asked, by in _MEANS_OF.items():
        value = form.value(asked)
        if value and value != UNKNOWN:
            pairs += [(one, contact) for one in by if one in means for contact in value.split("\n")]
    account = line_account(form)
    if account and stops_line_account(form):
        pairs.append(("line", account))
    return pairs


def stops_line_account(form: OpenForm) -> bool:
    """Tell whether the LINE account that is talking is meant."""
    means = set((form.value(Field.MEANS) or "").split(","))
    return line_account(form) is not None and bool(means & {"line", "all"})


def _shown(form: OpenForm, contact: str) -> str:
    if contact == line_account(form):
        return form.phrases.text("value_line_account")
    return show_value(form.phrases, Field.STOP_ANY, contact)
