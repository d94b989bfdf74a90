"""Data subject requests, what proves who asks, and who must not be contacted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.services.records import Customer, DataSubjectRequest, OneTimeCode, Suppression


class Customers(Protocol):
    """The register of customers: the port for a company's own CRM, the imported CSV being its first implementation."""

    def get(self, customer_id: str) -> Customer | None:
        """Find by id."""

    def get_many_by_no(self, company: str, numbers: Sequence[str]) -> dict[str, Customer]:
        """Find by customer number."""

    def find_by_name(self, company: str, name: str) -> list[Customer]:
        """Find by name or kana, both folded as contract.md says; a hundred at most."""

    def find_by_contact(self, company: str, contact: str) -> list[Customer]:
        """Find by normalised e-mail, E.164 phone or normalised plate."""

    def save_many(self, customers: Sequence[Customer]) -> None:
        """Insert or update by (company, customer_no)."""

    def settle(self) -> None:
        """Let the database take stock after an import, so that look-ups go by their index at once."""

    def erase(self, customer_id: str) -> None:
        """Delete a person from the register."""

    def count(self, company: str | None = None) -> int:
        """How many there are."""


@dataclass(frozen=True)
class RequestFilter:
    """Which data subject requests to list; None means any. `after` is the place of the last of the page before."""

    company: str | None = None
    status: str | None = None
    customer: str | None = None
    conversation: str | None = None
    ended_before: datetime | None = None
    after: tuple[datetime, str] | None = None  # When it was created (or ended, with ended_before), and its id.
    limit: int | None = None


@dataclass(frozen=True)
class RequestList:
    """A page of a company's requests as staff see them; None means any.

    Running ones come by due date, the first to be due first; all others by their age, the newest first. `scope` leaves
    those of that store and of none, `store` those of that store alone. `after` is the last of the page before.
    """

    company: str
    running: bool = True
    status: str | None = None
    type: str | None = None
    scope: str | None = None
    store: str | None = None
    assigned_to: str | None = None
    channel: str | None = None
    due_before: date | None = None
    due_from: date | None = None
    after: DataSubjectRequest | None = None
    limit: int = 50


class Requests(Protocol):
    """Data subject requests."""

    def add(self, request: DataSubjectRequest) -> DataSubjectRequest:
        """Insert; if its idempotency key is there already, return the one that has it."""

    def get(self, request_id: str) -> DataSubjectRequest | None:
        """Find by id."""

    def by_receipt(self, receipt: str) -> DataSubjectRequest | None:
        """Find by receipt number."""

    def receipts(self, request_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
        """The receipt number and the store of requests by their ids, as far as they are kept."""

    def save(self, request: DataSubjectRequest) -> bool:
        """Update if the stored version is still `request.version`, raising it by one; else False."""

    def find(self, wanted: RequestFilter) -> list[DataSubjectRequest]:
        """List, oldest first."""

    def erased(self, before: datetime, limit: int) -> list[DataSubjectRequest]:
        """Erasures granted before, whose conversation is still there."""

    def page(self, wanted: RequestList) -> list[DataSubjectRequest]:
        """List for staff, bounded and by an index whatever the filter."""

    def empty(self, request: DataSubjectRequest) -> None:
        """Store what is left of an ended request whose contents are erased, also from a backup restored later."""

    def delete(self, request_id: str) -> None:
        """Delete for good (retention)."""


class Codes(Protocol):
    """One-time codes and the counters that bound them."""

    def add(self, code: OneTimeCode) -> None:
        """Insert."""

    def latest(self, conversation_id: str, purpose: str) -> OneTimeCode | None:
        """The last code of a conversation for a purpose."""

    def take_attempt(self, code_id: str, limit: int, now: datetime) -> bool:
        """Count one attempt in one atomic UPDATE; False if `limit` is reached, or it is used or expired."""

    def use(self, code_id: str, now: datetime) -> bool:
        """Mark as used in one atomic UPDATE; False if it was used."""

    def delete_expired(self, before: datetime) -> int:
        """Delete codes that expired before; return how many."""


class Limits(Protocol):
    """Counters within time windows, each step one atomic statement; raises Unavailable when it can't count."""

    def take(self, key: str, limit: int, window_s: int, now: datetime) -> bool:
        """Count one for `key` (hashed by the implementation) and tell whether it is within `limit` a window."""

    def count(self, key: str, window_s: int, now: datetime) -> int:
        """How many were counted in the window."""

    def give_back(self, key: str, window_s: int) -> None:
        """Take one off what was counted for `key`."""

    def sweep(self, before: datetime) -> int:
        """Delete windows that ended before; return how many."""


class Suppressions(Protocol):
    """Who must not be contacted."""

    def add(self, suppression: Suppression) -> bool:
        """Insert unless the same contact, means and purpose is suppressed already."""

    def take_back(self, request_id: str) -> None:
        """Delete what a form that is still being filled in suppressed by mistake."""

    def find(self, company: str | None = None) -> list[Suppression]:
        """List, oldest first."""

    def of_person(self, customer: Customer) -> list[Suppression]:
        """Those of a person: noted as theirs, or of a contact of theirs; oldest first."""

    def suppressed(self, company: str, contacts: Collection[str], means: str, purpose: str) -> set[str]:
        """Those of the contacts that must not be used, found by keyed hash; `all` counts for every means."""

    def forget_contact(self, customer_id: str) -> None:
        """Erase the readable contact of a person's suppressions, keeping the keyed hash."""
