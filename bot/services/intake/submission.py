"""The summary before sending, the recorded request and its receipt."""

from __future__ import annotations

from bot.privacy.japanese_dates import show_date
from bot.privacy.request_types import AGENT, Field, Level, RequestType
from bot.privacy.statuses import ENDED, IdentityStatus
from bot.services.contact_holds import hold_until, tell_previous_contacts
from bot.services.intake.fields import show_value
from bot.services.intake.form import SUMMARY, OpenForm
from bot.services.intake.plan import MANUAL, fields_of, type_of, verified_person
from bot.services.intake.stopping import stops_line_account
from bot.services.notices import Notices
from bot.services.phrases import Button
from bot.services.records import Customer, DataSubjectRequest
from bot.services.requests import NewRequest, RequestDesk
from bot.services.suppressions import contacts_of, purpose_of_stop, suppress
from bot.settings import Settings

_NEVER_SHOWN = (Field.CODE, Field.FACT)
_CLAIMANT = (Field.NAME, Field.CONTACT, Field.RELATION, Field.PRINCIPAL)
_NO_DETAIL = (*_CLAIMANT, Field.KIND)


class Submission:
    """Turns a filled-in form into a data subject request."""

    def __init__(self, desk: RequestDesk, notices: Notices, settings: Settings) -> None:
        self._desk = desk
        self._notices = notices
        self._settings = settings

    def summarise(self, form: OpenForm) -> None:
        """Show everything once before it is sent."""
        form.asking, form.attempts = SUMMARY, 0
        kind = _type(form)
        lines = [form.phrases.text("item", label=form.phrases.text("label_type"), value=kind.label)]
        lines += [item_line(form, asked) for asked in shown_fields(form) if asked is not Field.KIND]
        if kind.id == "stop_marketing" and stops_line_account(form):
            account = form.phrases.text("value_line_account")
            lines.append(form.phrases.text("item", label=form.phrases.text("label_stop_any"), value=account))
        if kind.level is not Level.NAMED_CONTACT:
            how = "manual" if form.procedure == AGENT or form.state.get("identity") == MANUAL else "verified"
            proof = form.phrases.text(f"value_identity_{how}")
            lines.append(form.phrases.text("item", label=form.phrases.text("label_identity"), value=proof))
        form.say("summary", items="\n".join(lines))

    def submit(self, form: OpenForm) -> None:
        """Record the request and give its receipt; a verified person's same request is recognised, not doubled."""
        kind = _type(form)
        customer = None if form.procedure == AGENT else self._proven(form, kind)
        details = _answers(form, [asked for asked in shown_fields(form) if asked not in _NO_DETAIL])
        if customer:
            same = self._desk.same_open_request(form.tx, form.turn.company, customer, kind, details)
            if same:
                form.say("same_request", **self._words(same, kind))
                form.close()
                return
        request = self._desk.open(form.tx, self._new(form, kind, customer, details), form.now)
        self._give_receipt(form, request, kind, customer)
        form.close()

    def extend_stop(self, form: OpenForm) -> None:
        """Make a stop of marketing a verified one and extend it to all contacts of the person."""
        request = form.tx.requests.get(form.state["request"])
        customer = verified_person(form, Level.CODE)
        if request is None or request.status in ENDED:
            form.say("extend_too_late")
        elif customer is None:
            form.say("extend_manual", receipt=request.receipt)
        else:
            if not request.verified:
                self._desk.verify(form.tx, request, customer, "customer", form.now)
            purpose = purpose_of_stop(request.details.get(Field.KEEP_INSPECTION.value))
            contacts = contacts_of(customer)
            suppress(form.tx, request.company, contacts, purpose, form.now, request.id, customer.id)
            form.say("extended_stop", receipt=request.receipt)
        form.close()

    def _proven(self, form: OpenForm, kind: RequestType) -> Customer | None:
        if form.state.get("identity") == MANUAL:
            return None
        return verified_person(form, max(kind.level, Level.CODE))

    def _new(self, form: OpenForm, kind: RequestType, customer: Customer | None, details: dict[str, str]) -> NewRequest:
        return NewRequest(
            id=form.state["request"],
            company=form.turn.company,
            type=kind,
            identity=_identity(kind, customer),
            channel=form.turn.channel,
            conversation=form.turn.conversation,
            idempotency_key=f"draft:{form.id}",
            details=details,
            claimant=_answers(form, _CLAIMANT),
            customer=customer,
            held_until=hold_until(customer, kind.id, form.now, self._settings.contact_hold_days),
        )

    def _give_receipt(
        self, form: OpenForm, request: DataSubjectRequest, kind: RequestType, customer: Customer | None
    ) -> None:
        words = self._words(request, kind)
        form.say("receipt", **words, after=form.phrases.text(f"after_{_after(form, kind)}"))
        if request.identity is IdentityStatus.MANUAL:
            form.say(_documents(form))
        if request.held_until and customer:
            form.say("receipt_held", date=show_date(request.held_until))
            tell_previous_contacts(form.tx, self._desk.news, form.turn.company, request, customer, form.now)
        if kind.level is Level.NAMED_CONTACT:
            form.say("offer_extend")
        if customer and customer.email:
            self._notices.send(
                form.tx, form.turn.company, customer.email, "receipt", f"receipt:{request.id}", form.now, words
            )

    def _words(self, request: DataSubjectRequest, kind: RequestType) -> dict[str, str]:
        return {"receipt": request.receipt, "type": kind.label, "due": show_date(request.due_date)}


def shown_fields(form: OpenForm) -> list[Field]:
    """List the answered fields that a summary shows; the proven person's name and contact needn't have been asked."""
    given = [asked for asked in fields_of(form) if asked not in _NEVER_SHOWN and form.value(asked) is not None]
    proven = [asked for asked in (Field.NAME, Field.CONTACT) if asked not in given and form.value(asked)]
    return given + proven


def item_line(form: OpenForm, asked: Field) -> str:
    """Write one line of the summary."""
    value = show_value(form.phrases, asked, form.values[asked.value])
    return form.phrases.text("item", label=form.phrases.text(f"label_{asked.value}"), value=value)


def change_buttons(form: OpenForm, fields: list[Field]) -> list[Button]:
    """Offer each field for a change, as a customer would say it."""
    labels = [form.phrases.text(f"label_{asked.value}") for asked in fields]
    return [Button(label, form.phrases.text("change_payload", label=label)) for label in labels]


def _answers(form: OpenForm, fields: tuple[Field, ...] | list[Field]) -> dict[str, str]:
    return {asked.value: form.values[asked.value] for asked in fields if asked.value in form.values}


def _identity(kind: RequestType, customer: Customer | None) -> IdentityStatus:
    if customer:
        return IdentityStatus.VERIFIED
    return IdentityStatus.UNVERIFIED if kind.level is Level.NAMED_CONTACT else IdentityStatus.MANUAL


def _documents(form: OpenForm) -> str:
    """Name what is told about the proof; whoever is dead can't be told the outcome."""
    if form.procedure != AGENT:
        return "receipt_manual"
    return "receipt_heir" if form.value(Field.RELATION) == "heir" else "receipt_agent"


def _after(form: OpenForm, kind: RequestType) -> str:
    """Name what is told to come next; a stop for which nobody knew an address has stopped nothing yet."""
    return "nothing_stopped" if kind.id == "stop_marketing" and not form.state.get("stopped") else kind.id


def _type(form: OpenForm) -> RequestType:
    kind = type_of(form)
    if kind is None:
        raise ValueError(f"the procedure {form.procedure} makes no request")
    return kind
