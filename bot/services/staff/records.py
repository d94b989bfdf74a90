"""What the store keeps of staff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.services.staff.roles import WORKERS, Role


@dataclass(frozen=True)
class StaffMember:
    """A person who works at the desk, in one company or in several; e-mail, name and second factor are sealed."""

    id: str
    email: str
    name: str
    created_at: datetime
    password_hash: str = field(default="", repr=False)  # Empty until the invitation is accepted.
    totp_secret: str = field(default="", repr=False)  # Base32; empty while there is no second factor.
    totp_step: int = 0  # The last 30-second step whose code was taken: none is taken twice.
    last_sign_in_at: datetime | None = None

    @property
    def invited(self) -> bool:
        """Whether the invitation still waits to be accepted."""
        return not self.password_hash


@dataclass(frozen=True)
class Membership:
    """What a member of staff is in a company; without a store, all of the company's stores are theirs."""

    staff: str
    company: str
    role: Role
    store: str | None = None

    @property
    def works(self) -> bool:
        """Whether the person may change anything at all there."""
        return self.role in WORKERS


class Stage(str, Enum):
    """How far a session has come."""

    CODE = "code"  # The password was right, the second factor is awaited.
    SET_UP = "set_up"  # The password was right, and a second factor must be set up first.
    FULL = "full"


@dataclass(frozen=True)
class StaffSession:
    """One browser in which a member of staff signed in; the cookie's token is kept as a keyed hash."""

    id: str
    digest: str
    staff: str
    stage: Stage
    device: str
    created_at: datetime
    seen_at: datetime


class LinkKind(str, Enum):
    """What a link in an e-mail is good for."""

    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105 -- the kind of link, not a password


@dataclass(frozen=True)
class StaffLink:
    """A link that was sent to a member of staff, good once; its token is kept as a keyed hash."""

    digest: str
    staff: str
    kind: LinkKind
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
