"""The request form as it is worked on during one turn."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.privacy.request_types import Field
from bot.services.notices import company_words
from bot.services.phrases import Phrasebook, Reply
from bot.services.ports import Transaction
from bot.services.records import Conversation, Draft
from bot.services.turns import Turn

SUMMARY = "summary"
CONFIRM_WITHDRAWAL = "confirm_withdrawal"
SWITCH = "switch"
LEAVE = "leave"
CHANGE = "change"
PLAIN = 0.6
"""From this probability on a wish or a yes is taken for one even while a form waits for something else."""
BAD_ANSWERS = 2
"""After so many refused answers in a row a person is offered, and again after as many more."""


@dataclass
class OpenForm:
    """A draft opened within a turn's transaction; whoever works on it changes it in place and says things.

    `asking` is a Field's value or one of the questions above that no field stands for.
    """

    turn: Turn
    tx: Transaction
    now: datetime
    phrases: Phrasebook
    conversation: Conversation | None
    procedure: str
    values: dict[str, str] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    asking: str | None = None
    attempts: int = 0
    replies: list[Reply] = field(default_factory=list)

    @classmethod
    def of(
        cls, turn: Turn, tx: Transaction, now: datetime, phrases: Phrasebook, thread: Conversation | None, draft: Draft
    ) -> OpenForm:
        """Open a stored draft."""
        return cls(
            turn, tx, now, phrases, thread, draft.procedure, dict(draft.values), dict(draft.state), draft.asking,
            draft.attempts,
        )  # fmt: skip

    @property
    def id(self) -> str:
        """The draft's own id: a code sent for it is none for another."""
        return str(self.state["id"])

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be asked."""
        return bool(self.state.get("closed"))

    def value(self, asked: Field) -> str | None:
        """What was answered, or None."""
        return self.values.get(asked.value)

    @property
    def agrees(self) -> bool:
        """Whether the message is a yes that is plain enough to send, take back or drop something."""
        understood = self.turn.understanding
        return understood.intent == "affirm" and understood.confidence >= PLAIN

    @property
    def denies(self) -> bool:
        """Whether the message is a no."""
        return self.turn.understanding.intent == "deny"

    def say(self, phrase: str, **values: object) -> Reply:
        """Add a reply; every phrase may name the company and its contact."""
        reply = self.phrases.say(phrase, **self.company_words(), **values)
        self.replies.append(reply)
        return reply

    def refuse(self, phrase: str) -> None:
        """Say what is wrong with an answer; a person is offered when that happens again and again."""
        self.attempts += 1
        self.say(phrase)
        if self.attempts % BAD_ANSWERS == 0:
            self.say("offer_staff")

    def mark_question(self) -> None:
        """Tell channels by the last reply what is asked, so that a phone can help to fill it in."""
        if self.replies and self.asking and not self.closed:
            self.replies[-1] = self.replies[-1].with_body(field=self.asking)

    def company_words(self) -> dict[str, str]:
        """The company as phrases name it."""
        return company_words(self.turn.company)

    def close(self) -> None:
        """Forget all that was typed in; what was said stays for a repeat of the same message."""
        kept: dict[str, Any] = {name: self.state[name] for name in ("id", "request") if name in self.state}
        self.values, self.state, self.asking, self.attempts = {}, {**kept, "closed": True}, None, 0

    def to_draft(self) -> Draft:
        """Give the record to store, with what this turn's message was told."""
        said = [
            {"text": reply.text, "buttons": [[b.title, b.payload] for b in reply.buttons], "body": dict(reply.body)}
            for reply in self.replies
        ]
        return Draft(
            self.turn.conversation, self.procedure, self.values, self.asking, self.attempts,
            {**self.state, "said": said}, self.turn.event, self.now,
        )  # fmt: skip
