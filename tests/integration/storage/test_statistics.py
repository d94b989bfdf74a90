from __future__ import annotations

from datetime import date, timedelta

from bot.services.ports.statistics import Counted
from bot.storage.store import SqlStore

MONDAY = date(2026, 6, 1)
COOKIES, PURPOSES = Counted("topic", "cookies"), Counted("topic", "purposes")


def test_the_same_thing_adds_up_within_a_call_and_over_calls(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.statistics.count("okura", None, MONDAY, [PURPOSES, COOKIES, COOKIES])
        tx.statistics.count("okura", None, MONDAY, [COOKIES])
        tx.statistics.count("okura", None, MONDAY, [])
        found = tx.statistics.by_day("okura", "topic", MONDAY, MONDAY)
    assert found == {(MONDAY, "cookies"): 3, (MONDAY, "purposes"): 1}


def test_company_kind_period_and_store_bound_what_is_counted(store: SqlStore) -> None:
    tuesday = MONDAY + timedelta(days=1)
    with store.transaction() as tx:
        tx.statistics.count("okura", "shinjo", MONDAY, [COOKIES])
        tx.statistics.count("okura", "sakata", MONDAY, [COOKIES])
        tx.statistics.count("okura", None, tuesday, [COOKIES, Counted("message", "bot")])
        tx.statistics.count("kagoshima", None, MONDAY, [COOKIES])
        both_days = ("okura", "topic", MONDAY, tuesday)
        assert tx.statistics.by_day(*both_days) == {(MONDAY, "cookies"): 2, (tuesday, "cookies"): 1}
        assert tx.statistics.by_day(*both_days, ["shinjo", ""]) == {(MONDAY, "cookies"): 1, (tuesday, "cookies"): 1}
        assert tx.statistics.by_day("okura", "topic", tuesday, tuesday) == {(tuesday, "cookies"): 1}


def test_counts_that_are_undone_were_never_made(store: SqlStore) -> None:
    try:
        with store.transaction() as tx:
            tx.statistics.count("okura", None, MONDAY, [COOKIES])
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with store.transaction(read_only=True) as tx:
        assert tx.statistics.by_day("okura", "topic", MONDAY, MONDAY) == {}
