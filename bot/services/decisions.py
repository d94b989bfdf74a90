"""How staff decide a request: with four eyes where the company wants them, and words that reach the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.errors import MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.japanese_dates import show_date
from bot.privacy.refusal_grounds import IDENTITY_NOT_CONFIRMED, refusal_ground
from bot.privacy.request_types import Level, request_type
from bot.privacy.statuses import Status, check_transition
from bot.services.actors import staff_actor
from bot.services.customer_news import Letter
from bot.services.decision_words import decision_news, ground_words
from bot.services.forgetting import forget_messages, forget_person, takes_everything
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import DataSubjectRequest
from bot.services.request_tasks import tasks_of
from bot.services.requests import Overtaken, RequestDesk

LONGEST_WORDS = 2000
"""Characters of what staff write to a customer: LINE takes 5,000 with what stands around it."""


class DecisionRefused(MadoguchiError):
    """A decision lacks what the law or the company asks of it; the text and the phrase say what."""

    def __init__(self, text: str, phrase: str, **values: object) -> None:
        super().__init__(text)
        self.phrase = phrase
        self.values = values


class SelfApproval(DecisionRefused):
    """Whoever proposed a decision can't approve it too."""


_BULLET = "・"


@dataclass(frozen=True)
class Decision:
    """What staff decided; a denial needs a ground of the law's list, and every decision words for the customer.

    A fulfilment in `part` has the ground for the rest. `despite` is why it is fulfilled with mandatory tasks open.
    """

    outcome: Status
    words: str
    ground: str = ""
    part: bool = False
    despite: str = ""


