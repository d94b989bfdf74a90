"""How often what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Counted:
    """One thing to count: `kind` is message, conversation, topic, answer or handoff."""

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


@dataclass(frozen=True)
class Running:
    """How many requests have not ended: all of them, those due soon, and those whose day has passed."""

    open: int
    due_soon: int
    late: int


class Figures(Protocol):
    """How a company's desk stands, counted where the records are; of `stores` an empty one means no store."""

    def running(self, company: str, today: date, soon: date, stores: Sequence[str] | None = None) -> Running:
        """Count the requests that haven't ended; due soon is from `today` to `soon`."""

    def waiting(self, company: str, stores: Sequence[str] | None = None) -> int:
        """Count the cases that nobody has claimed."""

    def outcomes(
        self, company: str, since: datetime, until: datetime, stores: Sequence[str] | None = None
    ) -> dict[tuple[str, str], int]:
        """Count the requests recorded in a time, by type and status."""

    def first_answers(
        self, company: str, since: datetime, until: datetime, limit: int, stores: Sequence[str] | None = None
    ) -> list[float]:
        """Seconds from each case's opening to staff's first answer, of the newest `limit` cases that have one."""
