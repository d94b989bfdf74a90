"""Fixtures of the request dialogue: the real store, policies and phrases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.knowledge.library import PolicyLibrary
from bot.services.intake import Intake
from bot.services.phrases import Phrasebook
from bot.services.records import Customer
from bot.settings import ROOT, Settings
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.unit.services.intake.talk import TARO, Talk, give


@pytest.fixture
def register(sqlite_store: SqlStore) -> Callable[..., Customer]:
    """Put 山田 太郎, changed as wanted, into the register."""

    def put(**changed: object) -> Customer:
        customer = replace(TARO, **changed)
        give(sqlite_store, customer)
        return customer

    return put


@pytest.fixture(scope="session")
def phrases() -> Phrasebook:
    return Phrasebook.load(ROOT / "data" / "responses" / "ja")


@pytest.fixture(scope="session")
def companies() -> PolicyLibrary:
    return PolicyLibrary(ROOT / "data" / "policies")


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def intake(sqlite_store, phrases, vault: Vault, clock, settings, companies) -> Intake:
    return Intake(sqlite_store, phrases, vault, clock, settings, companies)


@pytest.fixture
def talk(intake, sqlite_store, companies, clock) -> Callable[..., Talk]:
    """Begin a conversation."""

    def begin(company: str = "okura", channel: str = "web") -> Talk:
        return Talk(intake, sqlite_store, companies, clock, company, channel)

    return begin
