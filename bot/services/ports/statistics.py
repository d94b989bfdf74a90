"""How often what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Counted:
    """One thing to count: `kind` is message, conversation, topic, unanswered or handoff."""

    kind: str
    name: str


class Statistics(Protocol):
    """Counters by company, store and day, without anything personal."""

    def count(self, company: str, store: str | None, day: date, things: Sequence[Counted]) -> None:
        """Add one for each thing, in the caller's transaction."""

    def by_day(
        self, company: str, kind: str, first: date, last: date, stores: Sequence[str] | None = None
    ) -> dict[tuple[date, str], int]:
        """How often each name of a kind was counted on each day of a period; `stores` None means all of them."""
