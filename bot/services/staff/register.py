"""Who works for a company: invite, change, remove."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from bot.errors import MadoguchiError, NotFound
from bot.knowledge.library import PolicyLibrary
from bot.services.actors import OPERATOR, staff_actor
from bot.services.contacts import normalise_email
from bot.services.notices import Notices
from bot.services.ports import Clock, Store, Transaction
from bot.services.staff.links import Links
from bot.services.staff.names import StaffRefused, checked_name
from bot.services.staff.passwords import Passwords, check_password
from bot.services.staff.records import LinkKind, Membership, StaffMember
from bot.services.staff.roles import Role
from bot.settings import Settings


class LastAdmin(MadoguchiError):
    """A company needs somebody who can let others in."""

    phrase = "staff_last_admin"


@dataclass(frozen=True)
class Place:
    """What somebody is to be in a company."""

    company: str
    role: Role
    store: str | None = None


@dataclass(frozen=True)
class Colleague:
    """Somebody of a company; `waiting` while the invitation can be accepted."""

    staff: StaffMember
    membership: Membership
    waiting: bool


@dataclass(frozen=True)
class Added:
    """Somebody who was added, and the address by which to set a password, if one is to be set; good for `hours`."""

    staff: StaffMember
    link: str | None = None
    hours: int = 0


class StaffRegister:
    """The accounts of a company; each change has its audit record."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: Settings,
        companies: PolicyLibrary,
        notices: Notices,
        passwords: Passwords,
        links: Links,
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._companies = companies
        self._notices = notices
        self._passwords = passwords
        self._links = links

    def colleagues(self, company: str) -> list[Colleague]:
        """Everybody of a company, in the order of their joining."""
        now = self._clock.now()
        with self._store.transaction(read_only=True) as tx:
            return [
                Colleague(
                    staff,
                    membership,
                    staff.invited and tx.staff_links.open_for(staff.id, LinkKind.INVITATION, now),
                )
                for staff, membership in tx.staff.members(company)
            ]

    def add(self, email: str, name: str, place: Place, password: str | None = None, actor: str = OPERATOR) -> Added:
        """Add somebody, or give an account that is there a place in another company; raise StaffRefused."""
        name = checked_name(name)
        self._check_place(place)
        if password is not None:
            check_password(password, name, email)
        hashed = self._passwords.hash(password) if password is not None else ""
        with self._store.transaction() as tx:
            staff = self._account(tx, email, name)
            if hashed:
                tx.staff.set_password(staff.id, hashed)
            self._put(tx, staff.id, place, actor, "staff.added")
            if hashed or not staff.invited:
                return Added(staff)
            return self._with_link(tx, staff)

    def invite(self, email: str, name: str, place: Place, by: StaffMember) -> None:
        """Add somebody and tell them by e-mail; who has an account already is told where they were added."""
        name = checked_name(name)
        self._check_place(place)
        with self._store.transaction() as tx:
            staff = self._account(tx, email, name)
            if any(one.company == place.company for one in tx.staff.memberships(staff.id)):
                raise StaffRefused("somebody with that e-mail address is in the company already", "staff_already_there")
            self._put(tx, staff.id, place, staff_actor(by.id), "staff.invited")
            self._tell(tx, staff, place.company, by)

    def invite_again(self, company: str, staff_id: str, by: StaffMember) -> None:
        """Send a new invitation; the link of the last one is good no more."""
        with self._store.transaction() as tx:
            staff, _ = self._find(tx, company, staff_id)
            if not staff.invited:
                raise StaffRefused("the invitation was accepted already", "staff_already_joined")
            self._tell(tx, staff, company, by)
            self._record(tx, staff_actor(by.id), "staff.invited", staff_id, company)

    def change(self, staff_id: str, place: Place, by: StaffMember) -> None:
        """Give somebody another role or store; raise LastAdmin if nobody would be left to administer."""
        self._check_place(place)
        with self._store.transaction() as tx:
            _, before = self._find(tx, place.company, staff_id)
            if place.role is not Role.ADMIN:
                self._keep_an_admin(tx, place.company, staff_id)
            self._put(tx, staff_id, place, staff_actor(by.id), "staff.role_changed", before)

    def remove(self, company: str, staff_id: str, actor: str) -> None:
        """Take somebody's place in a company and end their sessions; who never joined any is forgotten."""
        with self._store.transaction() as tx:
            staff, before = self._find(tx, company, staff_id)
            self._keep_an_admin(tx, company, staff_id)
            tx.staff.drop_membership(staff_id, company)
            tx.staff_sessions.end_all(staff_id)
            if not tx.staff.memberships(staff_id):
                tx.staff_links.drop_all(staff_id)
                if staff.invited:
                    tx.staff.delete(staff_id)
            self._record(tx, actor, "staff.removed", staff_id, company, _words(before))

    def reset_factor(self, company: str, staff_id: str, by: StaffMember) -> None:
        """Take a lost second factor away; raise StaffRefused where another company's door hangs on it too."""
        with self._store.transaction() as tx:
            self._find(tx, company, staff_id)
            mine = {one.company for one in tx.staff.memberships(by.id) if one.role is Role.ADMIN}
            if {one.company for one in tx.staff.memberships(staff_id)} - mine:
                raise StaffRefused("the person works for a company that this administrator doesn't", "staff_elsewhere")
            self._reset(tx, staff_id, staff_actor(by.id), company)

    def reset(self, email: str) -> Added:
        """Take the second factor away and make a new link: the operator's help for who is locked out."""
        with self._store.transaction() as tx:
            staff = self.known(tx, email)
            self._reset(tx, staff.id, OPERATOR, None)
            return self._with_link(tx, staff)

    def remove_everywhere(self, email: str, company: str | None) -> list[str]:
        """Take somebody's place in one company or in all; return the companies; the last admin's, too."""
        with self._store.transaction() as tx:
            staff = self.known(tx, email)
            places = [one for one in tx.staff.memberships(staff.id) if company in (None, one.company)]
            for one in places:
                tx.staff.drop_membership(staff.id, one.company)
                self._record(tx, OPERATOR, "staff.removed", staff.id, one.company, _words(one))
            tx.staff_sessions.end_all(staff.id)
            tx.staff_links.drop_all(staff.id)
        return [one.company for one in places]

    def known(self, tx: Transaction, email: str) -> StaffMember:
        """Find an account; raise NotFound."""
        staff = tx.staff.by_email(email)
        if staff is None:
            raise NotFound(f"nobody of the staff has the e-mail address {email}")
        return staff

    def _with_link(self, tx: Transaction, staff: StaffMember) -> Added:
        kind = LinkKind.INVITATION if staff.invited else LinkKind.PASSWORD
        return Added(staff, self._links.issue(tx, staff.id, kind), self._links.hours(kind))

    def _account(self, tx: Transaction, email: str, name: str) -> StaffMember:
        address = normalise_email(email)
        if address is None:
            raise StaffRefused(f"{email!r} is no e-mail address", "staff_email_wrong")
        fresh = StaffMember(uuid.uuid4().hex, address, name, self._clock.now())
        return fresh if tx.staff.add(fresh) else self.known(tx, address)

    def _tell(self, tx: Transaction, staff: StaffMember, company: str, by: StaffMember) -> None:
        now, key = self._clock.now(), f"staff invitation:{uuid.uuid4().hex}"
        link = f"{self._settings.base_url}/staff"
        if staff.invited:
            link = self._links.issue(tx, staff.id, LinkKind.INVITATION)
        values = {"link": link, "person": staff.name, "by": by.name, "hours": self._settings.staff_invitation_hours}
        name = "staff_invitation" if staff.invited else "staff_added"
        self._notices.send(tx, self._companies.get(company), staff.email, name, key, now, values)

    def _reset(self, tx: Transaction, staff_id: str, actor: str, company: str | None) -> None:
        tx.staff.set_second_factor(staff_id, "", 0, ())
        tx.staff_sessions.end_all(staff_id)
        self._record(tx, actor, "staff.second_factor_reset", staff_id, company)

    def _put(
        self, tx: Transaction, staff: str, place: Place, actor: str, action: str, before: Membership | None = None
    ) -> None:
        now = Membership(staff, place.company, place.role, place.store)
        tx.staff.put_membership(now)
        self._record(tx, actor, action, staff, place.company, _words(before), _words(now))

    def _find(self, tx: Transaction, company: str, staff_id: str) -> tuple[StaffMember, Membership]:
        staff = tx.staff.get(staff_id)
        membership = next((one for one in tx.staff.memberships(staff_id) if one.company == company), None)
        if staff is None or membership is None:
            raise NotFound("nobody of this company has that id")
        return staff, membership

    def _keep_an_admin(self, tx: Transaction, company: str, leaving: str) -> None:
        admins = tx.staff.lock_admins(company)
        if leaving in admins and len(admins) == 1:
            raise LastAdmin(f"{company} would have no administrator")

    def _check_place(self, place: Place) -> None:
        if place.store is not None and place.role is Role.ADMIN:
            # Who gives out places could give themselves the whole company.
            raise StaffRefused("an administrator is for all stores: leave the store out", "staff_admin_of_store")
        company = self._companies.get(place.company)
        if place.store is not None and place.store not in {store.id for store in company.stores}:
            raise StaffRefused(f"the company {place.company} has no store {place.store!r}", "staff_store_wrong")

    def _record(
        self,
        tx: Transaction,
        actor: str,
        action: str,
        staff: str,
        company: str | None,
        before: dict[str, str | None] | None = None,
        after: dict[str, str | None] | None = None,
    ) -> None:
        tx.audit.append(actor, action, staff_actor(staff), company, before or {}, after or {}, self._clock.now())


def _words(membership: Membership | None) -> dict[str, str | None]:
    return {"role": membership.role.value, "store": membership.store} if membership else {}
