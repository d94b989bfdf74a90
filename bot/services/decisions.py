"""What staff do with a request: begin, verify by documents, decide with four eyes, extend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.errors import MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.privacy.due_dates import jst_date
from bot.privacy.japanese_dates import show_date
from bot.privacy.refusal_grounds import refusal_ground
from bot.privacy.request_types import Level, request_type
from bot.privacy.statuses import IdentityStatus, Status, check_transition
from bot.services.phrases import Phrasebook
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import DataSubjectRequest
from bot.services.requests import RequestDesk


class DecisionRefused(MadoguchiError):
    """A decision lacks what the law or the company asks of it; the text says what."""


class SelfApproval(DecisionRefused):
    """Whoever proposed a decision can't approve it too."""


@dataclass(frozen=True)
class Decision:
    """What staff decided; a denial needs a ground of the law's list, and every decision words for the customer."""

    outcome: Status
    words: str
    ground: str = ""


class Decisions:
    """Staff's changes of requests; raises DecisionRefused, TransitionError or Overtaken and then changes nothing."""

    def __init__(
        self, store: Store, desk: RequestDesk, companies: PolicyLibrary, phrases: Phrasebook, clock: Clock
    ) -> None:
        self._store = store
        self._desk = desk
        self._companies = companies
        self._phrases = phrases
        self._clock = clock

    def begin(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Note that staff work on it."""
        with self._store.transaction() as tx:
            request = _found(tx, request_id)
            check_transition(request.status, Status.IN_PROGRESS)
            begun = replace(request, status=Status.IN_PROGRESS)
            return self._desk.change(tx, _staff(staff), "request.begun", request, begun, self._clock.now())

    def confirm_identity(self, request_id: str, customer_id: str, staff: str) -> DataSubjectRequest:
        """Note that staff verified the person by documents or at the counter."""
        with self._store.transaction() as tx:
            request = _found(tx, request_id)
            customer = tx.customers.get(customer_id)
            if customer is None or customer.company != request.company:
                raise NotFound(f"{request.company} has no customer {customer_id}")
            return self._desk.verify(tx, request, customer, _staff(staff), self._clock.now())

    def refuse_identity(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Note that the person could not be verified; the request itself is denied by `decide`."""
        with self._store.transaction() as tx:
            request = _found(tx, request_id)
            refused = replace(request, identity=IdentityStatus.REFUSED, customer=None)
            return self._desk.change(tx, _staff(staff), "request.identity_refused", request, refused, self._clock.now())

    def decide(self, request_id: str, decision: Decision, staff: str) -> DataSubjectRequest:
        """Decide, or propose where four eyes are needed."""
        with self._store.transaction() as tx:
            request, now = _found(tx, request_id), self._clock.now()
            _check(request, decision, now)
            noted = {"outcome": decision.outcome.value, "ground": decision.ground, "words": decision.words.strip()}
            if not self._needs_four_eyes(request):
                return self._decided(tx, request, {**noted, "decided_by": staff}, now)
            proposed = replace(request, status=Status.IN_PROGRESS, decision={**noted, "proposed_by": staff})
            return self._desk.change(tx, _staff(staff), "request.decision_proposed", request, proposed, now)

    def approve(self, request_id: str, staff: str) -> DataSubjectRequest:
        """Approve another staff member's proposal; raise SelfApproval for one's own."""
        with self._store.transaction() as tx:
            request, now = _found(tx, request_id), self._clock.now()
            noted = request.decision
            if "proposed_by" not in noted or request.decided_at is not None:
                raise DecisionRefused(f"request {request.receipt} has no decision to approve")
            if noted["proposed_by"] == staff:
                raise SelfApproval("a second person approves a disclosure or an erasure")
            _check(request, Decision(Status(noted["outcome"]), noted["words"], noted["ground"]), now)
            return self._decided(tx, request, {**noted, "decided_by": staff}, now)

    def extend(self, request_id: str, due: date, reason: str, staff: str) -> DataSubjectRequest:
        """Move the due date; the reason goes to the customer."""
        with self._store.transaction() as tx:
            request, now = _found(tx, request_id), self._clock.now()
            if due <= request.due_date:
                raise DecisionRefused("an extension ends after the due date that the customer was told")
            if not reason.strip():
                raise DecisionRefused("an extension needs a reason, in words for the customer")
            longer = replace(request, due_date=due)
            extended = self._desk.change(tx, _staff(staff), "request.extended", request, longer, now)
            words = {"due": show_date(due), "reason": reason.strip()}
            self._desk.news.tell(tx, extended, "extension", f"extension:{request.id}:{extended.version}", now, words)
            return extended

    def _needs_four_eyes(self, request: DataSubjectRequest) -> bool:
        return request_type(request.type).four_eyes and self._companies.get(request.company).four_eyes

    def _decided(
        self, tx: Transaction, request: DataSubjectRequest, noted: dict[str, str], now: datetime
    ) -> DataSubjectRequest:
        outcome = Status(noted["outcome"])
        actor = _staff(noted["decided_by"])
        decided = self._desk.end(tx, actor, "request.decided", request, outcome, noted, now)
        name = "decision_fulfilled" if outcome is Status.FULFILLED else "decision_denied"
        words = {"words": noted["words"], "ground": self._ground_words(request, noted["ground"])}
        self._desk.news.tell(tx, decided, name, f"decision:{request.id}", now, words)
        return decided

    def _ground_words(self, request: DataSubjectRequest, ground: str) -> str:
        if not ground:
            return ""
        article = refusal_ground(ground, request.type).article
        return self._phrases.text("ground", words=self._phrases.text(f"ground_{ground}"), article=article)


def _check(request: DataSubjectRequest, decision: Decision, now: datetime) -> None:
    """Refuse what the law or the desk's own promise doesn't allow (APPI 36: reasons for every refusal)."""
    if decision.outcome not in (Status.FULFILLED, Status.DENIED):
        raise DecisionRefused("a decision is fulfilled or denied")
    check_transition(request.status, decision.outcome)
    if not decision.words.strip():
        raise DecisionRefused("a decision needs words for the customer")
    if decision.outcome is Status.DENIED:
        refusal_ground(decision.ground, request.type)
        return
    if request_type(request.type).level is not Level.NAMED_CONTACT and not request.verified:
        raise DecisionRefused("the person isn't verified yet: confirm the identity first")
    if request.held_until and jst_date(now) < request.held_until:
        raise DecisionRefused(
            f"the contact on file changed lately: nothing goes out before {request.held_until.isoformat()}"
        )


def _found(tx: Transaction, request_id: str) -> DataSubjectRequest:
    request = tx.requests.get(request_id)
    if request is None:
        raise NotFound(f"there is no request {request_id}")
    return request


def _staff(staff: str) -> str:
    return f"staff:{staff}"
