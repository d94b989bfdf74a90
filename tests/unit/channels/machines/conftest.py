from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.knowledge.library import PolicyLibrary
from bot.privacy.handoff import HandoffReason
from bot.services.business_calendar import CompanyCalendar
from bot.services.handoffs import Handoffs
from bot.services.machines import MachineRegister, Scope
from bot.services.phrases import Phrasebook
from bot.services.records import Conversation, Handoff
from bot.services.webhook_targets import WebhookRules
from bot.settings import ROOT
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.channels.web.conftest import browser, client, engine, logged, parts, settings

__all__ = ["browser", "client", "engine", "logged", "parts", "settings"]


PHRASES = Phrasebook.load(ROOT / "data" / "responses" / "ja")
COMPANIES = PolicyLibrary(ROOT / "data" / "policies")


class HelpDesk:
    """Speaks to the API as another help desk does."""

    def __init__(self, client: TestClient, key: str) -> None:
        self._client = client
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/{path}", headers=self.headers)

    def post(self, path: str, **given: Any) -> Any:
        headers = {**self.headers, **given.pop("headers", {})}
        return self._client.post(f"/api/v1/{path}", headers=headers, **given)

    def answer(self, case: str, text: str, key: str = "answer-0001", **more: Any) -> Any:
        body = {"text": text, **more}
        return self.post(f"handoffs/{case}/messages", json=body, headers={"Idempotency-Key": key})

    def states(self) -> list[tuple[str, str, str | None]]:
        return [(one["id"], one["status"], one["held_by"]) for one in self.get("handoffs").json()["handoffs"]]


@pytest.fixture
def register(sqlite_store: SqlStore, clock: FixedClock) -> MachineRegister:
    return MachineRegister(sqlite_store, sqlite_store.vault, clock, WebhookRules(strict=False))


@pytest.fixture
def help_desk(client: TestClient, register: MachineRegister) -> Callable[..., HelpDesk]:
    """Make a help desk of a company."""

    def made(company: str = "okura", scope: Scope = Scope.WORK) -> HelpDesk:
        return HelpDesk(client, register.add("a help desk", company, scope, None, "operator").key)

    return made


@pytest.fixture
def desk(help_desk: Callable[..., HelpDesk]) -> HelpDesk:
    return help_desk()


@pytest.fixture
def handoffs(sqlite_store: SqlStore, clock: FixedClock) -> Handoffs:
    return Handoffs(sqlite_store, PHRASES, CompanyCalendar(COMPANIES), clock)


@pytest.fixture
def waiting(sqlite_store: SqlStore, handoffs: Handoffs, clock: FixedClock) -> Callable[..., Handoff]:
    """Let a customer of a company wait for a person."""

    def made(conversation: str = "c1", company: str = "okura", reason: HandoffReason = HandoffReason.ASKED) -> Handoff:
        with sqlite_store.transaction() as tx:
            tx.conversations.add(Conversation(conversation, "web", company, clock.now(), clock.now()))
        handoffs.hand_off(conversation, COMPANIES.get(company), reason, f"event of {conversation}")
        with sqlite_store.transaction(read_only=True) as tx:
            case = tx.handoffs.open_for(conversation)
        assert case
        return case

    return made
