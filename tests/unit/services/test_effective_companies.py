from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time

import pytest

from bot.errors import Unavailable
from bot.services.effective_companies import EffectiveCompanies
from bot.services.ports import Transaction
from bot.services.ports.company_settings import ClosedDay, StaffChoices
from bot.settings import ROOT
from bot.storage.store import SqlStore

SATURDAYS = {5: (time(9), time(12))}


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class TroubledStore:
    """A store that fails, or lets its readers wait, when told to."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.gone = False
        self.readings = 0
        self.may_read = threading.Event()
        self.may_read.set()

    @contextmanager
    def transaction(self, read_only: bool = False, durable: bool = True) -> Iterator[Transaction]:
        self.readings += 1
        self.may_read.wait(10)
        if self.gone:
            raise Unavailable("gone")
        with self._store.transaction(read_only, durable) as tx:
            yield tx

    def ping(self) -> None:
        self._store.ping()


@pytest.fixture
def troubled(sqlite_store: SqlStore) -> TroubledStore:
    return TroubledStore(sqlite_store)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def companies(troubled: TroubledStore, ticks: Ticks) -> EffectiveCompanies:
    return EffectiveCompanies(ROOT / "data" / "policies", troubled, ticks)


def choose(store: SqlStore, choices: StaffChoices) -> None:
    with store.transaction() as tx:
        tx.company_settings.save(choices)


def test_what_staff_left_alone_is_the_files(companies: EffectiveCompanies) -> None:
    company = companies.get("okura")
    assert company.opening_hours[0] == (time(8, 30), time(17, 30))
    assert company.four_eyes
    assert company.closed_on_holidays


def test_what_staff_set_lies_over_it(companies: EffectiveCompanies, sqlite_store: SqlStore) -> None:
    choose(sqlite_store, StaffChoices("okura", SATURDAYS, False, False, "一人のため", "混んでいます"))
    with sqlite_store.transaction() as tx:
        tx.company_settings.close(ClosedDay("okura", date(2026, 8, 13)))
    company = companies.get("okura")
    assert company.opening_hours == SATURDAYS
    assert (company.closed_on_holidays, company.four_eyes) == (False, False)
    assert company.closed_days == {date(2026, 8, 13)}
    assert company.waiting_note == "混んでいます"


def test_another_processs_change_is_known_after_a_second(
    companies: EffectiveCompanies, sqlite_store: SqlStore, ticks: Ticks, troubled: TroubledStore
) -> None:
    companies.get("okura")
    choose(sqlite_store, StaffChoices("okura", SATURDAYS))
    ticks.now += 0.9
    assert companies.get("okura").opening_hours != SATURDAYS
    assert troubled.readings == 1
    ticks.now += 0.1
    assert companies.get("okura").opening_hours == SATURDAYS


def test_a_company_stays_the_same_object_while_nothing_changes(companies: EffectiveCompanies, ticks: Ticks) -> None:
    first = companies.get("okura")
    ticks.now += 60
    assert companies.get("okura") is first


def test_ones_own_change_is_known_at_once(companies: EffectiveCompanies, sqlite_store: SqlStore) -> None:
    companies.get("okura")
    choose(sqlite_store, StaffChoices("okura", SATURDAYS))
    companies.forget("okura")
    assert companies.get("okura").opening_hours == SATURDAYS


def test_without_the_database_what_was_known_holds(
    companies: EffectiveCompanies, sqlite_store: SqlStore, ticks: Ticks, troubled: TroubledStore
) -> None:
    choose(sqlite_store, StaffChoices("okura", SATURDAYS))
    companies.get("okura")
    troubled.gone = True
    ticks.now += 5
    assert companies.get("okura").opening_hours == SATURDAYS
    assert companies.get("kagoshima").opening_hours
    readings = troubled.readings
    assert companies.get("okura").opening_hours == SATURDAYS
    assert troubled.readings == readings


def test_a_database_that_hangs_holds_readers_up_once(
    companies: EffectiveCompanies, sqlite_store: SqlStore, ticks: Ticks, troubled: TroubledStore
) -> None:
    companies.get("okura")
    choose(sqlite_store, StaffChoices("okura", SATURDAYS))
    troubled.may_read.clear()
    ticks.now += 5
    for _ in range(3):
        assert companies.get("okura").opening_hours != SATURDAYS
        ticks.now += 5
    assert troubled.readings == 2
    troubled.may_read.set()
    companies.forget("okura")
    companies._reading["okura"].result(10)
    assert companies.get("okura").opening_hours == SATURDAYS
