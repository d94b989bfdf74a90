"""What isn't about the policy or a request: greetings, thanks, declining, and the way to a person."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.privacy.due_dates import asks_how_long
from bot.privacy.handoff import HandoffReason, turns_to_authority
from bot.privacy.request_types import STATUS, begins_procedure, procedure_of
from bot.services.handoffs import Handoffs
from bot.services.intake import Intake
from bot.services.intake.choices import read_kind
from bot.services.intake.given import gives_contact
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Clock, Store
from bot.services.ports.statistics import Counted
from bot.services.receipts import read_receipt
from bot.services.records import UnansweredQuestion
from bot.services.statistics import count
from bot.services.turns import Turn, question_ids
from bot.understanding.result import NOT_JAPANESE, OUT_OF_SCOPE, REQUEST, Understanding

MISUNDERSTANDINGS = 2
"""After so many in a row a case is opened for staff, and a person is offered."""

SURE = 0.5
"""A message this surely out of scope is declined as such, not as one that wasn't understood.

It counts all the same: what makes no sense is as surely out of scope as the weather, and whoever is declined twice is
better off with a person.
"""

NEAR = 0.3
"""From this probability on a kind of request is worth the question whether it was meant."""

_WORDS = re.compile(r"[^\W_]")
_ASKS_FOR_IT = re.compile("お願い|おねがい|頼|送信|申し?込")
_REASONS = {"report_leak": HandoffReason.LEAK, "complain": HandoffReason.COMPLAINT}


class SmallTalk:
    """The manners of the desk."""

    def __init__(self, store: Store, phrases: Phrasebook, handoffs: Handoffs, intake: Intake, clock: Clock) -> None:
        self._store = store
        self._phrases = phrases
        self._handoffs = handoffs
        self._intake = intake
        self._clock = clock

    def reply(self, turn: Turn) -> list[Reply]:
        """Say what a polite person would say to the intent."""
        self._understood(turn)
        return [self._phrases.say(f"reply_{turn.understanding.intent}", company=turn.company.name)]

    def go_on(self, turn: Turn) -> list[Reply]:
        """Take up the open form with this message; without one, take a yes for the person that was offered."""
        said = self._intake.said(turn)
        if said is not None:
            return said
        if self._intake.is_open(turn.conversation):
            return self._intake.resume(turn)
        if procedure := self._intake.chosen(turn):
            return self._intake.start(turn, procedure)
        if turn.understanding.intent == "resume_request" and (again := self._intake.marketing_again(turn)):
            return again
        if gives_contact(turn.text):
            return self._intake.offer_contact(turn)
        if turn.understanding.intent == "affirm" and self._misunderstood(turn.conversation) >= MISUNDERSTANDINGS:
            return self._handoffs.hand_off(turn.conversation, turn.company, HandoffReason.ASKED, turn.event)
        words = f"nothing_open_{turn.understanding.intent}"
        if words == "nothing_open_affirm" and _ASKS_FOR_IT.search(turn.text):
            words = "nothing_open_wish"
        if words not in self._phrases.names():
            return self.decline(turn)
        self._understood(turn)
        return [self._phrases.say(words)]

    def hand_off(self, turn: Turn) -> list[Reply]:
        """Give the conversation to a person, for the reason that the customer gave."""
        # A contact without another word reports nothing and calls nobody, whatever it resembles.
        if bare := self._intake.bare_contact(turn):
            return bare
        reason = _REASONS.get(turn.understanding.intent, HandoffReason.ASKED)
        if reason is HandoffReason.COMPLAINT and not _surely_complains(turn):
            return self.decline(turn)
        return self._handoffs.hand_off(turn.conversation, turn.company, reason, turn.event)

    def decline(self, turn: Turn) -> list[Reply]:
        """Say kindly that this isn't for the desk, or that it wasn't understood; the second time offer a person."""
        understood = turn.understanding
        if read_receipt(turn.text):
            # A receipt number alone can only mean one thing.
            return self._intake.start(turn, STATUS)
        if understood.intent == NOT_JAPANESE:
            self._understood(turn)
            return [self._other_language(turn)]
        is_open = self._intake.is_open(turn.conversation)
        if gives_contact(turn.text) and not is_open:
            return self._intake.offer_contact(turn)
        if not is_open and turns_to_authority(turn.text):
            return self._handoffs.hand_off(turn.conversation, turn.company, HandoffReason.COMPLAINT, turn.event)
        if asks_how_long(turn.text) and read_kind(turn.text):
            self._understood(turn)
            return [self._phrases.say("days_to_answer", days=turn.company.due_days)]
        has_words = bool(_WORDS.search(turn.text))
        outside = has_words and understood.intent == OUT_OF_SCOPE and understood.confidence >= SURE
        words = "out_of_scope" if outside else "not_understood"
        failures = self._failed(turn, words)
        if failures > MISUNDERSTANDINGS:
            return [self._phrases.say("handoff_offered_again")]
        if failures < MISUNDERSTANDINGS:
            near = None if is_open or outside else _near_request(understood)
            return self._intake.offer_request(turn, near) if near else [self._outside(turn, words)]
        self._handoffs.note(turn.conversation, turn.company, HandoffReason.NOT_UNDERSTOOD, turn.event)
        waiting = self._handoffs.waiting_words(turn.company)
        return [
            self._phrases.say("handoff_offered", waiting=waiting, contact=self._handoffs.contact_line(turn.company))
        ]

    def _outside(self, turn: Turn, words: str) -> Reply:
        contact = self._handoffs.contact_line(turn.company)
        return self._phrases.say(words, company=turn.company.name, contact=contact)

    def _other_language(self, turn: Turn) -> Reply:
        contact = self._handoffs.contact_line(turn.company)
        return self._phrases.say(f"other_language_{turn.understanding.language}", contact=contact)

    def _misunderstood(self, conversation: str) -> int:
        with self._store.transaction(read_only=True) as tx:
            thread = tx.conversations.get(conversation)
            return thread.misunderstood if thread else 0

    def _understood(self, turn: Turn) -> None:
        with self._store.transaction(durable=False) as tx:
            thread = tx.conversations.lock(turn.conversation)
            if thread and thread.misunderstood:
                tx.conversations.save(replace(thread, misunderstood=0))

    def _failed(self, turn: Turn, reason: str) -> int:
        """Count a failure and keep the question for the maintainers; give how many there were in a row."""
        (name,) = question_ids(turn.event, 1)
        with self._store.transaction(durable=False) as tx:
            thread = tx.conversations.lock(turn.conversation)
            if thread is None:
                return 0
            now = self._clock.now()
            if not tx.unanswered.add(UnansweredQuestion(name, turn.company.id, turn.text, reason, now, thread.store)):
                return thread.misunderstood
            tx.conversations.save(replace(thread, misunderstood=thread.misunderstood + 1))
            count(tx, thread, [Counted("answer", reason)], now)
            return thread.misunderstood + 1


def _surely_complains(turn: Turn) -> bool:
    """Whether a person is to take over unasked: what only resembles a complaint (「それは嫌です」) may be a mere no."""
    return turn.understanding.confidence >= SURE or turns_to_authority(turn.text)


def _near_request(understood: Understanding) -> str | None:
    """Name the kind of request that a message came close to."""
    near = [intent for intent, p in understood.ranking if p >= NEAR and intent.startswith(REQUEST)]
    return next((procedure_of(intent) for intent in near if begins_procedure(intent)), None)
