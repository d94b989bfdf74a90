from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.privacy.due_dates import jst_date
from bot.privacy.handoff import HandoffReason
from bot.services.casework import queue
from bot.services.casework.queue import Shown, Wanted
from bot.services.casework.worker import Worker
from tests.records import conversation, data_subject_request
from tests.unit.services.casework.conftest import OTHER_COMPANY, SATOH, SUZUKI, Office


def request(office: Office, name: str, days: int, **more: Any) -> None:
    due = jst_date(office.clock.now()) + timedelta(days=days)
    with office.store.transaction() as tx:
        tx.requests.add(data_subject_request(name, due_date=due, **more))


def ids(shown: Shown) -> list[str]:
    return [row.id for row in shown.rows]


@pytest.fixture
def full(office: Office) -> dict[str, str]:
    """A leak, two who wait, and requests late and due; ids by name."""
    request(office, "late", -1)
    request(office, "soon", 2, type="erasure", channel="line", assigned_to="satoh", store="honsha")
    request(office, "far", 20)
    request(office, "other", 1, company="kagoshima")
    asked = office.waits("asked").id
    office.clock.advance(minutes=1)
    line = office.waits("line", channel="line", store="shinjo").id
    office.clock.advance(minutes=1)
    leak = office.waits("leak", HandoffReason.LEAK).id
    return {"asked": asked, "line": line, "leak": leak}


def test_a_leak_is_first_then_what_is_due_first(office: Office, full: dict[str, str]) -> None:
    shown = office.queue.show(SATOH, Wanted())
    assert ids(shown) == [full["leak"], "late", full["asked"], full["line"], "soon", "far"]
    assert [row.late for row in shown.rows] == [False, True, False, False, False, False]
    assert (shown.counts.waiting, shown.counts.running, shown.counts.late) == (3, 3, 1)
    assert shown.next is None


def test_what_waits_too_long_is_late(office: Office, full: dict[str, str]) -> None:
    office.clock.advance(minutes=9)
    late = {row.id for row in office.queue.show(SATOH, Wanted(late=True)).rows}
    assert late == {"late", full["asked"]}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(waiting=True), ["leak", "asked", "line"]),
        (Wanted(week=True), ["leak", "late", "asked", "line", "soon"]),
        (Wanted(late=True), ["late"]),
        (Wanted(kind="erasure"), ["soon"]),
        (Wanted(kind="leak"), ["leak"]),
        (Wanted(store="shinjo"), ["line"]),
        (Wanted(store="honsha"), ["soon"]),
        (Wanted(channel="line"), ["line", "soon"]),
        (Wanted(mine=True), ["asked", "soon"]),
    ],
)
def test_filters(office: Office, full: dict[str, str], wanted: Wanted, expected: list[str]) -> None:
    office.cases.claim(SATOH, full["asked"])
    if wanted.waiting:
        expected = ["leak", "line"]
    assert ids(office.queue.show(SATOH, wanted)) == [full.get(name, name) for name in expected]
    assert wanted.filtered


def test_a_store_sees_its_own_and_what_is_of_none(office: Office, full: dict[str, str]) -> None:
    shinjo = Worker("s", "", "okura", store="shinjo")
    assert ids(office.queue.show(shinjo, Wanted())) == [full["leak"], "late", full["asked"], full["line"], "far"]
    assert office.queue.show(shinjo, Wanted()).counts.running == 2
    assert ids(office.queue.show(OTHER_COMPANY, Wanted())) == ["other"]


def test_pages_follow_each_other_without_gap_or_double(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "PAGE", 4)
    for number in range(9):
        request(office, f"r{number}", number - 3)
    for number in range(6):
        office.waits(f"c{number}")
    seen: list[str] = []
    wanted: Wanted | None = Wanted()
    while wanted is not None:
        shown = office.queue.show(SATOH, wanted)
        seen += ids(shown)
        wanted = shown.next
    assert len(seen) == len(set(seen)) == 15
    monkeypatch.setattr(queue, "PAGE", 50)
    assert seen == ids(office.queue.show(SATOH, Wanted()))


def test_who_holds_who_looks_and_who_wrote_last_is_seen(office: Office) -> None:
    case = office.waits()
    office.cases.claim(SATOH, case.id)
    office.queue.look_at(SUZUKI, "conversation:c1")
    office.hears("c1", "もしもし")
    shown = office.queue.show(SATOH, Wanted())
    [row] = shown.rows
    assert (row.holder, row.answered, row.last_at) == ("satoh", False, office.clock.now())
    assert shown.looking == {"conversation:c1": ["suzuki"]}
    assert shown.names == {"satoh": "佐藤", "suzuki": "鈴木"}
    # After a while without a sign of life nobody looks
    office.clock.advance(minutes=1)
    assert office.queue.show(SATOH, Wanted()).looking == {}
    office.queue.look_at(SUZUKI, "conversation:c1")
    office.queue.look_away(SUZUKI, "conversation:c1")
    assert office.queue.show(SATOH, Wanted()).looking == {}


def test_the_pulse_changes_when_a_case_comes_is_claimed_is_written_to_or_looked_at(office: Office) -> None:
    seen = {office.queue.pulse("okura")}
    case = office.waits()
    seen.add(office.queue.pulse("okura"))
    office.hears("c1", "もしもし")
    seen.add(office.queue.pulse("okura"))
    office.cases.claim(SATOH, case.id)
    seen.add(office.queue.pulse("okura"))
    office.queue.look_at(SUZUKI, "conversation:c1")
    seen.add(office.queue.pulse("okura"))
    assert len(seen) == 5
    assert office.queue.pulse("okura") in seen


def test_a_conversation_that_was_erased_leaves_the_queue(office: Office) -> None:
    office.waits()
    with office.store.transaction() as tx:
        tx.conversations.erase("c1")
        tx.conversations.add(conversation("c9"))
    assert office.queue.show(SATOH, Wanted()).rows == []
