"""What staff leave beside a conversation, and how staff are found and told of cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.services.records import Note, Presence


class Notes(Protocol):
    """Private notes of staff on a conversation, which no customer sees."""

    def add(self, note: Note) -> bool:
        """Insert; False if one with that id is there."""

    def of(self, conversation_id: str) -> list[Note]:
        """Those of a conversation, oldest first."""


class Presences(Protocol):
    """Who has which page open just now."""

    def touch(self, subject: str, staff: str, at: datetime) -> None:
        """Note that somebody looks at a subject."""

    def leave(self, subject: str, staff: str) -> None:
        """Note that somebody no longer does."""

    def since(self, moment: datetime) -> list[Presence]:
        """Who has looked at anything since, by subject."""

    def sweep(self, before: datetime) -> int:
        """Delete those not seen since; return how many."""


class CaseAlerts(Protocol):
    """Who wants e-mail of new cases."""

    def switch_on(self, staff: str, company: str, at: datetime) -> None:
        """Begin to tell, of what comes from now on."""

    def switch_off(self, staff: str, company: str) -> None:
        """Tell no more."""

    def is_on(self, staff: str, company: str) -> bool:
        """Whether a person is told."""

    def wanted(self, company: str) -> list[tuple[str, datetime]]:
        """Who is told, and when each was last."""

    def told(self, staff: str, company: str, before: datetime, at: datetime) -> bool:
        """Note that a person is being told, in one atomic UPDATE; False if `before` is no longer the last time."""


class RequestLookup(Protocol):
    """Requests by what the person said of themselves, under keyed hashes."""

    def find(self, company: str, name_or_contact: str, limit: int) -> Sequence[str]:
        """Ids of the requests whose claimant bears that name or contact."""
