"""Fixtures of the life of a request: the desk over the real store, and companies that a test may change.

And of a conversation: its front over an engine that a test writes.
"""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.privacy.identity_documents import Seen
from bot.privacy.request_types import request_type
from bot.privacy.statuses import IdentityStatus
from bot.services.business_calendar import CompanyCalendar
from bot.services.converse import Desk
from bot.services.customer_news import CustomerNews
from bot.services.decisions import Decisions
from bot.services.due_requests import DueRequests
from bot.services.handoffs import Handoffs
from bot.services.phrases import Phrasebook
from bot.services.records import Conversation, Customer
from bot.services.request_tasks import tasks_of
from bot.services.request_work import Proof, RequestWork
from bot.services.requests import NewRequest, RequestDesk
from bot.services.staff.records import Membership, StaffMember
from bot.services.staff.roles import Role
from bot.services.turns import Expectation
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.services.front import COMPANIES, PHRASES, FakeEngine

PROOF = Proof("taro", ["drivers_licence"], Seen.AT_COUNTER)
TARO = Customer("taro", "okura", "1", "山田 太郎", email="taro@example.jp", phone="+819012345678")


class Companies(PolicyLibrary):
    """The real companies, of which a test may change a part."""

    def __init__(self) -> None:
        super().__init__(ROOT / "data" / "policies")
        self.changed: dict[str, object] = {}

    def get(self, company_id):
        return replace(super().get(company_id), **self.changed)


class Staffed:
    """The desk, what staff do at it, and what a customer sees of it."""

    def __init__(self, store, clock, companies: Companies) -> None:
        phrases = Phrasebook.load(ROOT / "data" / "responses" / "ja")
        self.store, self.clock, self.companies = store, clock, companies
        self.requests = RequestDesk(store, CustomerNews(phrases, companies), CompanyCalendar(companies))
        self.decisions = Decisions(store, self.requests, companies, phrases, clock)
        self.work = RequestWork(store, self.requests, companies, clock, contact_hold_days=7)
        self.due = DueRequests(store, phrases, clock, companies, self.requests)

    def opened(self, kind="stop_use", identity=IdentityStatus.VERIFIED, **more):
        """Open a request of 山田 太郎, verified unless said otherwise."""
        new = NewRequest(
            id=uuid.uuid4().hex,
            company=self.companies.get("okura"),
            type=request_type(kind),
            identity=identity,
            channel="line",
            conversation="c1",
            idempotency_key=uuid.uuid4().hex,
            details={"scope": "all"},
            claimant={"name": "山田太郎"},
            customer=TARO if identity is IdentityStatus.VERIFIED else None,
        )
        with self.store.transaction() as tx:
            return self.requests.open(tx, replace(new, **more), self.clock.now())

    def finish_tasks(self, request):
        """Tick off whatever is to be done."""
        with self.store.transaction() as tx:
            keys = [task.key for task in tasks_of(tx, request, self.companies.get("okura"))]
        for key in keys:
            self.work.tick(request.id, key, True, "s1")

    def hire(self, staff_id="s1", role=Role.CLERK, company="okura", store=None):
        with self.store.transaction() as tx:
            tx.staff.add(StaffMember(staff_id, f"{staff_id}@example.jp", f"担当 {staff_id}", self.clock.now()))
            tx.staff.put_membership(Membership(staff_id, company, role, store))

    def outbox(self) -> list[tuple[str, str, str]]:
        with self.store.transaction() as tx:
            return sorted((one.kind, one.recipient, one.text) for one in tx.outbox.find("waiting"))

    def messages(self) -> list[str]:
        with self.store.transaction() as tx:
            return [message.text for message in tx.conversations.messages("c1")]

    def audit(self, request):
        with self.store.transaction() as tx:
            return list(tx.audit.records(f"request:{request.id}"))


@pytest.fixture
def companies() -> Companies:
    return Companies()


@pytest.fixture
def desk(sqlite_store, clock, companies) -> Staffed:
    with sqlite_store.transaction() as tx:
        tx.customers.save_many([TARO])
        tx.conversations.add(Conversation("c1", "line", "okura", clock.now(), clock.now(), external_id="U0123"))
    return Staffed(sqlite_store, clock, companies)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def expected() -> dict[str, Expectation]:
    """What open forms wait for, by conversation."""
    return {}


@pytest.fixture
def handoffs(sqlite_store: SqlStore, clock: FixedClock) -> Handoffs:
    return Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)


@pytest.fixture
def announced() -> list[str]:
    return []


@pytest.fixture
def front(
    sqlite_store: SqlStore,
    engine: FakeEngine,
    handoffs: Handoffs,
    expected: dict[str, Expectation],
    clock: FixedClock,
    announced: list[str],
) -> Desk:
    sqlite_store.announce = announced.append
    return Desk(
        sqlite_store,
        engine,
        COMPANIES,
        PHRASES,
        handoffs,
        lambda tx, conversation, text: expected.get(conversation),
        clock,
        Settings(message_characters=50),
    )
