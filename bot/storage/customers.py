"""The register of customers, found by keyed hashes of their folded names and contacts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import delete, func, insert, select, text

from bot.privacy.folding import fold_name
from bot.services.contacts import fold_contact
from bot.services.records import Customer
from bot.storage.repository import Repository
from bot.storage.tables import customer_lookup, customers

CHUNK = 500
"""Rows a statement: SQLite takes at most 32,766 parameters."""
MOST_FOUND = 100
"""Namesakes; who is among more is looked for by something else. Contacts have no such end: whom a code proves must be
the only one of that name and contact, however many share the contact."""
DIGEST_CHARACTERS = 32
"""128 bits of the keyed hash: no two values meet, and five million rows take half the room."""


class SqlCustomers(Repository):
    """Implement the port of the register."""

    def get(self, customer_id: str) -> Customer | None:
        """Find by id."""
        return self._found(Customer, customers, select(customers).where(customers.c.id == customer_id))

    def get_many_by_no(self, company: str, numbers: Sequence[str]) -> dict[str, Customer]:
        """Find by customer number."""
        found: dict[str, Customer] = {}
        for some in _chunks(numbers):
            query = select(customers).where(customers.c.company == company, customers.c.customer_no.in_(some))
            found.update((c.customer_no, c) for c in self._records(Customer, customers, self._run(query)))
        return found

    def find_by_name(self, company: str, name: str) -> list[Customer]:
        """Find by name or kana, both folded as contract.md says."""
        return self._find(self._lookup_digest(company, "name", fold_name(name)), MOST_FOUND)

    def find_by_contact(self, company: str, contact: str) -> list[Customer]:
        """Find by e-mail, phone or plate."""
        return self._find(self._lookup_digest(company, "contact", fold_contact(contact)))

    def save_many(self, customers_given: Sequence[Customer]) -> None:
        """Insert or update by (company, customer_no); a person already there keeps the id it has."""
        if self._postgresql:
            # Two imports at once would both find a number missing and both insert it.
            self._run(text("SELECT pg_advisory_xact_lock(hashtext('customers'))"))
        for some in _chunks(customers_given):
            self._save(some)

    def settle(self) -> None:
        """Let PostgreSQL's planner know of the new rows before autovacuum comes; SQLite plans without counting."""
        if self._postgresql:
            self._run(text("ANALYZE customers, customer_lookup"))

    def erase(self, customer_id: str) -> None:
        """Delete a person from the register."""
        self._run(delete(customers).where(customers.c.id == customer_id))
        self._note_erasure(customers, customer_id)

    def count(self, company: str | None = None) -> int:
        """How many there are."""
        query = select(func.count()).select_from(customers)
        return int(self._run(query if company is None else query.where(customers.c.company == company)).scalar())

    def _find(self, digest: str, limit: int | None = None) -> list[Customer]:
        """Those of a digest, in the order of their numbers, so that the outcome never depends on the database."""
        query = (
            select(customers)
            .join(customer_lookup, customer_lookup.c.customer == customers.c.id)
            .where(customer_lookup.c.digest == digest)
            .order_by(customers.c.customer_no)
            .limit(limit)
        )
        return self._records(Customer, customers, self._run(query))

    def _save(self, given: Sequence[Customer]) -> None:
        known = self._ids(given)
        latest = {(one.company, one.customer_no): one for one in given}
        settled = [replace(one, id=known.get(number, one.id)) for number, one in latest.items()]
        rows = [self._row(customers, one) for one in settled]
        upsert = self._insert(customers)
        changed = {c.name: upsert.excluded[c.name] for c in customers.columns if not c.primary_key}
        self._run(upsert.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
        self._run(delete(customer_lookup).where(customer_lookup.c.customer.in_([one.id for one in settled])))
        lookups = [{"digest": digest, "customer": one.id} for one in settled for digest in self._digests(one)]
        if lookups:
            self._run(insert(customer_lookup), lookups)

    def _ids(self, given: Iterable[Customer]) -> dict[tuple[str, str], str]:
        by_company: dict[str, list[str]] = {}
        for one in given:
            by_company.setdefault(one.company, []).append(one.customer_no)
        known: dict[tuple[str, str], str] = {}
        for company, numbers in by_company.items():
            query = select(customers.c.customer_no, customers.c.id)
            query = query.where(customers.c.company == company, customers.c.customer_no.in_(numbers))
            known.update(((company, row.customer_no), row.id) for row in self._run(query))
        return known

    def _digests(self, one: Customer) -> set[str]:
        names = {fold_name(one.name), fold_name(one.name_kana)}
        contacts = {fold_contact(contact) for contact in (one.email, one.phone, *one.plates)}
        found = {self._lookup_digest(one.company, "name", name) for name in names if name}
        return found | {self._lookup_digest(one.company, "contact", contact) for contact in contacts if contact}

    def _lookup_digest(self, company: str, kind: str, folded: str) -> str:
        return self._digest("customer", company, kind, folded)[:DIGEST_CHARACTERS]


def _chunks(values: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
