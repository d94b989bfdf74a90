"""What goes out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.services.records import OutboundMessage

HOLDS_UP_TRIES = 3
"""What fails more often no longer keeps back what was written to the same person after it: a minute and a half."""


class Outbox(Protocol):
    """Messages to be delivered."""

    def add(self, message: OutboundMessage) -> bool:
        """Enqueue unless one with the same key is there."""

    def take_due(self, now: datetime, limit: int, lease_s: int, but: Collection[str] = ()) -> list[OutboundMessage]:
        """Claim due messages for `lease_s` seconds, so that no two workers have the same; no kinds of `but`."""

    def put_back(self, message_id: str, next_try_at: datetime) -> None:
        """Give back what was claimed and not tried."""

    def about_to_go(self, company: str, kind: str, recipient: str) -> bool:
        """Whether something of a kind to a recipient waits for its first try, or for its second."""

    def mark_sent(self, message_id: str, at: datetime) -> None:
        """It was handed over: recipient, subject and text have done their service and are blanked."""

    def mark_failed(self, message_id: str, error: str, next_try_at: datetime | None) -> None:
        """It failed: try again at that time, or None for a dead letter."""

    def retry(self, message_id: str, at: datetime) -> bool:
        """Put a dead letter back."""

    def dead(self, company: str, limit: int) -> list[OutboundMessage]:
        """A company's dead letters, the newest first."""

    def get(self, message_id: str) -> OutboundMessage | None:
        """Find by id."""

    def discard(self, message_id: str) -> bool:
        """Delete a dead letter; False if it is none."""

    def find(self, status: str | None = None) -> list[OutboundMessage]:
        """List, oldest first."""

    def erase_recipient(self, recipient: str) -> int:
        """Delete every message to that address or number; return how many."""

    def withdraw(self, company: str, kind: str, recipient: str) -> int:
        """Delete a company's messages of a kind to a recipient that weren't handed over; return how many."""

    def delete_sent(self, before: datetime) -> int:
        """Delete rows of messages sent before; return how many."""

    def delete_dead(self, before: datetime) -> int:
        """Delete dead letters written before; return how many."""
