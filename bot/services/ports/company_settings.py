"""What staff set for their company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol


@dataclass(frozen=True)
class StaffChoices:
    """What staff set over company.yml; None leaves it as that file has it."""

    company: str
    opening_hours: Mapping[int, tuple[time, time]] | None = None  # By weekday, Monday is 0; a closed one is left out.
    closed_on_holidays: bool | None = None
    four_eyes: bool | None = None
    four_eyes_reason: str = ""  # Why it was switched off.
    waiting_note: str = ""  # What customers are told beside the hours.


@dataclass(frozen=True)
class ClosedDay:
    """A day on which a company is closed beside its weekdays and the holidays."""

    company: str
    day: date
    note: str = ""


@dataclass(frozen=True)
class CannedAnswer:
    """A text that staff send again and again."""

    id: str
    company: str
    title: str
    text: str
    position: int = 0


class CompanySettings(Protocol):
    """What staff set, company by company."""

    def get(self, company: str) -> StaffChoices:
        """What is set; all None if nothing is."""

    def save(self, choices: StaffChoices) -> None:
        """Insert or replace."""

    def closed_days(self, company: str, since: date | None = None) -> list[ClosedDay]:
        """The closed days from `since` on, in order."""

    def close(self, closed: ClosedDay) -> bool:
        """Insert unless that day is closed already; tell whether it was inserted."""

    def open(self, company: str, day: date) -> bool:
        """Take a closed day back; False if it was none."""


class CannedAnswers(Protocol):
    """The canned answers of each company."""

    def list(self, company: str) -> list[CannedAnswer]:
        """All of a company, in its order."""

    def get(self, answer_id: str) -> CannedAnswer | None:
        """Find by id."""

    def save(self, answer: CannedAnswer) -> None:
        """Insert or replace."""

    def delete(self, answer_id: str) -> bool:
        """Delete; False if it was gone."""
