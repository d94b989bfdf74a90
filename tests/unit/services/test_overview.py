from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.privacy.statuses import Status
from bot.services.overview import MOST_DAYS, Overview, Period, Week
from bot.services.ports.statistics import Counted, Running
from bot.services.statistics import BEGUN, COVERED, NOT_COVERED
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, conversation, data_subject_request, handoff, message

TODAY = date(2026, 6, 2)
MONDAY = date(2026, 6, 1)
LAST_WEEK = date(2026, 5, 25)


@pytest.fixture
def overview(sqlite_store: SqlStore, clock: FixedClock) -> Overview:
    return Overview(sqlite_store, clock)


def count(store: SqlStore, day: date, *things: Counted, of: str | None = None) -> None:
    with store.transaction() as tx:
        tx.statistics.count("okura", of, day, things)


def test_without_days_it_shows_thirteen_weeks(overview: Overview) -> None:
    period = overview.period(None, None)
    assert (period.first, period.last) == (date(2026, 3, 9), TODAY)
    assert len(period.weeks) == 13
    assert period.weeks[-1] == MONDAY


@pytest.mark.parametrize(
    ("first", "last", "made"),
    [
        (date(2026, 5, 1), date(2026, 5, 31), Period(date(2026, 5, 1), date(2026, 5, 31))),
        (date(2026, 5, 31), date(2026, 5, 1), Period(date(2026, 5, 1), date(2026, 5, 31))),
        (date(2026, 6, 1), date(2027, 1, 1), Period(date(2026, 6, 1), TODAY)),
        (date(1, 1, 1), None, Period(TODAY - timedelta(days=MOST_DAYS - 1), TODAY)),
        (None, date(1, 1, 8), Period(date(2000, 1, 1), date(2000, 1, 1))),
    ],
)
def test_days_make_a_period_that_ends_today_at_the_latest(
    overview: Overview, first: date | None, last: date | None, made: Period
) -> None:
    assert overview.period(first, last) == made


def test_an_empty_desk_has_no_shares_and_no_median(overview: Overview) -> None:
    sight = overview.look("okura", overview.period(None, None))
    assert sight.running == Running(0, 0, 0)
    assert (sight.without_staff, sight.messages_by_bot, sight.median_answer) == (None, None, None)
    assert {week.asked for week in sight.weeks} == {0}


def test_weeks_hold_what_was_counted_in_them(overview: Overview, sqlite_store: SqlStore) -> None:
    handed = Counted("handoff", "asked")
    count(sqlite_store, LAST_WEEK, BEGUN, COVERED, COVERED, NOT_COVERED)
    count(sqlite_store, MONDAY, BEGUN, handed, Counted("answer", "not_understood"))
    count(sqlite_store, TODAY, BEGUN, COVERED)
    sight = overview.look("okura", Period(LAST_WEEK, TODAY))
    assert sight.weeks == [Week(LAST_WEEK, 1, 0, 3, 1), Week(MONDAY, 2, 1, 2, 1)]
    assert sight.answers == {"covered": 3, "not_covered": 1, "not_understood": 1}
    assert sight.without_staff == pytest.approx(2 / 3)


def test_the_period_cuts_a_week(overview: Overview, sqlite_store: SqlStore) -> None:
    count(sqlite_store, MONDAY, COVERED)
    count(sqlite_store, TODAY, COVERED)
    assert overview.look("okura", Period(TODAY, TODAY)).weeks == [Week(MONDAY, 0, 0, 1, 0)]


def test_topics_come_by_how_often_they_were_asked(overview: Overview, sqlite_store: SqlStore) -> None:
    cookies, purposes = Counted("topic", "cookies"), Counted("topic", "purposes")
    count(sqlite_store, MONDAY, cookies)
    count(sqlite_store, TODAY, purposes, purposes)
    sight = overview.look("okura", Period(LAST_WEEK, TODAY))
    assert list(sight.topics.items()) == [("purposes", {MONDAY: 2}), ("cookies", {MONDAY: 1})]


def test_more_cases_than_conversations_are_no_negative_share(overview: Overview, sqlite_store: SqlStore) -> None:
    count(sqlite_store, TODAY, BEGUN, Counted("handoff", "asked"), Counted("handoff", "leak"))
    assert overview.look("okura", Period(TODAY, TODAY)).without_staff == 0


def test_a_store_bounds_counts_and_records(overview: Overview, sqlite_store: SqlStore) -> None:
    count(sqlite_store, TODAY, Counted("message", "bot"), of="s1")
    count(sqlite_store, TODAY, Counted("message", "staff"))
    with sqlite_store.transaction() as tx:
        tx.requests.add(data_subject_request("r1", store="s1", due_date=TODAY - timedelta(days=1)))
        tx.requests.add(data_subject_request("r2", status=Status.FULFILLED))
        tx.handoffs.add(handoff(store="s1"))
    today = Period(TODAY, TODAY)
    everything, one = overview.look("okura", today), overview.look("okura", today, ["s1"])
    assert everything.messages_by_bot == 0.5
    assert one.messages_by_bot == 1
    assert (one.running, one.waiting) == (Running(1, 0, 1), 1)
    assert overview.look("okura", today, [""]).outcomes == {("disclosure", "fulfilled"): 1}


def test_the_first_answer_is_given_in_the_median(overview: Overview, sqlite_store: SqlStore) -> None:
    with sqlite_store.transaction() as tx:
        for number, minutes in enumerate((1, 2, 60)):
            tx.conversations.add(conversation(f"c{number}"))
            said = NOW + timedelta(minutes=minutes)
            tx.conversations.add_message(
                message(f"m{number}", conversation=f"c{number}", author="staff", created_at=said)
            )
            tx.handoffs.add(handoff(f"h{number}", conversation=f"c{number}"))
    assert overview.look("okura", Period(TODAY, TODAY)).median_answer == 120
