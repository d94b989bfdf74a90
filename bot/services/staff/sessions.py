"""Who is signed in, in which browser, and for how long."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.services.ports import Clock, Keys, Store, Transaction
from bot.services.staff.records import Membership, StaffMember, StaffSession, Stage
from bot.settings import Settings

_TOKEN_BYTES = 32
_TOUCH_EVERY = timedelta(minutes=1)
"""How exactly the last use is known, so that most pages write nothing."""


@dataclass(frozen=True)
class SignedIn:
    """Who asks for a page."""

    session: StaffSession
    staff: StaffMember
    memberships: tuple[Membership, ...]

    def in_company(self, company: str) -> Membership | None:
        """What the person is in a company."""
        return next((one for one in self.memberships if one.company == company), None)


class Sessions:
    """Begins, finds and ends sessions; the store has a keyed hash of each token, the browser the token."""

    def __init__(self, store: Store, keys: Keys, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._idle = timedelta(minutes=settings.staff_idle_minutes)
        self._longest = timedelta(hours=settings.staff_session_hours)

    def begin(self, tx: Transaction, staff_id: str, stage: Stage, device: str) -> str:
        """Open a session and return its token, which nobody had before."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock.now()
        tx.staff_sessions.add(StaffSession(uuid.uuid4().hex, self._digest(token), staff_id, stage, device, now, now))
        return token

    def find(self, token: str, *, quiet: bool = False) -> SignedIn | None:
        """Tell whose token this is, unless the session is over; `quiet` doesn't count as use."""
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            session = tx.staff_sessions.by_digest(self._digest(token))
            if session is None or self._over(session, now):
                return None
            staff = tx.staff.get(session.staff)
            memberships = tuple(tx.staff.memberships(session.staff))
        if staff is None:
            return None
        if not quiet and now - session.seen_at >= _TOUCH_EVERY:
            with self._store.transaction(durable=False) as tx:
                tx.staff_sessions.touch(session.id, now)
        return SignedIn(session, staff, memberships)

    def is_open(self, session_id: str) -> bool:
        """Tell whether a session goes on, for a stream that outlives the request that began it."""
        with self._store.transaction(read_only=True) as tx:
            session = tx.staff_sessions.get(session_id)
        return session is not None and not self._over(session, self._clock.now())

    def of(self, staff_id: str) -> list[StaffSession]:
        """List a person's open sessions, the last used first."""
        with self._store.transaction(read_only=True) as tx:
            found = tx.staff_sessions.of(staff_id)
        return [session for session in found if not self._over(session, self._clock.now())]

    def _over(self, session: StaffSession, now: datetime) -> bool:
        return now - session.seen_at >= self._idle or now - session.created_at >= self._longest

    def _digest(self, token: str) -> str:
        return self._keys.digest("staff session", token)
