"""One turn of a conversation, as every use case of the dialogue receives it."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from bot.knowledge.company import Company
from bot.understanding.result import Understanding


@dataclass(frozen=True)
class Turn:
    """A customer's message on its way through the dialogue.

    `event` is our id of the inbound message: a use case that was done for it already does nothing again and says the
    same. `text` is what the customer wrote, masked.
    """

    conversation: str
    company: Company
    channel: str
    event: str
    text: str
    understanding: Understanding


@dataclass(frozen=True)
class Expectation:
    """What an open form waits for, so that a short answer isn't taken for something else.

    `kind` is `choice` (one of `choices`), `value` (a name, number, date …), `text` (anything), or `given`: the message
    was read and surely holds it. `choices` are the buttons shown, whatever the kind.
    """

    field: str
    kind: str
    choices: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give the form that travels with a message to the engine."""
        return {**asdict(self), "choices": list(self.choices)}


def question_ids(message: str, count: int) -> list[str]:
    """Name the unanswered questions of a message, so that a repeat of it, or its erasure, finds the same ones."""
    return [uuid.uuid5(uuid.NAMESPACE_OID, f"unanswered:{message}:{index}").hex for index in range(count)]
