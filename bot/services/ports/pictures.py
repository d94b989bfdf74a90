"""Customers' pictures: where they come from, and where they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.services.records import Picture


class Pictures(Protocol):
    """Pictures that staff may look at."""

    def add(self, picture: Picture, content: bytes) -> None:
        """Insert."""

    def get(self, picture_id: str) -> Picture | None:
        """Find by the id of the message that brought it."""

    def content(self, picture_id: str) -> bytes:
        """Read it; empty if it isn't there."""

    def of(self, conversation_id: str) -> list[Picture]:
        """Those of a conversation, oldest first."""

    def delete(self, picture_id: str) -> bool:
        """Destroy for good; False if it isn't there."""

    def delete_older(self, before: datetime) -> int:
        """Destroy those kept before; return how many."""


class PictureSource(Protocol):
    """A channel that holds what its customers sent."""

    async def fetch(self, company: str, name: str) -> bytes | None:
        """Fetch what the channel knows by that name; None if it is gone there, Unavailable if later may help."""
