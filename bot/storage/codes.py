"""One-time codes; every step that an attacker could race is one UPDATE with its condition."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.services.records import OneTimeCode
from bot.storage.repository import Repository
from bot.storage.tables import codes


class SqlCodes(Repository):
    """Implement the port of codes."""

    def add(self, code: OneTimeCode) -> None:
        """Insert."""
        self._run(insert(codes).values(self._row(codes, code)))

    def latest(self, conversation_id: str, purpose: str) -> OneTimeCode | None:
        """The last code of a conversation for a purpose."""
        query = (
            select(codes)
            .where(codes.c.conversation == conversation_id, codes.c.purpose == purpose)
            .order_by(codes.c.created_at.desc(), codes.c.id.desc())
            .limit(1)
        )
        return self._found(OneTimeCode, codes, query)

    def take_attempt(self, code_id: str, limit: int, now: datetime) -> bool:
        """Count one attempt in one atomic UPDATE; False if `limit` is reached, or it is used or expired.

        A code once seen expired is closed for good, so that a clock set back doesn't bring it to life.
        """
        this, usable = codes.c.id == code_id, (codes.c.used_at.is_(None), codes.c.expires_at > now)
        counted = update(codes).where(this, *usable, codes.c.attempts < limit).values(attempts=codes.c.attempts + 1)
        if self._run(counted).rowcount:
            return True
        self._run(update(codes).where(this, codes.c.expires_at <= now).values(expires_at=codes.c.created_at))
        return False

    def use(self, code_id: str, now: datetime) -> bool:
        """Mark as used in one atomic UPDATE; False if it was used."""
        unused = (codes.c.id == code_id, codes.c.used_at.is_(None))
        return bool(self._run(update(codes).where(*unused).values(used_at=now)).rowcount)

    def delete_expired(self, before: datetime) -> int:
        """Delete codes that expired before; return how many."""
        return int(self._run(delete(codes).where(codes.c.expires_at < before)).rowcount)
