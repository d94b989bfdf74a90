"""Ways to go on that were offered: what was said before is kept for the one that is chosen, and isn't asked again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.privacy.request_types import AGENT, REQUEST_TYPES, WITHDRAWAL, Field, request_type
from bot.services.intake import choices
from bot.services.intake.fields import contact_of
from bot.services.intake.form import OpenForm
from bot.services.intake.given import gives_contact
from bot.services.intake.readers import fold
from bot.services.phrases import Button, Phrasebook, Reply
from bot.services.receipts import read_receipt
from bot.services.records import DataSubjectRequest

_CHOICE_END = (
    "(?:の?(?:方|ほう))?(?:で|を|が)?(?:お?願い(?:します|いたします)?|いい(?:です)?|希望(?:します)?|です)?[。!]?"
)
_LONGEST_YES = 12
_TAKEN_UP = {
    AGENT: "(?:はい、?)?(?:代理人?(?:です|として.{0,12})?|申し?込(?:む|みます|みたい|ませて).{0,6})[。!]?",
    "stop_marketing": "(?:(?:それ|そこ)を?)?(?:止め|とめ)(?:る|ます|たい|て)(?:ください|下さい|ほしい|です){0,2}[。!]?",
}
"""Other words than its label by which a procedure is named in an answer to its offer."""


def kinds_offered(phrases: Phrasebook, phrase: str, procedures: Sequence[str]) -> Reply:
    """Offer kinds of request, each with what it does."""
    kinds = [request_type(procedure) for procedure in procedures]
    told = "\n".join(phrases.text(f"explained_{kind.id}", label=kind.label) for kind in kinds)
    wishes = [phrases.text("which_request_wish", label=kind.label) for kind in kinds]
    buttons = [Button(kind.label, wish) for kind, wish in zip(kinds, wishes, strict=True)]
    reply = phrases.say(phrase, kinds=told)
    return reply.with_buttons([*buttons, *reply.buttons])


def keep_wish(form: OpenForm, offer: Reply, procedures: Sequence[str] = ()) -> None:
    """Make an offer, and remember what it answers; `procedures` are those that a typed answer may name."""
    form.state["wish"] = {
        "text": form.turn.text,
        "chosen_by": [said for button in offer.buttons for said in (button.title, button.payload)],
        "procedures": list(procedures),
    }
    form.replies.append(offer)


def chosen(wish: Mapping[str, Any], text: str) -> str | None:
    """Name the procedure that an answer to the offer takes: by its name, or by a yes to the only one."""
    said, offered = fold(text), wish.get("procedures", ())
    named = [one for one in offered if re.fullmatch(_named_by(one, offered), said)]
    if not named and len(offered) == 1 and len(said) <= _LONGEST_YES and choices.means_yes(said):
        return str(offered[0])
    if len(offered) > 1 and choices.means_both(said):
        return str(offered[0])
    return named[0] if named else None


def _named_by(procedure: str, offered: Sequence[str]) -> str:
    labels = [f"{re.escape(kind.label)}{_CHOICE_END}" for kind in REQUEST_TYPES if kind.id == procedure]
    # 「止める」 tells one from another only where a single thing offered is a stop.
    plain = sum(one.startswith("stop_") for one in offered) < 2
    return "|".join([*labels, *(words for one, words in _TAKEN_UP.items() if one == procedure and plain)])


def left_for_next(wish: Mapping[str, Any], text: str) -> list[str]:
    """Name the offered procedures that are wanted too, but can't be begun at the same time."""
    return [str(one) for one in wish.get("procedures", ())[1:]] if choices.means_both(fold(text)) else []


def answers_with_contact(wish: Mapping[str, Any], text: str) -> bool:
    """Tell that the only way offered is to stop marketing, and that the answer names where."""
    return list(wish.get("procedures", ())) == ["stop_marketing"] and gives_contact(text)


def with_wish(form: OpenForm, text: str) -> str:
    """Put what was said before an offer in front of the choice that takes it up."""
    wish = form.state.get("wish", {})
    takes_up = text.strip() in wish.get("chosen_by", ()) or chosen(wish, text) or answers_with_contact(wish, text)
    takes_up = takes_up or gives_contact(wish.get("text", ""))  # A contact that was given isn't asked again.
    return f"{wish['text']}。\n{text}" if takes_up else text


def with_known(form: OpenForm, text: str, stop: DataSubjectRequest | None) -> str:
    """Put in front what this conversation knows: the receipt shown last, or by whom and to what a stop was made."""
    known: list[str | None] = []
    if form.procedure == WITHDRAWAL and not read_receipt(text):
        known = [form.state.get("shown")]
    elif stop:
        name, stopped = stop.claimant.get(Field.NAME.value), "\n".join(stop.details.values())
        known = [f"名前は{name}" if name else None, contact_of(stopped)]
    return "。\n".join([*filter(None, known), text])