class Decisions:
    """Staff's decisions; raises DecisionRefused, TransitionError or Overtaken and then changes nothing.

    `version` is that of the request as the staff member saw it: another one is overtaken.
    """

    def __init__(
        self, store: Store, desk: RequestDesk, companies: PolicyLibrary, phrases: Phrasebook, clock: Clock
    ) -> None:
        self._store = store
        self._desk = desk
        self._companies = companies
        self._phrases = phrases
        self._clock = clock

    def decide(self, request_id: str, decision: Decision, staff: str, version: int | None = None) -> DataSubjectRequest:
        """Decide, or propose where four eyes are needed."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id, version), self._clock.now()
            self._check(tx, request, decision, now)
            noted = _noted(decision)
            if not self.needs_four_eyes(tx, request):
                return self._decided(tx, request, {**noted, "decided_by": staff}, now)
            proposed = replace(request, status=Status.IN_PROGRESS, decision={**noted, "proposed_by": staff})
            return self._desk.change(tx, staff_actor(staff), "request.decision_proposed", request, proposed, now)

    def approve(self, request_id: str, staff: str, version: int | None = None) -> DataSubjectRequest:
        """Approve another staff member's proposal; raise SelfApproval for one's own."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id, version), self._clock.now()
            noted = _proposal(request)
            if noted["proposed_by"] == staff:
                raise SelfApproval("a second person approves a disclosure or an erasure", "refused_self_approval")
            self._check(tx, request, decision_of(noted), now)
            return self._decided(tx, request, {**noted, "decided_by": staff}, now)

    def send_back(self, request_id: str, reason: str, staff: str, version: int | None = None) -> DataSubjectRequest:
        """Send a proposal back with a reason; its words stay, to be worked on. One's own may be taken back."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id, version), self._clock.now()
            noted = dict(_proposal(request))
            if not reason.strip():
                raise DecisionRefused("a proposal is sent back with a reason", "refused_no_reason")
            noted |= {"sent_back_by": staff, "sent_back_reason": _short(reason), "drafted_by": noted.pop("proposed_by")}
            back = replace(request, decision=noted)
            return self._desk.change(tx, staff_actor(staff), "request.decision_sent_back", request, back, now)

    def extend(
        self, request_id: str, due: date, reason: str, staff: str, version: int | None = None
    ) -> DataSubjectRequest:
        """Move the due date; the reason goes to the customer."""
        with self._store.transaction() as tx:
            request, now = found(tx, request_id, version), self._clock.now()
            if due <= request.due_date:
                raise DecisionRefused(
                    "an extension ends after the due date that the customer was told",
                    "refused_due",
                    due=show_date(request.due_date),
                )
            if not reason.strip():
                raise DecisionRefused("an extension needs a reason, in words for the customer", "refused_no_reason")
            longer = replace(request, due_date=due)
            extended = self._desk.change(tx, staff_actor(staff), "request.extended", request, longer, now)
            words = {"due": show_date(due), "reason": _short(reason)}
            self._desk.news.tell(tx, extended, "extension", f"extension:{request.id}:{extended.version}", now, words)
            return extended

    def preview(self, request_id: str, decision: Decision) -> Letter:
        """Write what the customer would get, exactly, after every check that the decision itself would go through."""
        with self._store.transaction(read_only=True) as tx:
            request = found(tx, request_id)
            self._check(tx, request, decision, self._clock.now())
            return self._desk.news.compose(tx, request, *decision_news(self._phrases, request, _noted(decision)))

    def compose(self, request: DataSubjectRequest, decision: Decision) -> Letter:
        """Write what the customer would get by a proposal, whether or not it may be approved just now."""
        with self._store.transaction(read_only=True) as tx:
            return self._desk.news.compose(tx, request, *decision_news(self._phrases, request, _noted(decision)))

    def needs_four_eyes(self, tx: Transaction, request: DataSubjectRequest) -> bool:
        """Whether a second person must approve: by what staff set for the company, or else its company.yml."""
        chosen = tx.company_settings.get(request.company).four_eyes
        wanted = self._companies.get(request.company).four_eyes if chosen is None else chosen
        return wanted and request_type(request.type).four_eyes

    def _decided(
        self, tx: Transaction, request: DataSubjectRequest, noted: dict[str, str], now: datetime
    ) -> DataSubjectRequest:
        staff, outcome = staff_actor(noted["decided_by"]), Status(noted["outcome"])
        decided = self._desk.end(tx, staff, "request.decided", request, outcome, noted, now)
        name, words = decision_news(self._phrases, request, noted)
        customer = tx.customers.get(request.customer) if request.customer else None
        forgotten = customer if takes_everything(request, noted) else None
        if forgotten:
            forget_messages(tx, forgotten, tx.conversations.of_customer(forgotten.id))
        self._desk.news.tell(tx, decided, name, f"decision:{request.id}", now, words)
        if forgotten:
            forget_person(tx, decided, forgotten)
            subject = f"request:{request.id}"
            tx.audit.append(staff, "request.person_erased", subject, request.company, {}, {}, now)
        return decided

    def ground_words(self, request: DataSubjectRequest, ground: str) -> str:
        """A ground as the customer reads it, with its article."""
        return ground_words(self._phrases, request, ground)

    def _check(self, tx: Transaction, request: DataSubjectRequest, decision: Decision, now: datetime) -> None:
        """Refuse what the law or the desk's own promise doesn't allow (APPI 36: reasons for every refusal)."""
        _check_words(request, decision)
        if decision.outcome is Status.DENIED:
            return
        if request_type(request.type).level is not Level.NAMED_CONTACT and not request.verified:
            raise DecisionRefused("the person isn't verified yet: confirm the identity first", "refused_unverified")
        if request.held_until and jst_date(now) < request.held_until:
            raise DecisionRefused(
                f"the contact on file changed lately: nothing goes out before {request.held_until.isoformat()}",
                "refused_held",
                date=show_date(request.held_until),
            )
        waiting = [task for task in tasks_of(tx, request, self._companies.get(request.company)) if task.holds_up]
        if waiting and not decision.despite.strip():
            raise DecisionRefused(f"{len(waiting)} mandatory tasks are open", "refused_open_tasks", number=len(waiting))


def _check_words(request: DataSubjectRequest, decision: Decision) -> None:
    if decision.outcome not in (Status.FULFILLED, Status.DENIED):
        raise DecisionRefused("a decision is fulfilled or denied", "refused_outcome")
    check_transition(request.status, decision.outcome)
    if not decision.words.strip():
        raise DecisionRefused("a decision needs words for the customer", "refused_no_words")
    if any(line.strip() == _BULLET for line in _short(decision.words).splitlines()):
        raise DecisionRefused("a line of the template was left empty", "refused_blank")
    if decision.outcome is Status.DENIED or decision.part:
        refusal_ground(decision.ground, request.type)
    if decision.part and decision.ground == IDENTITY_NOT_CONFIRMED:
        raise DecisionRefused("who isn't known gets no part either", "refused_unverified")


def _short(text: str) -> str:
    if len(text) > LONGEST_WORDS:
        raise DecisionRefused(f"more than {LONGEST_WORDS} characters", "refused_too_long", limit=LONGEST_WORDS)
    return text.strip()


def _noted(decision: Decision) -> dict[str, str]:
    """A decision as the request keeps it."""
    refused = decision.outcome is Status.DENIED or decision.part
    noted = {
        "outcome": decision.outcome.value,
        "ground": decision.ground if refused else "",
        "words": decision.words.strip(),
        "part": "yes" if decision.part else "",
        "despite": _short(decision.despite),
    }
    return {name: value for name, value in noted.items() if value or name in ("ground", "words")}


def decision_of(noted: Mapping[str, str]) -> Decision:
    """Read a decision or a proposal as a request keeps it."""
    return Decision(
        Status(noted["outcome"]), noted["words"], noted["ground"], bool(noted.get("part")), noted.get("despite", "")
    )


def _proposal(request: DataSubjectRequest) -> Mapping[str, str]:
    if "proposed_by" not in request.decision or request.decided_at is not None:
        raise DecisionRefused(f"request {request.receipt} has no decision to approve", "refused_no_proposal")
    return request.decision


def found(tx: Transaction, request_id: str, version: int | None = None) -> DataSubjectRequest:
    """Find a request as the staff member saw it; raise Overtaken if it has changed since."""
    request = tx.requests.get(request_id)
    if request is None:
        raise NotFound(f"there is no request {request_id}")
    if version is not None and version != request.version:
        raise Overtaken(f"request {request.receipt} was changed by somebody else meanwhile")
    return request
