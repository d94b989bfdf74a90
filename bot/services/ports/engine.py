"""The dialogue engine and the world around the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol


class Clock(Protocol):
    """The time, so that tests can set it."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class Keys(Protocol):
    """Keyed hashes for everything that must be compared but not kept."""

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 in hex under a key of its own for `purpose`."""


UNDERSTOOD = "understood"
"""Where the first reply to a message has what the engine understood of it: intent, confidence, topics; for staff."""


@dataclass(frozen=True)
class EngineReply:
    """One reply of the dialogue engine."""

    text: str
    buttons: Sequence[dict[str, str]] = ()
    custom: dict[str, Any] | None = None


class DialogueEngine(Protocol):
    """Rasa, wherever it runs."""

    async def respond(self, conversation: str, text: str, metadata: dict[str, Any]) -> list[EngineReply]:
        """Let the engine work on a message; raises Unavailable when it doesn't answer in time."""


class BusinessCalendar(Protocol):
    """When a company works."""

    def is_business_day(self, company: str, day: date) -> bool:
        """Whether the company is open on that day (holidays and its closed days counted)."""
