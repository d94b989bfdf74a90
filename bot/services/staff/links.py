"""Links to accept an invitation or to set a new password: sent by e-mail, good once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import MadoguchiError
from bot.services.ports import Clock, Keys, Store, Transaction
from bot.services.staff.records import LinkKind, StaffLink, StaffMember
from bot.settings import Settings

PASSWORD_LINK = timedelta(hours=1)
_TOKEN_BYTES = 32


class LinkOver(MadoguchiError):
    """The link was used, has expired, or never was."""

    phrase = "staff_link_over"


@dataclass(frozen=True)
class OpenLink:
    """A link that is still good, and whom it was sent to."""

    digest: str
    kind: LinkKind
    staff: StaffMember


class Links:
    """Makes and reads links; the store has a keyed hash of each token."""

    def __init__(self, store: Store, keys: Keys, clock: Clock, settings: Settings) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._settings = settings
        invitation = timedelta(hours=settings.staff_invitation_hours)
        self._lives = {LinkKind.INVITATION: invitation, LinkKind.PASSWORD: PASSWORD_LINK}

    def issue(self, tx: Transaction, staff: str, kind: LinkKind) -> str:
        """Make a link and return its address; older ones of its kind are over."""
        token, now = self.token(), self._clock.now()
        tx.staff_links.add(StaffLink(self._digest(token), staff, kind, now, now + self._lives[kind]))
        return self.address(kind, token)

    def hours(self, kind: LinkKind) -> int:
        """How long a link of a kind is good."""
        return int(self._lives[kind].total_seconds()) // 3600

    def token(self) -> str:
        """Make what nobody can guess."""
        return secrets.token_urlsafe(_TOKEN_BYTES)

    def address(self, kind: LinkKind, token: str) -> str:
        """Where a token leads."""
        return f"{self._settings.base_url}/staff/{kind.value}/{token}"

    def read(self, token: str, kind: LinkKind) -> OpenLink:
        """Find a link; raise LinkOver unless it is good still."""
        digest = self._digest(token)
        with self._store.transaction(read_only=True) as tx:
            link = tx.staff_links.find(digest)
            staff = tx.staff.get(link.staff) if link else None
        usable = link is not None and link.used_at is None and link.expires_at > self._clock.now()
        if link is None or staff is None or link.kind is not kind or not usable:
            raise LinkOver("the link is over")
        return OpenLink(digest, kind, staff)

    def use(self, tx: Transaction, link: OpenLink) -> None:
        """Use a link up; raise LinkOver if somebody else was faster."""
        if not tx.staff_links.use(link.digest, self._clock.now()):
            raise LinkOver("the link is over")

    def _digest(self, token: str) -> str:
        return self._keys.digest("staff link", token)
