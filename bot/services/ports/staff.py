"""Staff, their sessions and the links that were sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.services.staff.records import LinkKind, Membership, StaffLink, StaffMember, StaffSession


class Staff(Protocol):
    """Who works at the desk."""

    def add(self, member: StaffMember) -> bool:
        """Insert; False if the e-mail address has an account."""

    def get(self, staff_id: str) -> StaffMember | None:
        """Find by id."""

    def lock(self, staff_id: str) -> StaffMember | None:
        """Find by id and keep others from changing it until the transaction ends."""

    def get_many(self, staff_ids: Sequence[str]) -> dict[str, StaffMember]:
        """Find by ids, e.g. for the names beside what they did."""

    def by_email(self, email: str) -> StaffMember | None:
        """Find by e-mail address, in whatever letter case."""

    def set_name(self, staff_id: str, name: str) -> None:
        """Rename."""

    def set_password(self, staff_id: str, password_hash: str) -> None:
        """Replace the hash of the password."""

    def set_second_factor(self, staff_id: str, secret: str, step: int, code_digests: Sequence[str]) -> None:
        """Replace the second factor and its recovery codes; an empty secret takes both away."""

    def take_step(self, staff_id: str, step: int) -> bool:
        """Use up a 30-second step in one atomic UPDATE; False unless it is later than the last one used."""

    def take_recovery_code(self, staff_id: str, code_digest: str) -> bool:
        """Use up a recovery code in one atomic statement; False if there is none such."""

    def recovery_codes_left(self, staff_id: str) -> int:
        """How many recovery codes there are still."""

    def note_sign_in(self, staff_id: str, at: datetime) -> None:
        """Remember when the person signed in last."""

    def memberships(self, staff_id: str) -> list[Membership]:
        """What a person is, by company."""

    def members(self, company: str) -> list[tuple[StaffMember, Membership]]:
        """Everybody of a company, in the order of their joining."""

    def put_membership(self, membership: Membership) -> None:
        """Insert or update."""

    def drop_membership(self, staff_id: str, company: str) -> bool:
        """Delete; False if there was none."""

    def lock_admins(self, company: str) -> set[str]:
        """The ids of a company's administrators who can sign in, kept from changing until the transaction ends."""

    def delete(self, staff_id: str) -> None:
        """Delete an account for good, with all that hangs on it."""


class StaffSessions(Protocol):
    """The browsers in which staff are signed in."""

    def add(self, session: StaffSession) -> None:
        """Insert."""

    def by_digest(self, digest: str) -> StaffSession | None:
        """Find by the keyed hash of its token."""

    def get(self, session_id: str) -> StaffSession | None:
        """Find by id."""

    def touch(self, session_id: str, at: datetime) -> None:
        """Note that it was used."""

    def of(self, staff_id: str) -> list[StaffSession]:
        """All of a person, the last used first."""

    def end(self, session_id: str) -> bool:
        """Delete one; False if there was none."""

    def end_all(self, staff_id: str, but: str | None = None) -> int:
        """Delete all of a person, but for one; return how many."""

    def sweep(self, begun_before: datetime) -> int:
        """Delete those that were begun before; return how many."""


class StaffLinks(Protocol):
    """Links sent by e-mail, each good once."""

    def add(self, link: StaffLink) -> None:
        """Insert; older ones of the same person and kind are good no more."""

    def find(self, digest: str) -> StaffLink | None:
        """Find by the keyed hash of its token, used or not."""

    def use(self, digest: str, now: datetime) -> bool:
        """Use it up in one atomic UPDATE; False if it was used or has expired."""

    def drop_all(self, staff_id: str) -> None:
        """Delete all of a person."""

    def open_for(self, staff_id: str, kind: LinkKind, now: datetime) -> bool:
        """Whether a person has a link of a kind that is still good."""

    def sweep(self, expired_before: datetime) -> int:
        """Delete those that expired before; return how many."""
