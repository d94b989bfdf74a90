"""Who must not be contacted; a keyed hash of the contact outlives its erasure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import delete, or_, select, update

from bot.services.contacts import fold_contact
from bot.services.records import Customer, Suppression
from bot.storage.repository import Repository
from bot.storage.tables import customers, suppressions

WIDEST = "marketing_and_inspection"


class SqlSuppressions(Repository):
    """Implement the port of suppressions."""

    def add(self, suppression: Suppression) -> bool:
        """Insert unless the same contact, means and purpose is suppressed already."""
        if suppression.contact is None:
            raise ValueError("a suppression needs the contact that it is about")
        digest = self._contact_digest(suppression.company, suppression.contact)
        statement = self._insert(suppressions).values(self._row(suppressions, suppression, contact_digest=digest))
        unique = ["contact_digest", "company", "means", "purpose"]
        return bool(self._run(statement.on_conflict_do_nothing(index_elements=unique)).rowcount)

    def take_back(self, request_id: str) -> None:
        """Delete what a form that is still being filled in suppressed by mistake."""
        self._run(delete(suppressions).where(suppressions.c.request == request_id))

    def find(self, company: str | None = None) -> list[Suppression]:
        """List, oldest first."""
        query = select(suppressions).order_by(suppressions.c.since, suppressions.c.id)
        query = query if company is None else query.where(suppressions.c.company == company)
        return self._records(Suppression, suppressions, self._run(query))

    def of_person(self, customer: Customer) -> list[Suppression]:
        """Those of a person: noted as theirs, or of a contact of theirs; oldest first."""
        theirs = or_(suppressions.c.customer == customer.id, *self._contacts_of(customer))
        query = select(suppressions).where(theirs, suppressions.c.company == customer.company)
        found = self._records(Suppression, suppressions, self._run(query))
        return sorted(found, key=lambda one: (one.since, one.id))

    def suppressed(self, company: str, contacts: Collection[str], means: str, purpose: str) -> set[str]:
        """Those of the contacts that must not be used, found by keyed hash; `all` counts for every means."""
        digests = {contact: self._contact_digest(company, contact) for contact in contacts}
        query = select(suppressions.c.contact_digest).where(
            suppressions.c.contact_digest.in_(set(digests.values())),
            suppressions.c.company == company,
            suppressions.c.means.in_({means, "all"}),
            suppressions.c.purpose.in_({purpose, WIDEST}),
        )
        found = set(self._run(query).scalars())
        return {contact for contact, digest in digests.items() if digest in found}

    def forget_contact(self, customer_id: str) -> None:
        """Erase the readable contact of a person's suppressions, keeping the keyed hash.

        That covers what was suppressed before anybody knew whose address it was, so it comes before the customer's
        own erasure.
        """
        known = self._found(Customer, customers, select(customers).where(customers.c.id == customer_id))
        theirs = [suppressions.c.customer == customer_id, *self._contacts_of(known)]
        ids = list(self._run(select(suppressions.c.id).where(or_(*theirs))).scalars())
        self._run(update(suppressions).where(suppressions.c.id.in_(ids)).values(contact=None, customer=None))
        for row_id in ids:
            self._note_erasure(suppressions, row_id)

    def _contacts_of(self, customer: Customer | None) -> list[Any]:
        if customer is None:
            return []
        contacts = (customer.email, customer.phone, customer.address, *customer.previous_contacts)
        digests = [self._contact_digest(customer.company, contact) for contact in contacts if contact]
        return [suppressions.c.contact_digest.in_(digests)]

    def _contact_digest(self, company: str, contact: str) -> str:
        return self._digest("contact", company, fold_contact(contact))
