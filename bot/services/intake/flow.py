"""The steps of a request form: what an answer leads to, and what is asked next."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from bot.privacy.request_types import EXTEND_STOP, STATUS, STOP_FIELDS, WITHDRAWAL, Field
from bot.services.intake import choices, leaving
from bot.services.intake.asides import other_item, other_kind, other_wish, wants_no_code
from bot.services.intake.changes import ask_which, changeable, field_meant, forget, refuse_change
from bot.services.intake.fields import FIELDS, bare_date
from bot.services.intake.form import CHANGE, CONFIRM_WITHDRAWAL, LEAVE, SUMMARY, SWITCH, OpenForm
from bot.services.intake.identity import Identity
from bot.services.intake.lookup import Lookup
from bot.services.intake.plan import fields_of
from bot.services.intake.questions import notice, question_of, say_opening
from bot.services.intake.revisions import at_rest, changes_mind, other_means, revised, revises, speaks_of_mistake
from bot.services.intake.said import contacts_to_stop, keep_inspection, said_ahead, said_birth_date, take_said
from bot.services.intake.stopping import suppress_named, take_back
from bot.services.intake.submission import Submission, item_line
from bot.settings import Settings

_FREE = (Field.SCOPE, Field.REASON, Field.RECIPIENT)
_ON_RECEIPT = (STATUS, WITHDRAWAL)


class Flow:
    """What happens to an open form within a turn."""

    def __init__(self, identity: Identity, submission: Submission, lookup: Lookup, settings: Settings) -> None:
        self._identity = identity
        self._submission = submission
        self._lookup = lookup
        self._settings = settings

    def begin(self, form: OpenForm, text: str, request: str | None = None) -> None:
        """Say what the procedure is, what its data is for (APPI 21(2)), and go on from what was said already."""
        form.values, form.asking, form.attempts = {}, None, 0
        form.state = {"id": uuid.uuid4().hex, "request": request or uuid.uuid4().hex}
        say_opening(form, self._settings)
        if Field.FACT in fields_of(form) and (born := said_birth_date(text)):
            self._identity.keep_fact(form, born)
        self._take(form, take_said(form, text))
        if form.procedure in _ON_RECEIPT:
            self._lookup.prefill(form)
        self.advance(form)

    def take_more(self, form: OpenForm, text: str) -> None:
        """Take what a repeated wish says in addition, and go on; 「住所を直す」 may be a change of it."""
        leaving.go_back(form)
        if new := revised(form, text):
            self._revise(form, new)
            return
        if form.asking == CHANGE or (form.asking == SUMMARY and speaks_of_mistake(text) and field_meant(form, text)):
            self.change(form, text)
            return
        wanted = set(fields_of(form))
        said = {asked: value for asked, value in take_said(form, text).items() if form.value(asked) is None}
        self._take(form, {asked: value for asked, value in said.items() if asked in wanted})
        self.question(form)

    def answer(self, form: OpenForm, text: str) -> None:
        """Take one answer to whatever was asked."""
        if form.asking == SWITCH:
            self._answer_switch(form, text)
        elif form.asking == LEAVE:
            self._answer_leave(form, text)
        elif leaving.gives_up(form, text):
            self._leave(form)
        elif choices.means_later(text):
            form.say("left_for_later", draft_days=self._settings.draft_days)
        elif choices.means_go_on(text):
            self.question(form)
        elif choices.means_change(text) and form.asking != CHANGE:
            self.change(form, text)
        elif form.asking == SUMMARY:
            self._answer_summary(form, text)
        elif form.asking == CONFIRM_WITHDRAWAL:
            self._answer_withdrawal(form, text)
        elif form.asking == CHANGE:
            self._answer_change(form, text)
        else:
            self._answer_field(form, Field(form.asking), text)

    def question(self, form: OpenForm) -> None:
        """Ask what is open once more."""
        if form.asking in (SWITCH, LEAVE):
            leaving.ask_again(form)
        elif form.asking == CHANGE:
            ask_which(form)
        else:
            self.advance(form)

    def advance(self, form: OpenForm) -> None:
        """Ask the first field without an answer; after the last, go to the end."""
        for asked in fields_of(form):
            if asked.value in form.values:
                continue
            if self._takes_another_way(form, asked):
                if not form.closed:
                    self.advance(form)
                return
            self._ask(form, asked)
            return
        if form.procedure in _ON_RECEIPT:
            self._lookup.finish(form)
        elif form.procedure == EXTEND_STOP:
            self._submission.extend_stop(form)
        else:
            self._submission.summarise(form)

    def cancel(self, form: OpenForm) -> None:
        """Leave the form for a plain word of giving up; a doubtful one loses nothing."""
        text = form.turn.text
        if choices.means_doubt(text):
            form.say("in_doubt", draft_days=self._settings.draft_days)
        elif leaving.gives_up(form, text) and form.asking != SWITCH:
            self._leave(form)
        elif choices.means_stay(text):
            leaving.go_back(form)
            self.question(form)
        elif form.asking not in (SWITCH, LEAVE) and (new := revised(form, text)):
            self._revise(form, new)
        elif form.asking == LEAVE:
            self._leave(form)
        else:
            leaving.ask_leave(form)

    def _leave(self, form: OpenForm) -> None:
        """Forget what was filled in; what was stopped stays stopped."""
        stopped = form.state.get("stopped")
        if stopped:
            form.say("cancelled_stop", contacts=form.phrases.text("list_separator").join(stopped))
        else:
            form.say("cancelled")
        form.close()

    def change(self, form: OpenForm, text: str) -> None:
        """Ask a field anew, or take its new value if that was said along."""
        if new := revised(form, text):
            self._revise(form, new)
        elif asked := field_meant(form, text):
            self._change_field(form, asked)
        elif changeable(form):
            ask_which(form)
        else:
            form.say("nothing_to_change")
            self.question(form)

    def resend(self, form: OpenForm) -> None:
        """Send the code again if one is waited for; 「コードなしで」 is understood as this too, and wants none."""
        if wants_no_code(form, form.turn.text):
            self._go_manual(form)
            return
        if form.asking == Field.CODE.value:
            self._identity.resend(form)
        self.question(form)

    def why(self, form: OpenForm) -> None:
        """Say what the open question is for (APPI 21(2)), and ask it again."""
        name = f"why_{form.asking}"
        form.say(name if name in form.phrases.names() else "why_other", notice=notice(form, self._settings))
        self.question(form)

    def _take(self, form: OpenForm, values: Mapping[Field, str]) -> None:
        """Put in what was said without being asked, and show that it was heard."""
        form.values |= {asked.value: value for asked, value in values.items()}
        if values and form.procedure not in _ON_RECEIPT:
            form.say("taken", items="\n".join(item_line(form, asked) for asked in values))
        self._follow(form, values)

    # Asking

    def _takes_another_way(self, form: OpenForm, asked: Field) -> bool:
        """Prepare a step of identity; True if it needn't be asked: proven already, or by documents instead."""
        if asked is Field.CODE:
            self._identity.enter_code(form)
        elif asked is Field.FACT:
            self._identity.enter_fact(form)
        return form.closed or asked not in fields_of(form)

    def _ask(self, form: OpenForm, asked: Field) -> None:
        if form.asking != asked.value:
            form.asking, form.attempts = asked.value, 0
        if asked is Field.RECEIPT:
            self._lookup.ask_receipt(form)
        else:
            form.replies.append(question_of(form, asked))

    # Answering

    def _answer_field(self, form: OpenForm, asked: Field, text: str) -> None:
        if asked in (Field.CODE, Field.FACT):
            self._answer_identity(form, asked, text)
            return
        reading = FIELDS[asked].read(form, text)
        if (reading.refusal or (asked in _FREE and changes_mind(text))) and (new := revised(form, text)):
            self._revise(form, new)
        elif asked in _FREE and self._took_ahead(form, text):
            self.question(form)
        elif asked in (Field.RECIPIENT, Field.REASON) and changes_mind(text) and (other := other_wish(form)):
            leaving.offer_switch(form, other, text)
        elif asked is Field.SCOPE and choices.is_bare_wish(text) and (kind := other_kind(form, text)):
            leaving.offer_switch(form, kind, text)
        elif asked is Field.KEEP_INSPECTION and not keep_inspection(text) and (means := other_means(form, text)):
            self._accept(form, {Field.MEANS: means})
        elif not reading.refusal:
            self._accept(form, reading.values)
        elif asked in (*STOP_FIELDS, Field.KEEP_INSPECTION) and (named := contacts_to_stop(form, text)):
            # Wording that names an address or number is enough (特定電子メール法 3(3)), whichever was asked for.
            self._accept(form, named)
        elif asked in STOP_FIELDS and (means := other_means(form, text)):
            self._accept(form, {Field.MEANS: means})
        else:
            self._refused(form, asked, text, reading.refusal)

    def _took_ahead(self, form: OpenForm, text: str) -> bool:
        """Take what answers a later question instead of this one."""
        born = bare_date(text) if Field.FACT in fields_of(form) else None
        if born:
            self._identity.keep_fact(form, born)
        ahead = said_ahead(form, text)
        self._take(form, ahead)
        return bool(born or ahead)

    def _refused(self, form: OpenForm, asked: Field, text: str, refusal: str) -> None:
        """Look for another wish in what is no answer, before it is refused."""
        other, item = other_wish(form), other_item(form, text)
        if choices.means_why(text) or choices.means_unwilling(text):
            self.why(form)
        elif item:
            forget(form, Field.ITEM)
            self._accept(form, {Field.ITEM: item})
        elif wants_no_code(form, text):
            self._go_manual(form)
        elif other:
            leaving.offer_switch(form, other, text)
        elif field_meant(form, text) and speaks_of_mistake(text):
            self.change(form, text)
        elif asked in _FREE and choices.means_asking(text):
            form.refuse("refuse_question")
            self.question(form)
        else:
            form.refuse(refusal)

    def _go_manual(self, form: OpenForm) -> None:
        self._identity.go_manual(form)
        if not form.closed:
            self.advance(form)

    def _answer_identity(self, form: OpenForm, asked: Field, text: str) -> None:
        by_code = asked is Field.CODE
        if revises(form, text) or (speaks_of_mistake(text) and field_meant(form, text)):
            self.change(form, text)
            return
        if choices.means_why(text):
            self.why(form)
            return
        if choices.means_asking(text):
            form.refuse("refuse_question")
            self.question(form)
            return
        if other := other_wish(form):
            leaving.offer_switch(form, other, text)
            return
        if choices.means_without_code(text) or (not by_code and choices.means_unknown(text)):
            self._identity.go_manual(form)
        elif by_code and choices.means_no_code_came(text):
            self._identity.resend(form)
        elif not (self._identity.take_code if by_code else self._identity.take_fact)(form, text):
            return
        if not form.closed:
            self.advance(form)

    def _accept(self, form: OpenForm, values: Mapping[Field, str]) -> None:
        form.values |= {asked.value: value for asked, value in values.items()}
        form.attempts = 0
        self._follow(form, values)
        self.advance(form)

    def _follow(self, form: OpenForm, taken: Mapping[Field, str]) -> None:
        """Do at once what an answer calls for."""
        if Field.MEANS in taken:
            take_back(form)
        elif set(taken) & {Field.KEEP_INSPECTION, *STOP_FIELDS}:
            suppress_named(form)
        if Field.RECEIPT in taken:
            self._lookup.recognise(form)

    def _answer_summary(self, form: OpenForm, text: str) -> None:
        if new := revised(form, text):
            self._revise(form, new)
        elif speaks_of_mistake(text) and not choices.means_send(text):
            self.change(form, text)
        elif choices.means_send(text) or form.agrees:
            self._submission.submit(form)
        elif choices.means_no(text) or form.denies:
            ask_which(form)
        else:
            form.refuse("refuse_summary")

    def _answer_withdrawal(self, form: OpenForm, text: str) -> None:
        if choices.means_no(text) or form.denies:
            self._leave(form)
        elif choices.means_withdraw(text) or form.agrees or form.turn.understanding.intent == "withdraw_request":
            self._lookup.withdraw(form)
        else:
            form.refuse("refuse_withdrawal")

    def _answer_change(self, form: OpenForm, text: str) -> None:
        if revised(form, text) or field_meant(form, text):
            self.change(form, text)
        elif choices.means_send(text):
            self.advance(form)
        else:
            refuse_change(form)

    def _change_field(self, form: OpenForm, asked: Field) -> None:
        forget(form, asked)
        if asked in (Field.KEEP_INSPECTION, *STOP_FIELDS):
            take_back(form)  # Other means take back what they leave out once they are known.
        self._ask(form, asked)

    def _revise(self, form: OpenForm, new: Mapping[Field, str]) -> None:
        """Put new values in the place of earlier ones, with all that follows from it."""
        for asked in new:
            forget(form, asked)
        form.values |= {asked.value: value for asked, value in new.items()}
        form.attempts = 0
        if not at_rest(form):  # The summary shows them anyhow.
            form.say("taken", items="\n".join(item_line(form, asked) for asked in new))
        if set(new) & {Field.MEANS, Field.KEEP_INSPECTION, *STOP_FIELDS}:
            take_back(form)
        self._follow(form, new)
        self.advance(form)

    def _answer_switch(self, form: OpenForm, text: str) -> None:
        wanted, switches = form.state[SWITCH], leaving.agrees_to_switch(form, text)
        if switches:
            form.procedure = wanted["procedure"]
            self.begin(form, wanted["text"])
        elif switches is False:
            leaving.go_back(form)
            self.question(form)
        elif choices.means_cancel(text):
            leaving.ask_leave(form)
        elif wanted["asking"] == Field.CODE.value and choices.means_without_code(text):
            leaving.go_back(form)
            self.answer(form, text)
        else:
            form.refuse("refuse_switch")

    def _answer_leave(self, form: OpenForm, text: str) -> None:
        """Take a yes or a no; anything else answers the question that was interrupted."""
        leaves = leaving.agrees_to_leave(form, text)
        if leaves:
            self._leave(form)
            return
        leaving.go_back(form)
        if leaves is False:
            self.question(form)
        else:
            self.answer(form, text)
