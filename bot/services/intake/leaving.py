"""What stands between an open form and its loss: the questions whether to switch and whether to leave."""

from __future__ import annotations

from bot.privacy.request_types import STATUS, WITHDRAWAL, Field
from bot.services.intake import choices
from bot.services.intake.form import LEAVE, SWITCH, OpenForm
from bot.services.intake.questions import title_of


def offer_switch(form: OpenForm, procedure: str, text: str) -> None:
    """Ask whether to leave the open form for another."""
    _interrupt(form, SWITCH, procedure=procedure, text=text)


def ask_leave(form: OpenForm) -> None:
    """Ask whether the form is to be left, after a word that may mean this."""
    _interrupt(form, LEAVE)


def ask_again(form: OpenForm) -> None:
    """Put the interrupting question."""
    if form.asking == LEAVE:
        form.say("ask_leave")
        return
    wanted = form.state[SWITCH]["procedure"]
    form.say("ask_switch", open=title_of(form, form.procedure), wanted=title_of(form, wanted))


def go_back(form: OpenForm) -> None:
    """Return to the question that was interrupted."""
    form.asking = question_below(form)
    form.state.pop(SWITCH, None)
    form.state.pop(LEAVE, None)


def question_below(form: OpenForm) -> str | None:
    """Name the question that waits while another interrupts it."""
    if form.asking in (SWITCH, LEAVE):
        below: str | None = form.state[form.asking]["asking"]
        return below
    return form.asking


def gives_up(form: OpenForm, text: str) -> bool:
    """Tell a plain word of giving up; one of taking back means a request where a receipt number was asked."""
    of_request = form.procedure in (STATUS, WITHDRAWAL) and choices.means_taking_back(text)
    # Where it is asked what may still be sent, 「やめてください」 answers.
    of_notices = form.asking == Field.KEEP_INSPECTION.value and choices.asks_to_stop(text)
    return choices.means_cancel(text) and not (of_request or of_notices)


def agrees_to_switch(form: OpenForm, text: str) -> bool | None:
    """Tell whether an answer takes the other form (True) or stays (False); None if it says neither."""
    stays, switches = choices.means_stay(text), choices.means_switch(text)
    if stays != switches:
        return switches
    named = title_of(form, form.state[SWITCH]["procedure"]) in text
    if named or (form.agrees and not choices.means_submit(text)):
        return True
    return False if stays or form.denies else None


def agrees_to_leave(form: OpenForm, text: str) -> bool | None:
    """Tell whether an answer gives the form up (True) or goes on (False); None if it says neither."""
    if choices.means_cancel(text):
        return True
    if choices.means_stay(text) or choices.means_no(text) or form.denies:
        return False
    agrees = choices.means_yes(text) or form.agrees
    return True if agrees and not choices.means_submit(text) else None


def _interrupt(form: OpenForm, by: str, **about: str) -> None:
    """Ask something in between; of several interruptions the first question stays the one to go back to."""
    below = question_below(form)
    form.state.pop(SWITCH, None)
    form.state.pop(LEAVE, None)
    form.state[by] = {**about, "asking": below}
    form.asking = by
    ask_again(form)
