"""Sessions of staff, and the links that were sent to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.services.staff.records import LinkKind, StaffLink, StaffSession
from bot.storage.repository import Repository
from bot.storage.tables import staff_links, staff_sessions


class SqlStaffSessions(Repository):
    """Implement the port of the sessions of staff."""

    def add(self, session: StaffSession) -> None:
        """Insert."""
        self._run(insert(staff_sessions).values(self._row(staff_sessions, session)))

    def by_digest(self, digest: str) -> StaffSession | None:
        """Find by the keyed hash of its token."""
        query = select(staff_sessions).where(staff_sessions.c.digest == digest)
        return self._found(StaffSession, staff_sessions, query)

    def get(self, session_id: str) -> StaffSession | None:
        """Find by id."""
        query = select(staff_sessions).where(staff_sessions.c.id == session_id)
        return self._found(StaffSession, staff_sessions, query)

    def touch(self, session_id: str, at: datetime) -> None:
        """Note that it was used."""
        self._run(update(staff_sessions).where(staff_sessions.c.id == session_id).values(seen_at=at))

    def of(self, staff_id: str) -> list[StaffSession]:
        """All of a person, the last used first."""
        theirs = select(staff_sessions).where(staff_sessions.c.staff == staff_id)
        rows = self._run(theirs.order_by(staff_sessions.c.seen_at.desc()))
        return self._records(StaffSession, staff_sessions, rows)

    def end(self, session_id: str) -> bool:
        """Delete one; False if there was none."""
        return bool(self._run(delete(staff_sessions).where(staff_sessions.c.id == session_id)).rowcount)

    def end_all(self, staff_id: str, but: str | None = None) -> int:
        """Delete all of a person, but for one; return how many."""
        theirs = delete(staff_sessions).where(staff_sessions.c.staff == staff_id)
        return int(self._run(theirs if but is None else theirs.where(staff_sessions.c.id != but)).rowcount)

    def sweep(self, begun_before: datetime) -> int:
        """Delete those that were begun before; return how many."""
        return int(self._run(delete(staff_sessions).where(staff_sessions.c.created_at < begun_before)).rowcount)


class SqlStaffLinks(Repository):
    """Implement the port of the links."""

    def add(self, link: StaffLink) -> None:
        """Insert; older ones of the same person and kind are good no more."""
        older = (staff_links.c.staff == link.staff, staff_links.c.kind == link.kind)
        self._run(delete(staff_links).where(*older))
        self._run(insert(staff_links).values(self._row_of(link)))

    def find(self, digest: str) -> StaffLink | None:
        """Find by the keyed hash of its token, used or not."""
        return self._found(StaffLink, staff_links, select(staff_links).where(staff_links.c.digest == digest))

    def use(self, digest: str, now: datetime) -> bool:
        """Use it up in one atomic UPDATE; False if it was used or has expired."""
        good = (staff_links.c.digest == digest, staff_links.c.used_at.is_(None), staff_links.c.expires_at > now)
        return bool(self._run(update(staff_links).where(*good).values(used_at=now)).rowcount)

    def drop_all(self, staff_id: str) -> None:
        """Delete all of a person."""
        self._run(delete(staff_links).where(staff_links.c.staff == staff_id))

    def open_for(self, staff_id: str, kind: LinkKind, now: datetime) -> bool:
        """Whether a person has a link of a kind that is still good."""
        theirs = (staff_links.c.staff == staff_id, staff_links.c.kind == kind)
        good = (staff_links.c.used_at.is_(None), staff_links.c.expires_at > now)
        return self._run(select(staff_links.c.digest).where(*theirs, *good).limit(1)).first() is not None

    def sweep(self, expired_before: datetime) -> int:
        """Delete those that expired before; return how many."""
        return int(self._run(delete(staff_links).where(staff_links.c.expires_at < expired_before)).rowcount)

    def _row_of(self, link: StaffLink) -> dict[str, object]:
        return {
            name: getattr(link, name) for name in ("digest", "staff", "kind", "created_at", "expires_at", "used_at")
        }
