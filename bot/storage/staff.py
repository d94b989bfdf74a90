"""Accounts of staff and their roles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.services.contacts import fold_contact
from bot.services.staff.records import Membership, StaffMember
from bot.services.staff.roles import Role
from bot.storage.repository import Repository
from bot.storage.tables import staff_members, staff_memberships, staff_recovery_codes


class SqlStaff(Repository):
    """Implement the port of staff."""

    def add(self, member: StaffMember) -> bool:
        """Insert; False if the e-mail address has an account."""
        values = self._row(staff_members, member, email_digest=self._email_digest(member.email))
        statement = self._insert(staff_members).values(values).on_conflict_do_nothing(index_elements=["email_digest"])
        return bool(self._run(statement).rowcount)

    def get(self, staff_id: str) -> StaffMember | None:
        """Find by id."""
        return self._found(StaffMember, staff_members, select(staff_members).where(staff_members.c.id == staff_id))

    def lock(self, staff_id: str) -> StaffMember | None:
        """Find by id and keep others from changing it until the transaction ends."""
        query = select(staff_members).where(staff_members.c.id == staff_id).with_for_update()
        return self._found(StaffMember, staff_members, query)

    def get_many(self, staff_ids: Sequence[str]) -> dict[str, StaffMember]:
        """Find by ids, e.g. for the names beside what they did."""
        rows = self._run(select(staff_members).where(staff_members.c.id.in_(sorted(set(staff_ids)))))
        return {member.id: member for member in self._records(StaffMember, staff_members, rows)}

    def by_email(self, email: str) -> StaffMember | None:
        """Find by e-mail address, in whatever letter case."""
        theirs = staff_members.c.email_digest == self._email_digest(email)
        return self._found(StaffMember, staff_members, select(staff_members).where(theirs))

    def set_name(self, staff_id: str, name: str) -> None:
        """Rename."""
        self._change(staff_id, name=name)

    def set_password(self, staff_id: str, password_hash: str) -> None:
        """Replace the hash of the password."""
        self._change(staff_id, password_hash=password_hash)

    def set_second_factor(self, staff_id: str, secret: str, step: int, code_digests: Sequence[str]) -> None:
        """Replace the second factor and its recovery codes; an empty secret takes both away."""
        self._change(staff_id, totp_secret=secret, totp_step=step)
        self._run(delete(staff_recovery_codes).where(staff_recovery_codes.c.staff == staff_id))
        if code_digests:
            rows = [{"staff": staff_id, "digest": self._code_digest(digest)} for digest in code_digests]
            self._run(insert(staff_recovery_codes), rows)

    def take_step(self, staff_id: str, step: int) -> bool:
        """Use up a 30-second step in one atomic UPDATE; False unless it is later than the last one used."""
        earlier = (staff_members.c.id == staff_id, staff_members.c.totp_step < step)
        return bool(self._run(update(staff_members).where(*earlier).values(totp_step=step)).rowcount)

    def take_recovery_code(self, staff_id: str, code_digest: str) -> bool:
        """Use up a recovery code in one atomic statement; False if there is none such."""
        codes = staff_recovery_codes.c
        this = (codes.staff == staff_id, codes.digest == self._code_digest(code_digest))
        return bool(self._run(delete(staff_recovery_codes).where(*this)).rowcount)

    def recovery_codes_left(self, staff_id: str) -> int:
        """How many recovery codes there are still."""
        query = select(func.count()).where(staff_recovery_codes.c.staff == staff_id)
        return int(self._run(query).scalar() or 0)

    def note_sign_in(self, staff_id: str, at: datetime) -> None:
        """Remember when the person signed in last."""
        self._change(staff_id, last_sign_in_at=at)

    def memberships(self, staff_id: str) -> list[Membership]:
        """What a person is, by company."""
        table = staff_memberships
        query = select(table).where(table.c.staff == staff_id).order_by(table.c.company)
        return self._records(Membership, table, self._run(query))

    def members(self, company: str) -> list[tuple[StaffMember, Membership]]:
        """Everybody of a company, in the order of their joining."""
        table = staff_memberships
        rows = self._run(select(table).where(table.c.company == company))
        memberships = self._records(Membership, table, rows)
        people = self.get_many([membership.staff for membership in memberships])
        found = [(people[membership.staff], membership) for membership in memberships]
        return sorted(found, key=lambda pair: (pair[0].created_at, pair[0].id))

    def put_membership(self, membership: Membership) -> None:
        """Insert or update."""
        values = self._membership_row(membership)
        statement = self._insert(staff_memberships).values(values)
        changed = {"role": statement.excluded.role, "store": statement.excluded.store}
        self._run(statement.on_conflict_do_update(index_elements=["staff", "company"], set_=changed))

    def drop_membership(self, staff_id: str, company: str) -> bool:
        """Delete; False if there was none."""
        table = staff_memberships
        this = (table.c.staff == staff_id, table.c.company == company)
        return bool(self._run(delete(table).where(*this)).rowcount)

    def lock_admins(self, company: str) -> set[str]:
        """The ids of a company's administrators who can sign in, kept from changing until the transaction ends."""
        table = staff_memberships
        joined = table.join(staff_members, staff_members.c.id == table.c.staff)
        theirs = (table.c.company == company, table.c.role == Role.ADMIN, staff_members.c.password_hash != "")
        query = select(table.c.staff).select_from(joined).where(*theirs).with_for_update()
        return set(self._run(query).scalars())

    def delete(self, staff_id: str) -> None:
        """Delete an account for good, with all that hangs on it."""
        self._run(delete(staff_members).where(staff_members.c.id == staff_id))
        self._note_erasure(staff_members, staff_id)

    def _change(self, staff_id: str, **values: Any) -> None:
        sealed = self._sealed(staff_members, {"id": staff_id, **values})
        self._run(update(staff_members).where(staff_members.c.id == staff_id).values(sealed))

    def _membership_row(self, membership: Membership) -> dict[str, Any]:
        return {name: getattr(membership, name) for name in ("staff", "company", "role", "store")}

    def _email_digest(self, email: str) -> str:
        return self._digest("staff-email", fold_contact(email))

    def _code_digest(self, code: str) -> str:
        return self._digest("staff-recovery-code", code)
