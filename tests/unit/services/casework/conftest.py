"""A company with staff, conversations and cases, over the real store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.business_calendar import CompanyCalendar
from bot.services.casework.alerts import CaseAlerts
from bot.services.casework.case_file import CaseFiles
from bot.services.casework.cases import Cases
from bot.services.casework.queue import StaffQueue
from bot.services.casework.search import CaseSearch
from bot.services.casework.talk import StaffTalk
from bot.services.casework.waiting import Waiting
from bot.services.casework.worker import Worker
from bot.services.handoffs import Handoffs
from bot.services.opening_hours import OpeningHours
from bot.services.phrases import Phrasebook
from bot.services.records import Conversation, Handoff, Message
from bot.services.staff.records import Membership, StaffMember
from bot.services.staff.roles import Role
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import conversation, message

PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
SATOH = Worker("satoh", "佐藤", "okura")
SUZUKI = Worker("suzuki", "鈴木", "okura")
OTHER_COMPANY = Worker("tanaka", "田中", "kagoshima")


@dataclass
class Office:
    """What staff of okura work with."""

    store: SqlStore
    clock: FixedClock

    def __post_init__(self) -> None:
        self.settings = Settings(secret_key="x", public_url="https://desk.example")
        self.companies = PolicyLibrary(ROOT / "data" / "policies")
        calendar = CompanyCalendar(self.companies)
        hours = OpeningHours(calendar)
        self.handoffs = Handoffs(self.store, PHRASES, calendar, self.clock)
        self.cases = Cases(self.store, PHRASES, self.clock)
        self.talk = StaffTalk(self.store, self.clock)
        self.queue = StaffQueue(self.store, self.companies, hours, self.clock, self.settings)
        self.search = CaseSearch(self.store, self.queue, self.clock)
        self.files = CaseFiles(self.store, self.clock)
        self.waiting = Waiting(self.store, self.companies, hours, PHRASES, self.clock, self.settings)
        self.alerts = CaseAlerts(self.store, self.companies, PHRASES, self.clock, self.settings)

    def staff(self, worker: Worker, role: Role = Role.CLERK, store: str | None = None) -> None:
        """Give somebody an account and a role."""
        member = StaffMember(
            worker.id, f"{worker.id}@example.jp", worker.name, self.clock.now(), password_hash="a hash of a password"
        )
        with self.store.transaction() as tx:
            tx.staff.add(member)
            tx.staff.put_membership(Membership(worker.id, worker.company, role, store))

    def waits(self, name: str = "c1", reason: HandoffReason = HandoffReason.ASKED, **more: Any) -> Handoff:
        """Let a customer begin a conversation and ask for a person."""
        company = self.companies.get(more.get("company", "okura"))
        with self.store.transaction() as tx:
            tx.conversations.add(conversation(name, **more))
        self.handoffs.hand_off(name, company, reason, f"m-{name}")
        return next(case for case in self.handoffs.find(company.id) if case.conversation == name)

    def hears(self, name: str, text: str) -> Message | None:
        """Let a customer write."""
        self.clock.advance(seconds=1)
        with self.store.transaction() as tx:
            said = message(f"{name}-{text}", conversation=name, text=text, created_at=self.clock.now())
            return tx.conversations.add_message(said)

    def case(self, case_id: str) -> Handoff:
        with self.store.transaction(read_only=True) as tx:
            found = tx.handoffs.get(case_id)
            assert found is not None
            return found

    def thread(self, name: str) -> Conversation:
        with self.store.transaction(read_only=True) as tx:
            found = tx.conversations.get(name)
            assert found is not None
            return found

    def said(self, name: str) -> list[tuple[str, str]]:
        with self.store.transaction(read_only=True) as tx:
            return [(one.author, one.text) for one in tx.conversations.messages(name)]

    def audited(self) -> list[tuple[str, str]]:
        with self.store.transaction(read_only=True) as tx:
            return [(one.actor, one.action) for one in tx.audit.records()]


@pytest.fixture
def office(store: SqlStore, clock: FixedClock) -> Office:
    office = Office(store, clock)
    for worker in (SATOH, SUZUKI, OTHER_COMPANY):
        office.staff(worker)
    return office
