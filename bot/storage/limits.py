"""Counters within time windows."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, select, update

from bot.storage.repository import Repository
from bot.storage.tables import limits


class SqlLimits(Repository):
    """Implement the port of limits: a window begins with the first count and ends `window_s` seconds later."""

    def take(self, key: str, limit: int, window_s: int, now: datetime) -> bool:
        """Count one for `key` and tell whether it is within `limit` a window; a refused one isn't counted."""
        if limit < 1:
            return False
        first = {
            "digest": self._digest("limit", key),
            "window_s": window_s,
            "taken": 1,
            "ends_at": now + timedelta(seconds=window_s),
        }
        over = limits.c.ends_at <= now
        statement = self._insert(limits).values(first)
        statement = statement.on_conflict_do_update(
            index_elements=["digest", "window_s"],
            set_={
                "taken": case((over, 1), else_=limits.c.taken + 1),
                "ends_at": case((over, statement.excluded.ends_at), else_=limits.c.ends_at),
            },
            where=or_(over, limits.c.taken < limit),
        )
        return bool(self._run(statement).rowcount)

    def count(self, key: str, window_s: int, now: datetime) -> int:
        """How many were counted in the window."""
        window = (limits.c.digest == self._digest("limit", key), limits.c.window_s == window_s)
        return self._run(select(limits.c.taken).where(*window, limits.c.ends_at > now)).scalar() or 0

    def give_back(self, key: str, window_s: int) -> None:
        """Take one off what was counted for `key`."""
        window = (limits.c.digest == self._digest("limit", key), limits.c.window_s == window_s)
        self._run(update(limits).where(*window, limits.c.taken > 0).values(taken=limits.c.taken - 1))

    def sweep(self, before: datetime) -> int:
        """Delete windows that ended before; return how many."""
        return int(self._run(delete(limits).where(limits.c.ends_at < before)).rowcount)
