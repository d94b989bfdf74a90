"""How a request stands, and taking one back: by receipt number and proof of who asks."""

from __future__ import annotations

from bot.privacy.japanese_dates import show_date
from bot.privacy.request_types import STATUS, STOP_FIELDS, WITHDRAWAL, Field, Level, request_type
from bot.privacy.statuses import ENDED, Status
from bot.services.decision_words import decision_news
from bot.services.intake import choices
from bot.services.intake.fields import UNKNOWN
from bot.services.intake.form import CONFIRM_WITHDRAWAL, OpenForm
from bot.services.intake.plan import verified_person
from bot.services.phrases import Button
from bot.services.ports import RequestFilter
from bot.services.records import DataSubjectRequest
from bot.services.requests import RequestDesk


class Lookup:
    """Finds the requests that a customer may hear of; all others are as if they didn't exist."""

    def __init__(self, desk: RequestDesk) -> None:
        self._desk = desk

    def prefill(self, form: OpenForm) -> None:
        """Take the only request that can be meant, or for a status all of them, so that nobody types a number."""
        if form.value(Field.RECEIPT) is None:
            fitting = _of_kind(choices.read_kind(form.turn.text), self._fitting(form))
            if len(fitting) == 1:
                form.values[Field.RECEIPT.value] = fitting[0].receipt
            elif fitting and form.procedure == STATUS and all(self._may_hear(form, one) for one in fitting):
                form.values[Field.RECEIPT.value] = UNKNOWN
                form.state["known_here"] = True
                return
        self.recognise(form)

    def recognise(self, form: OpenForm) -> None:
        """A request that was made unproven in this very conversation needs no code."""
        request = self._named(form)
        form.state["known_here"] = bool(request and _made_here(form, request))

    def ask_receipt(self, form: OpenForm) -> None:
        """Ask for the receipt number, offering those that can be meant."""
        form.asking = Field.RECEIPT.value
        reply = form.phrases.say("ask_receipt")
        known = [Button(self._title(form, one), one.receipt) for one in self._fitting(form)]
        form.replies.append(reply.with_buttons([*known, *reply.buttons]))

    def finish(self, form: OpenForm) -> None:
        """Say how it stands, or ask whether to take it back."""
        found = self._allowed(form)
        if form.procedure == STATUS:
            self._say_status(form, found)
        elif len(found) > 1:
            form.values.pop(Field.RECEIPT.value)
            self.ask_receipt(form)
        elif not found:
            form.say(self._not_found(form))
            form.close()
        elif found[0].status in ENDED:
            form.say("withdrawal_too_late", **self._words(form, found[0]))
            form.close()
        else:
            form.asking = CONFIRM_WITHDRAWAL
            form.values[Field.RECEIPT.value] = found[0].receipt
            form.say("confirm_withdrawal", **self._words(form, found[0]))

    def withdraw(self, form: OpenForm) -> None:
        """Take the confirmed request back."""
        found = self._allowed(form)
        if len(found) != 1 or found[0].status in ENDED:
            form.say(self._not_found(form))
        else:
            request = self._desk.withdraw(form.tx, found[0], form.now)
            form.say("withdrawn", **self._words(form, request))
            if request.type == "stop_marketing":
                form.say("withdrawn_stop")
        form.close()

    def _not_found(self, form: OpenForm) -> str:
        return "no_request_found" if form.value(Field.RECEIPT) in (None, UNKNOWN) else "no_such_receipt"

    def _say_status(self, form: OpenForm, found: list[DataSubjectRequest]) -> None:
        for request in found:
            form.say("status", **self._words(form, request))
            if request.status not in ENDED and _stopped_something(request):
                form.say("after_stop_marketing")
            self._say_answer(form, request)
        if not found:
            form.say(self._not_found(form))
        form.close()
        if len(found) == 1:
            form.state["shown"] = found[0].receipt

    def _say_answer(self, form: OpenForm, request: DataSubjectRequest) -> None:
        """Give the company's answer again, as far as it is kept: the window in which it came may be closed."""
        if request.status in (Status.FULFILLED, Status.DENIED) and request.decision.get("words"):
            name, words = decision_news(form.phrases, request, request.decision)
            form.say(f"chat_{name}", **self._words(form, request), **words)

    def _words(self, form: OpenForm, request: DataSubjectRequest) -> dict[str, str]:
        return {
            "receipt": request.receipt,
            "type": request_type(request.type).label,
            "due": show_date(request.due_date),
            "status": form.phrases.text(f"status_{request.status.value}"),
        }

    def _title(self, form: OpenForm, request: DataSubjectRequest) -> str:
        return form.phrases.text("receipt_title", **self._words(form, request))

    def _named(self, form: OpenForm) -> DataSubjectRequest | None:
        receipt = form.value(Field.RECEIPT)
        if receipt is None or receipt == UNKNOWN:
            return None
        return form.tx.requests.by_receipt(receipt)

    def _allowed(self, form: OpenForm) -> list[DataSubjectRequest]:
        """The requests named, as far as they are this person's or were made here."""
        if form.value(Field.RECEIPT) == UNKNOWN:
            return [one for one in self._fitting(form) if self._may_hear(form, one)]
        request = self._named(form)
        return [request] if request and self._may_hear(form, request) else []

    def _may_hear(self, form: OpenForm, request: DataSubjectRequest) -> bool:
        person = verified_person(form, Level.CODE)
        return _made_here(form, request) or (person is not None and request.customer == person.id)

    def _fitting(self, form: OpenForm) -> list[DataSubjectRequest]:
        """The requests of this conversation and of the proven person; for a withdrawal only those still running."""
        company, person = form.turn.company.id, verified_person(form, Level.CODE)
        found = form.tx.requests.find(RequestFilter(company=company, conversation=form.turn.conversation))
        if person:
            found += form.tx.requests.find(RequestFilter(company=company, customer=person.id))
        running = {one.id: one for one in found if one.status not in ENDED}
        if form.procedure == WITHDRAWAL or running:
            return list(running.values())
        return list({one.id: one for one in found}.values())


def _of_kind(kind: str | None, requests: list[DataSubjectRequest]) -> list[DataSubjectRequest]:
    """The requests of the kind that a message names (「利用停止を取り下げたい」), or all where none is of it."""
    return [one for one in requests if one.type == kind] or requests


def _stopped_something(request: DataSubjectRequest) -> bool:
    return any(request.details.get(asked.value, UNKNOWN) != UNKNOWN for asked in STOP_FIELDS)


def _made_here(form: OpenForm, request: DataSubjectRequest) -> bool:
    """Tell a request that was made unproven in this very conversation: whoever writes here made it."""
    return request.conversation == form.turn.conversation and not request.verified
