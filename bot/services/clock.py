"""The time of the machine."""

from __future__ import annotations

from datetime import datetime, timezone


class SystemClock:
    """Implement the clock port."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(timezone.utc)
