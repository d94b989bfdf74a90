"""Other help desks that take part over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.services.records import Machine


class Machines(Protocol):
    """Machines with their keys and webhooks."""

    def add(self, machine: Machine, key_digest: str) -> None:
        """Insert."""

    def get(self, machine_id: str) -> Machine | None:
        """Find by id, revoked ones too."""

    def by_key(self, key_digest: str) -> Machine | None:
        """Find who holds a key, unless it was revoked."""

    def find(self, company: str | None = None) -> list[Machine]:
        """List, oldest first, revoked ones too."""

    def mark_used(self, machine_id: str, at: datetime) -> None:
        """Note when a key was used last."""

    def revoke(self, machine_id: str, at: datetime) -> bool:
        """End a key and its webhook; False if it was ended."""

    def listening(self, company: str | None = None) -> list[Machine]:
        """Those with a webhook that aren't revoked."""

    def lock(self, machine_id: str) -> Machine | None:
        """Find by id and keep others from changing it until the transaction ends."""

    def mark_told(self, machine_id: str, seq: int) -> None:
        """Note the last audit record of which the webhook was told."""
