"""Ways in by e-mail: the invitation, and the link for who has forgotten the password."""

from __future__ import annotations

import uuid
from dataclasses import replace

from bot.knowledge.library import PolicyLibrary
from bot.services.contacts import fold_contact
from bot.services.notices import Notices
from bot.services.ports import Clock, Store, Transaction
from bot.services.staff.history import note_own
from bot.services.staff.links import PASSWORD_LINK, Links, OpenLink
from bot.services.staff.passwords import Passwords, check_password
from bot.services.staff.records import LinkKind, StaffMember
from bot.services.staff.sign_in import Entered, SignIn, TooManyTries, Visitor
from bot.services.verification import NOBODY

_HOUR_S = 3600
_LINKS_AN_HOUR = 3
"""To one account; more are left out in silence."""
_ASKED_AN_HOUR = 20
"""From one network address."""


class Access:
    """Lets people set a password by a link."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        companies: PolicyLibrary,
        notices: Notices,
        passwords: Passwords,
        links: Links,
        sign_in: SignIn,
    ) -> None:
        self._store = store
        self._clock = clock
        self._companies = companies
        self._notices = notices
        self._passwords = passwords
        self._links = links
        self._sign_in = sign_in

    def read(self, token: str, kind: LinkKind) -> OpenLink:
        """Whom a link was sent to; raise LinkOver unless it is good."""
        return self._links.read(token, kind)

    def set_password(self, token: str, kind: LinkKind, password: str, visitor: Visitor) -> Entered:
        """Use a link up for a password, end all sessions and open one; raise LinkOver or WeakPassword."""
        link = self._links.read(token, kind)
        staff = link.staff
        check_password(password, staff.name, staff.email)
        hashed = self._passwords.hash(password)
        with self._store.transaction() as tx:
            self._links.use(tx, link)
            tx.staff.set_password(staff.id, hashed)
            tx.staff_links.drop_all(staff.id)
            tx.staff_sessions.end_all(staff.id)
            done = "staff.joined" if kind is LinkKind.INVITATION else "staff.password_reset"
            note_own(tx, staff, done, self._clock.now())
            return self._sign_in.enter(tx, staff, visitor)

    def forgotten(self, email: str, visitor: Visitor) -> None:
        """Send a link; for an unknown address do the same work and send nothing. Raise TooManyTries."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            if not tx.limits.take(f"staff forgotten address:{visitor.address}", _ASKED_AN_HOUR, _HOUR_S, now):
                raise TooManyTries(_HOUR_S // 60)
            wanted = tx.limits.take(f"staff forgotten {fold_contact(email)}", _LINKS_AN_HOUR, _HOUR_S, now)
            staff = tx.staff.by_email(email)
            self._send(tx, staff if wanted else None)

    def _send(self, tx: Transaction, staff: StaffMember | None) -> None:
        """Put the message into the outbox; nobody's is one that was sent already."""
        companies = self._companies_of(tx, staff)
        known = staff is not None and bool(companies)
        if staff is not None and companies:
            link = self._links.issue(tx, staff.id, LinkKind.PASSWORD)
        else:
            link = self._links.address(LinkKind.PASSWORD, self._links.token())
        company = self._companies.get((companies or self._companies.ids())[0])
        values = {"link": link, "minutes": int(PASSWORD_LINK.total_seconds()) // 60}
        address = staff.email if staff and known else NOBODY
        key = f"staff password:{uuid.uuid4().hex}"
        message = self._notices.compose(company, address, "staff_password", key, self._clock.now(), values)
        tx.outbox.add(message if known else replace(message, status="sent"))

    def _companies_of(self, tx: Transaction, staff: StaffMember | None) -> list[str]:
        known = self._companies.ids()
        return [one.company for one in tx.staff.memberships(staff.id) if one.company in known] if staff else []
