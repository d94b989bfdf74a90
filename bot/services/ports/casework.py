"""What staff work on, and the record of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.services.records import AuditRecord, Handoff


class Handoffs(Protocol):
    """Cases for staff."""

    def add(self, handoff: Handoff) -> Handoff:
        """Insert; if the conversation has one that isn't closed, return that one (raised to the better priority)."""

    def get(self, handoff_id: str) -> Handoff | None:
        """Find by id."""

    def open_for(self, conversation_id: str) -> Handoff | None:
        """The case of a conversation that isn't closed."""

    def claim(self, handoff_id: str, staff: str, at: datetime) -> bool:
        """Take a waiting case in one atomic UPDATE; False if somebody else did."""

    def release(self, handoff_id: str, held_by: str | None = None) -> bool:
        """Put a claimed case back into the queue; with `held_by`, only if that one holds it."""

    def assign(self, handoff_id: str, staff: str, held_by: str | None, at: datetime) -> bool:
        """Give an open case to somebody in one atomic UPDATE; False unless `held_by` (None: nobody) holds it."""

    def raise_once(self, handoff_id: str, priority: int, at: datetime) -> bool:
        """Note that a waiting case has waited too long; False if it was noted, or the case doesn't wait."""

    def close(self, handoff_id: str, at: datetime, held_by: str | None = None) -> bool:
        """Close it; False if it was closed, or with `held_by` if another or nobody holds it."""

    def find(self, company: str | None = None, status: str | None = None) -> list[Handoff]:
        """List in queue order: priority, then waiting time."""

    def places(self, handoff_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
        """The conversation, empty if it was erased, and the store of cases by their ids."""


@dataclass(frozen=True)
class AuditFilter:
    """Which of a company's audit records to show; None means any, `before` those older than (at, seq)."""

    company: str
    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None
    limit: int = 50


class Audit(Protocol):
    """The hash chain of audit records."""

    def append(
        self,
        actor: str,
        action: str,
        subject: str,
        company: str | None,
        before: dict[str, Any],
        after: dict[str, Any],
        at: datetime,
    ) -> AuditRecord:
        """Append a link; the keyed head and count, kept apart from the chain, move with it."""

    def records(self, subject: str | None = None) -> Iterator[AuditRecord]:
        """All records in order, or those of one subject."""

    def last_seq(self) -> int:
        """The number of the last record, 0 if there is none."""

    def after(self, seq: int, limit: int) -> list[AuditRecord]:
        """The next records after one, in order."""

    def page(self, wanted: AuditFilter) -> list[AuditRecord]:
        """The newest records that fit a filter, the newest first."""

    def first_bad(self) -> str | None:
        """Check the chain, its count and its head; say in English where it is broken, or None."""
