"""The steps that prove who asks: the same words, messages and work for people on file and for everybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.errors import Unavailable
from bot.privacy.folding import fold_plate
from bot.privacy.japanese_dates import read_date
from bot.privacy.request_types import EXTEND_STOP, STATUS, WITHDRAWAL, Field, Level
from bot.services.intake.choices import means_no_contact, means_no_phone
from bot.services.intake.fields import UNKNOWN
from bot.services.intake.form import OpenForm
from bot.services.intake.plan import MANUAL, verified_person
from bot.services.intake.readers import find_code, find_plate
from bot.services.records import Customer
from bot.services.register import find_person
from bot.services.verification import Challenge, Sending, Verification
from bot.settings import Settings

FACT_TRIES = 3
_SAID_FACT = "said_fact"
"""Where a form keeps what may serve as the second fact until the code has proven who asks; it is no answer."""


class Identity:
    """Sends and checks codes and second facts for a form, and shows the way by documents."""

    def __init__(self, verification: Verification, settings: Settings) -> None:
        self._verification = verification
        self._settings = settings

    def enter_code(self, form: OpenForm) -> None:
        """Send a code before it is first asked; without any contact to go by, take the way by documents."""
        if form.value(Field.CONTACT) == UNKNOWN:
            self.go_manual(form)
        elif not form.state.get("code_sent"):
            form.state["code_sent"] = True
            self._send(form)

    def resend(self, form: OpenForm) -> None:
        """Send another code, within the limits."""
        self._send(form)

    def take_code(self, form: OpenForm, text: str) -> bool:
        """Check an answer to the question for the code; True once the person is proven or takes another way."""
        code = find_code(text)
        if code is None:
            form.refuse("refuse_code")
            return False
        try:
            challenge = self._challenge(form)
            proven = self._verification.check(form.tx, challenge, code, form.now)
        except Unavailable:
            form.say("code_unavailable")
            return False
        if proven is None or challenge.customer is None or proven != challenge.customer.id:
            return self._code_failed(form)
        self._verified(form, challenge.customer, Level.CODE)
        form.say("code_right")
        return True

    def keep_fact(self, form: OpenForm, born: str) -> None:
        """Keep a birth date that was said before it was asked, and show that it was heard."""
        form.state[_SAID_FACT] = born
        label = form.phrases.text("value_item_birth_date")
        form.say("taken", items=form.phrases.text("item", label=label, value=born))

    def enter_fact(self, form: OpenForm) -> None:
        """Try the fact that was said before it was asked; take the way by documents where none is on file."""
        customer = verified_person(form, Level.CODE)
        said = form.state.pop(_SAID_FACT, None)
        if customer is None or not (customer.plates or customer.birth_date):
            self.go_manual(form)
        elif said:
            self.take_fact(form, said)

    def take_fact(self, form: OpenForm, text: str) -> bool:
        """Compare a plate or birth date with those on file; True once it fits or the tries are used up."""
        customer = verified_person(form, Level.CODE)
        day, plate = read_date(text), find_plate(text)
        if customer is None or not (day or plate):
            form.refuse("refuse_fact")
            return False
        try:
            counted = self._verification.take_fact_attempt(form.tx, self._challenge(form, customer), form.now)
        except Unavailable:
            form.say("code_unavailable")
            return False
        plates = {fold_plate(one) for one in customer.plates}
        fits = (day and day.isoformat() == customer.birth_date) or (plate and fold_plate(plate) in plates)
        if counted and fits:
            self._verified(form, customer, Level.CODE_AND_FACT)
            return True
        return self._fact_failed(form)

    def go_manual(self, form: OpenForm) -> None:
        """Let staff verify by documents or at the counter, and say which."""
        form.state["identity"] = MANUAL
        if form.procedure in (STATUS, WITHDRAWAL):
            form.say("unproven_receipt")
            form.close()
            return
        form.say("manual_path")
        lacks = form.value(Field.CONTACT) == UNKNOWN and not means_no_contact(form.turn.text)
        if lacks and form.procedure != EXTEND_STOP:
            # Staff can ask for the documents by a contact that isn't on file, and no code goes there.
            form.values.pop(Field.CONTACT.value)
            form.state["by_post"] = means_no_phone(form.turn.text)

    def _send(self, form: OpenForm) -> None:
        try:
            sending = self._verification.send(form.tx, self._challenge(form), form.now)
        except Unavailable:
            form.say("code_unavailable")
            return
        if sending is Sending.TOO_SOON:
            form.say("code_too_soon", seconds=self._settings.code_resend_s)
        elif sending is Sending.TOO_MANY:
            form.say("code_too_many")
        else:
            by_receipt = form.value(Field.RECEIPT) not in (None, UNKNOWN)
            form.say("code_sent_by_receipt" if by_receipt else "code_sent", minutes=self._settings.code_minutes)

    def _challenge(self, form: OpenForm, known: Customer | None = None) -> Challenge:
        """Look the person up anew each time: by the receipt number's request, or by name and contact."""
        company = form.turn.company
        receipt = form.value(Field.RECEIPT)
        if known or (receipt and receipt != UNKNOWN):
            customer = known or self._customer_of(form, receipt or "")
            named, said = (customer.email if customer else ""), receipt or ""
        else:
            name, named = form.value(Field.NAME) or "", form.value(Field.CONTACT) or ""
            customer, said = find_person(form.tx, company.id, name, named), f"{name}\n{named}"
        return self._verification.challenge(form.turn.conversation, company, form.id, customer, named, said)

    def _customer_of(self, form: OpenForm, receipt: str) -> Customer | None:
        request = form.tx.requests.by_receipt(receipt)
        if request is None or request.company != form.turn.company.id or request.customer is None:
            return None
        return form.tx.customers.get(request.customer)

    def _code_failed(self, form: OpenForm) -> bool:
        """Say one thing for wrong, expired and used-up; after as many as a code has attempts, go by documents."""
        tries = int(form.state.get("code_tries", 0)) + 1
        form.state["code_tries"] = tries
        if tries >= self._settings.code_attempts:
            self._give_up_proof(form)
            return True
        form.refuse("code_wrong")
        return False

    def _give_up_proof(self, form: OpenForm) -> None:
        """Say why the way by documents is taken; of a receipt number the way itself says so."""
        if form.procedure not in (STATUS, WITHDRAWAL):
            form.say("proof_failed")
        self.go_manual(form)

    def _fact_failed(self, form: OpenForm) -> bool:
        tries = int(form.state.get("fact_tries", 0)) + 1
        form.state["fact_tries"] = tries
        if tries >= FACT_TRIES:
            self._give_up_proof(form)
            return True
        form.refuse("fact_wrong")
        return False

    def _verified(self, form: OpenForm, customer: Customer, level: Level) -> None:
        """Remember in the conversation who was proven, for VERIFIED_MINUTES."""
        until = form.now + timedelta(minutes=self._settings.verified_minutes)
        thread = form.conversation
        if thread is None:
            raise Unavailable("a verification needs the conversation's record")
        form.conversation = replace(
            thread,
            verified_customer=customer.id,
            verified_level=int(level),
            verified_until=until,
            store=customer.store or thread.store,
        )
        form.tx.conversations.save(form.conversation)
        form.state.pop("code_sent", None)
        form.tx.audit.append(
            "customer",
            "identity.verified",
            f"conversation:{thread.id}",
            form.turn.company.id,
            {"level": thread.verified_level},
            {"level": int(level)},
            form.now,
        )
