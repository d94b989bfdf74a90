"""The queue of a company as staff see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.services.records import Handoff


@dataclass(frozen=True)
class QueuedCase:
    """An open case with what its conversation says of it; `last_author` wrote the last message.

    `topics` are those of the last question about the policy.
    """

    case: Handoff
    channel: str
    last_author: str | None
    last_at: datetime | None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueueCounts:
    """How much there is to do."""

    waiting: int
    claimed: int
    running: int
    late: int


class Queue(Protocol):
    """Readings across cases, conversations and requests; with a `scope`, that store's and those of none."""

    def cases(self, company: str, scope: str | None, limit: int) -> list[QueuedCase]:
        """Open cases by priority and waiting time."""

    def counts(self, company: str, scope: str | None, today: date) -> QueueCounts:
        """Count what isn't ended; `late` are requests due before `today`."""

    def waiting(self, company: str, scope: str | None) -> int:
        """Count the cases that nobody has taken."""

    def pulse(self, company: str) -> str:
        """A text that changes whenever something in the company's queue may have."""
