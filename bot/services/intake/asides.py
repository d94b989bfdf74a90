"""What else a message may want while a form waits for an answer."""

from __future__ import annotations

import re

from bot.privacy.request_types import Field, begins_procedure, procedure_of
from bot.services.intake import choices
from bot.services.intake.form import PLAIN, OpenForm
from bot.services.intake.plan import MANUAL
from bot.services.intake.readers import fold
from bot.services.intake.revisions import changes_mind
from bot.understanding.result import INFORM

_LIKELY = 0.3
"""From this probability on a wish is taken for one if the customer says that the mind is changed."""
_NOT_THAT = re.compile("^(?:いや|いえ|ちがう|違う|違い)|(?:じゃ|では)な[いく]|(?:の|もの|ほう|方)は")


def other_wish(form: OpenForm) -> str | None:
    """Name the procedure that the message would begin if no form were open, where that is plain."""
    for intent, probability in form.turn.understanding.ranking:
        if intent != INFORM:
            sure = _LIKELY if changes_mind(form.turn.text) else PLAIN
            plain = probability >= sure and begins_procedure(intent)
            return procedure_of(intent) if plain and procedure_of(intent) != form.procedure else None
    return None


def other_kind(form: OpenForm, text: str) -> str | None:
    """Name the type of request that a wish without an object stands for, if it isn't the open one."""
    kind = choices.read_kind(text)
    return kind if kind != form.procedure else None


def other_item(form: OpenForm, text: str) -> str | None:
    """Name the item that a customer puts in the place of the one taken before: 「いや、変わったのは電話です」."""
    taken, named = form.value(Field.ITEM), choices.read_item(text)
    return named if taken and named != taken and _NOT_THAT.search(fold(text)) else None


def wants_no_code(form: OpenForm, text: str) -> bool:
    """Tell the wish to go by documents where a code, or a name or contact for one, is asked."""
    by_code = (
        form.asking in (Field.NAME.value, Field.CONTACT.value, Field.CODE.value)
        and form.state.get("identity") != MANUAL
    )
    return by_code and choices.means_without_code(text)
