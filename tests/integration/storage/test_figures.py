from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.privacy.statuses import Status
from bot.services.ports.statistics import Running
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, data_subject_request, handoff, message

TODAY = date(2026, 6, 2)
SOON = date(2026, 6, 9)
TOMORROW = NOW + timedelta(days=1)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_running_requests_count_by_their_due_date(store: SqlStore) -> None:
    days = [TODAY - timedelta(days=1), TODAY, SOON, SOON + timedelta(days=1)]
    with store.transaction() as tx:
        for number, day in enumerate(days):
            tx.requests.add(data_subject_request(f"r{number}", due_date=day, store="s1" if number else None))
        tx.requests.add(data_subject_request("r8", due_date=TODAY, status=Status.DENIED))
        tx.requests.add(data_subject_request("r9", due_date=TODAY, company="kagoshima"))
        assert tx.figures.running("okura", TODAY, SOON) == Running(open=4, due_soon=2, late=1)
        assert tx.figures.running("okura", TODAY, SOON, ["s1"]) == Running(open=3, due_soon=2, late=0)
        assert tx.figures.running("okura", TODAY, SOON, [""]) == Running(open=1, due_soon=0, late=1)
        assert tx.figures.running("okura", TODAY, SOON, ["s2"]) == Running(0, 0, 0)


def test_waiting_cases_are_those_that_nobody_claimed(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff("h1"))
        tx.handoffs.add(handoff("h2", conversation="c2", status="claimed"))
        tx.handoffs.add(handoff("h3", conversation="c3", company="kagoshima"))
        assert tx.figures.waiting("okura") == 1
        assert tx.figures.waiting("okura", ["s1"]) == 0


def test_outcomes_are_by_type_and_status_within_the_time(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request("r1"))
        tx.requests.add(data_subject_request("r2", status=Status.DENIED))
        tx.requests.add(data_subject_request("r3", status=Status.DENIED, type="erasure"))
        tx.requests.add(data_subject_request("r4", status=Status.DENIED, created_at=TOMORROW))
        found = tx.figures.outcomes("okura", NOW, TOMORROW)
    assert found == {("disclosure", "open"): 1, ("disclosure", "denied"): 1, ("erasure", "denied"): 1}


@pytest.fixture
def answered(store: SqlStore) -> SqlStore:
    """A case answered after 5 minutes, one never, and one answered only after its end."""
    with store.transaction() as tx:
        for number in (1, 2, 3):
            tx.conversations.add(conversation(f"c{number}"))
        for number, author, at in ((1, "staff", -1), (1, "bot", 1), (1, "staff", 5), (1, "staff", 9), (3, "staff", 60)):
            said = message(f"m{number}{at}", conversation=f"c{number}", author=author, created_at=NOW + minutes(at))
            tx.conversations.add_message(said)
        for number in (1, 2, 3):
            tx.handoffs.add(handoff(f"h{number}", conversation=f"c{number}"))
        tx.handoffs.close("h3", NOW + minutes(30))
    return store


def test_the_first_answer_of_staff_counts_from_the_opening(answered: SqlStore) -> None:
    with answered.transaction(read_only=True) as tx:
        assert tx.figures.first_answers("okura", NOW, TOMORROW, 10) == [300.0]
        assert tx.figures.first_answers("okura", TOMORROW, TOMORROW + minutes(1), 10) == []
        assert tx.figures.first_answers("kagoshima", NOW, TOMORROW, 10) == []
