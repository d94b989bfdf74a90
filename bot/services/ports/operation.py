"""How the desk is doing, for the operator's alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True)
class Vitals:
    """What may have to wake somebody, counted over all companies."""

    outbox_waiting: int
    outbox_dead: int
    outbox_due_since: datetime | None  # Of what should have gone out by now, the oldest.
    handoffs_waiting: int
    handoff_waiting_since: datetime | None
    requests_running: int
    requests_overdue: int
    messages_unanswered: int


@dataclass(frozen=True)
class JobRun:
    """The last run of something that runs by itself."""

    name: str
    ran_at: datetime
    ok: bool


class Operation(Protocol):
    """How the desk is doing."""

    def vitals(self, now: datetime, today: date, patience_s: int) -> Vitals:
        """Count; a message counts as unanswered after `patience_s`."""

    def note_job(self, run: JobRun) -> None:
        """Insert or replace."""

    def jobs(self) -> list[JobRun]:
        """List by name."""
