"""The whole dialogue of a request: a state machine over the conversation's draft in the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.knowledge.library import PolicyLibrary
from bot.privacy.request_types import (
    AGENT,
    EXTEND_STOP,
    STATUS,
    WITHDRAWAL,
    Field,
    begins_procedure,
    procedure_of,
    request_type,
)
from bot.services.business_calendar import CompanyCalendar
from bot.services.customer_news import CustomerNews
from bot.services.intake.fields import FIELDS
from bot.services.intake.flow import Flow
from bot.services.intake.form import CHANGE, CONFIRM_WITHDRAWAL, LEAVE, SUMMARY, SWITCH, OpenForm
from bot.services.intake.given import answers_interruption, is_only_contact, surely_given
from bot.services.intake.identity import Identity
from bot.services.intake.leaving import offer_switch
from bot.services.intake.lookup import Lookup
from bot.services.intake.offers import (
    answers_with_contact,
    chosen,
    keep_wish,
    kinds_offered,
    left_for_next,
    with_known,
    with_wish,
)
from bot.services.intake.revisions import revises
from bot.services.intake.submission import Submission
from bot.services.intake.wishes import in_order, wants_marketing_again, words_for
from bot.services.late_replies import said_by_form, tell_late
from bot.services.notices import Notices
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Clock, Keys, RequestFilter, Store, Transaction
from bot.services.receipts import read_receipt
from bot.services.records import DataSubjectRequest, Draft
from bot.services.requests import RequestDesk
from bot.services.turns import Expectation, Turn
from bot.services.verification import Verification
from bot.settings import Settings
from bot.understanding.result import INFORM, Understanding

LIKELY = 0.4
"""A kind of request that is the best guess, but less likely than this, is asked about."""
_AS_AGENT = re.compile("代理人?として")
_EXTEND = re.compile("(?:ほか|他|登録)の?.{0,6}(?:連絡先|番号|アドレス).{0,8}(?:まとめて|全部|すべて|止)|まとめて止め")
_NO_FIELDS = (SUMMARY, SWITCH, LEAVE, CHANGE, CONFIRM_WITHDRAWAL)


class Intake:
    """Everything a customer and the desk say to each other about requests.

    A message is worked on once: a repeat of it (`turn.event`) says the same and changes nothing.
    """

    def __init__(
        self,
        store: Store,
        phrases: Phrasebook,
        keys: Keys,
        clock: Clock,
        settings: Settings,
        companies: PolicyLibrary,
    ) -> None:
        self._store = store
        self._phrases = phrases
        self._clock = clock
        self._companies = companies
        notices = Notices(phrases)
        desk = RequestDesk(store, CustomerNews(phrases, companies), CompanyCalendar(companies))
        identity = Identity(Verification(keys, notices, settings), settings)
        self._flow = Flow(identity, Submission(desk, notices, settings), Lookup(desk), settings)

    def start(self, turn: Turn, procedure: str) -> list[Reply]:
        """Begin a procedure with what was already said; with another form open, ask whether to switch.

        Where two kinds of request are as likely, ask which is meant before anything begins.
        """
        if procedure == "stop_marketing" and (again := self.marketing_again(turn)):
            return again
        procedure, later = in_order(turn.understanding.wishes, procedure)
        close = [intent for intent in turn.understanding.close_requests if begins_procedure(intent)]
        plain = procedure == AGENT or self.is_open(turn.conversation) or self.chosen(turn)
        if len(close) > 1 and not plain:
            kinds = [procedure_of(intent) for intent in close]
            return self._offer(turn, kinds_offered(self._phrases, "which_request", kinds), kinds)
        if _is_doubtful(turn) and not plain:
            return self._doubted(turn, procedure)

        def step(form: OpenForm) -> None:
            wanted = EXTEND_STOP if procedure == "stop_marketing" and _EXTEND.search(turn.text) else procedure
            request = _last_stop(form) if wanted == EXTEND_STOP else None
            if wanted == EXTEND_STOP and request is None:
                wanted = procedure
            if wanted == WITHDRAWAL and _only_form_meant(form):
                self._flow.cancel(form)
            elif form.closed or not (form.values or form.procedure == wanted):
                form.procedure = wanted
                self._say_order(form, later or left_for_next(form.state.get("wish", {}), turn.text))
                said = with_known(form, with_wish(form, words_for(turn, procedure)), request)
                self._flow.begin(form, said, request.id if request else None)
            elif wanted in (form.procedure, _agents_kind(form)):
                self._flow.take_more(form, turn.text)
            else:
                offer_switch(form, wanted, turn.text)

        return self._work(turn, step, opens=procedure)

    def _say_order(self, form: OpenForm, later: Sequence[str]) -> None:
        """Tell whoever wants several procedures that one comes after the other, and how to begin the next."""
        if later:
            labels = form.phrases.text("and").join(request_type(one).label for one in later)
            form.say("one_after_the_other", now=request_type(form.procedure).label, later=labels)

    def _doubted(self, turn: Turn, procedure: str) -> list[Reply]:
        """Ask rather than begin what was hardly meant; 「申し込みます」 alone resembles even a withdrawal."""
        if procedure not in (STATUS, WITHDRAWAL):
            return self.offer_request(turn, procedure)
        return self._offer(turn, self._phrases.say("nothing_open_wish"))

    def marketing_again(self, turn: Turn) -> list[Reply] | None:
        """Name who can begin again with what was stopped; None for any other message."""
        return [self._phrases.say("marketing_again")] if wants_marketing_again(turn.text) else None

    def offer_request(self, turn: Turn, procedure: str) -> list[Reply]:
        """Ask whether this kind of request was meant, where that is likely but not sure."""
        return self._offer(turn, kinds_offered(self._phrases, "perhaps_request", [procedure]), [procedure])

    def offer_contact(self, turn: Turn) -> list[Reply]:
        """Ask what is to be done about a number or address that came without a word, unless that was just offered."""
        draft = self._draft(turn.conversation)
        if draft and draft.state.get("closed") and answers_with_contact(draft.state.get("wish", {}), turn.text):
            return self.start(turn, "stop_marketing")
        return self._offer(turn, self._phrases.say("contact_alone"), ["stop_marketing", "correction"])

    def bare_contact(self, turn: Turn) -> list[Reply] | None:
        """Ask what is to be done about a contact that is all the message says; None for anything else."""
        return self.offer_contact(turn) if is_only_contact(turn.text) and not self.is_open(turn.conversation) else None

    def chosen(self, turn: Turn) -> str | None:
        """Name the procedure that the message takes from those offered last."""
        draft = self._draft(turn.conversation)
        return chosen(draft.state.get("wish", {}), turn.text) if draft and draft.state.get("closed") else None

    def _offer(self, turn: Turn, offer: Reply, procedures: Sequence[str] = ()) -> list[Reply]:
        return self._work(turn, lambda form: keep_wish(form, offer, procedures), opens="")

    def answer(self, turn: Turn) -> list[Reply]:
        """Take one answer to what was asked."""
        return self._work(turn, lambda form: self._flow.answer(form, turn.text))

    def question(self, turn: Turn) -> list[Reply]:
        """Ask the open field again after a digression; nothing if this very message was about the form already."""
        draft = self._draft(turn.conversation)
        if draft is None or draft.state.get("closed") or draft.last_event == turn.event:
            return []
        return self._work(turn, self._flow.question)

    def cancel(self, turn: Turn) -> list[Reply]:
        """Leave the form."""
        return self._work(turn, self._flow.cancel)

    def change(self, turn: Turn) -> list[Reply]:
        """Change an answer that the message names, or ask which."""
        return self._work(turn, lambda form: self._flow.change(form, turn.text))

    def resend(self, turn: Turn) -> list[Reply]:
        """Send the code again, within the limits, and show the way without one."""
        return self._work(turn, self._flow.resend)

    def why(self, turn: Turn) -> list[Reply]:
        """Say why the open field is asked (APPI 21(2))."""
        return self._work(turn, self._flow.why)

    def resume(self, turn: Turn) -> list[Reply]:
        """Take up a form that was left, with whatever the message wants of it."""
        steps: dict[str, Callable[[Turn], list[Reply]]] = {
            "resume_request": self.question,
            "change_answer": self.change,
            "resend_code": self.resend,
            "ask_why_needed": self.why,
            "cancel": self.cancel,
        }
        return steps.get(turn.understanding.intent, self.answer)(turn)

    def agent_path(self, turn: Turn) -> list[Reply]:
        """Tell that nobody's data is shown to another, and open the way of agents (APPI 37(3)) to who asks for it."""
        if _AS_AGENT.search(turn.text):
            return self.start(turn, AGENT)
        explained = self._phrases.say("agent_explained", company=turn.company.name)
        return [explained] if self.is_open(turn.conversation) else self._offer(turn, explained, [AGENT])

    def said(self, turn: Turn) -> list[Reply] | None:
        """Give what was said to this very message already; None if it is new to the form.

        After a crash between the form's commit and the engine's, the message comes again and its form may be closed.
        """
        draft = self._draft(turn.conversation)
        return said_by_form(draft, turn.event) if draft and draft.last_event == turn.event else None

    def is_open(self, conversation: str) -> bool:
        """Tell whether a form waits for an answer."""
        return self._open_draft(conversation) is not None

    def expectation(self, tx: Transaction, conversation: str, text: str = "") -> Expectation | None:
        """What the open form waits for; of kind `given` if the message surely is that."""
        draft = tx.drafts.get(conversation)
        if draft and draft.state.get("closed") and chosen(draft.state.get("wish", {}), text):
            return Expectation("which_request", "given", ())
        if draft is None or draft.state.get("closed") or draft.asking is None:
            return None
        form = self._heard(tx, draft, text)
        given = answers_interruption(draft.asking, text) or (form is not None and revises(form, text))
        if draft.asking in _NO_FIELDS:
            return Expectation(draft.asking, "given" if given else "choice", self._choices(draft))
        asked = Field(draft.asking)
        kind = "given" if given or surely_given(asked, text) else FIELDS[asked].kind
        return Expectation(draft.asking, kind, self._choices(draft))

    def _heard(self, tx: Transaction, draft: Draft, text: str) -> OpenForm | None:
        """Open the form for a look at what a message would mean to it."""
        thread = tx.conversations.get(draft.conversation)
        if thread is None or thread.company is None:
            return None
        company = self._companies.get(thread.company)
        turn = Turn(thread.id, company, thread.channel, "", text, Understanding(text, INFORM, 1.0, ()))
        return OpenForm.of(turn, tx, self._clock.now(), self._phrases, thread, draft)

    def _choices(self, draft: Draft) -> tuple[str, ...]:
        """The buttons shown last, by what they send and by what stands on them, as many type what they read."""
        shown = [said for reply in draft.state.get("said", ()) for pair in reply["buttons"] for said in reversed(pair)]
        return tuple(dict.fromkeys(shown))

    def _open_draft(self, conversation: str) -> Draft | None:
        draft = self._draft(conversation)
        return draft if draft and not draft.state.get("closed") else None

    def _draft(self, conversation: str) -> Draft | None:
        with self._store.transaction(read_only=True) as tx:
            return tx.drafts.get(conversation)

    def _sends(self, turn: Turn) -> bool:
        """Whether a message to a closed form is the summary's first button pressed once more."""
        return turn.text.strip() == self._phrases.say("summary", items="").buttons[0].payload

    def _work(self, turn: Turn, step: Callable[[OpenForm], None], opens: str | None = None) -> list[Reply]:
        """Run a step on the conversation's form in one transaction and keep what was said."""
        with self._store.transaction() as tx:
            form, draft = self._form(tx, turn, opens)
            if draft and draft.last_event == turn.event:
                return said_by_form(draft, turn.event)
            if form is None:
                return []
            if form.closed and opens is None:
                return said_by_form(draft, draft.last_event or "") if draft and self._sends(turn) else []
            step(form)
            form.mark_question()
            tx.drafts.save(form.to_draft())
            self._tell_if_late(form)
            return form.replies

    def _tell_if_late(self, form: OpenForm) -> None:
        """A person who answers isn't talked into; but what was sent has a receipt, which must be told."""
        thread = form.conversation
        if thread and (thread.owner == "bot" or form.closed):
            tell_late(form.tx, thread, form.turn.event, form.replies, form.phrases, form.now)

    def _form(self, tx: Transaction, turn: Turn, opens: str | None) -> tuple[OpenForm | None, Draft | None]:
        thread = tx.conversations.lock(turn.conversation)
        draft = tx.drafts.get(turn.conversation)
        if draft is None and opens is None:
            return None, None
        # A clock set back must not bring an expired code or verification to life again.
        now = max([self._clock.now(), *([draft.updated_at] if draft and draft.updated_at else [])])
        fresh = Draft(turn.conversation, opens or "", state={"closed": True})
        return OpenForm.of(turn, tx, now, self._phrases, thread, draft or fresh), draft


def _is_doubtful(turn: Turn) -> bool:
    """Whether nothing but a weak guess speaks for the procedure: no receipt number, and no offer that was taken up."""
    understood = turn.understanding
    return begins_procedure(understood.intent) and understood.confidence < LIKELY and not read_receipt(turn.text)


def _agents_kind(form: OpenForm) -> str | None:
    """The kind of request that the open form makes for somebody else."""
    return form.value(Field.KIND) if form.procedure == AGENT else None


def _only_form_meant(form: OpenForm) -> bool:
    """Tell that a withdrawal can only mean the open form, since nothing was sent yet."""
    makes_request = not form.closed and form.procedure not in (STATUS, WITHDRAWAL)
    return makes_request and not (read_receipt(form.turn.text) or _made_here(form))


def _made_here(form: OpenForm) -> list[DataSubjectRequest]:
    """The requests made in this conversation."""
    return form.tx.requests.find(RequestFilter(company=form.turn.company.id, conversation=form.turn.conversation))


def _last_stop(form: OpenForm) -> DataSubjectRequest | None:
    """The latest stop of marketing made in this conversation."""
    stops = [request for request in _made_here(form) if request.type == "stop_marketing"]
    return stops[-1] if stops else None
