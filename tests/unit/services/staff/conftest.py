from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from bot.knowledge.library import PolicyLibrary
from bot.services.phrases import Phrasebook
from bot.services.staff.passwords import Passwords
from bot.services.staff.records import StaffMember
from bot.services.staff.register import Place
from bot.services.staff.roles import Role
from bot.services.staff.services import StaffServices, build_staff_services
from bot.services.staff.sessions import SignedIn
from bot.services.staff.sign_in import Entered, Visitor
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.staff import PASSWORD

EMAIL = "hanako@example.jp"
VISITOR = Visitor("192.0.2.1", "Chrome（Windows）")


class CountingHasher(PasswordHasher):
    """argon2 at its cheapest, which counts how often the work was done: a hash that is none costs nothing."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        try:
            right = super().verify(hash, password)
        except VerifyMismatchError:
            self.verified += 1
            raise
        self.verified += 1
        return bool(right)


@dataclass
class House:
    """Accounts over a real database."""

    store: SqlStore
    clock: FixedClock
    settings: Settings
    hasher: CountingHasher
    staff: StaffServices

    def member(self, email: str = EMAIL) -> StaffMember:
        with self.store.transaction(read_only=True) as tx:
            found = tx.staff.by_email(email)
        assert found is not None
        return found

    def actions(self) -> list[str]:
        with self.store.transaction(read_only=True) as tx:
            return [record.action for record in tx.audit.records()]

    def mails(self) -> list[str]:
        """What goes out, the oldest first."""
        with self.store.transaction(read_only=True) as tx:
            return [message.text for message in tx.outbox.find("waiting")]

    def with_settings(self, **changed: object) -> House:
        return build(self.store, self.clock, replace(self.settings, **changed), self.hasher)  # type: ignore[arg-type]


def build(store: SqlStore, clock: FixedClock, settings: Settings, hasher: CountingHasher) -> House:
    companies = PolicyLibrary(settings.company_dir)
    phrases = Phrasebook.load(ROOT / "data" / "responses" / "ja")
    staff = build_staff_services(store, store.vault, clock, settings, companies, phrases, Passwords(hasher))
    return House(store, clock, settings, hasher, staff)


def enter(house: House, email: str = EMAIL, password: str = PASSWORD, visitor: Visitor = VISITOR) -> Entered:
    return house.staff.sign_in.with_password(email, password, visitor)


def signed_in(house: House, token: str) -> SignedIn:
    """Whose token it is."""
    found = house.staff.sessions.find(token)
    assert found is not None
    return found


@pytest.fixture
def house(sqlite_store: SqlStore, clock: FixedClock, tmp_path: Path) -> House:
    """Hanako administers okura."""
    house = build(sqlite_store, clock, Settings(secret_key="k" * 40, var_dir=tmp_path), CountingHasher())
    house.staff.register.add(EMAIL, "山田花子", Place("okura", Role.ADMIN), PASSWORD)
    return house
