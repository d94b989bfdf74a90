from __future__ import annotations

import pytest

from bot.privacy.handoff import PRIORITY, HandoffReason
from tests.records import conversation
from tests.unit.services.casework.conftest import PHRASES, SATOH, Office

WAITING = PHRASES.text("handoff_still_waiting")


def test_after_ten_minutes_a_case_is_raised_and_its_customer_told_once(office: Office) -> None:
    case = office.waits()
    office.clock.advance(minutes=9, seconds=59)
    assert office.waiting.raise_overdue() == 0
    office.clock.advance(seconds=1)
    assert office.waiting.raise_overdue() == 1
    office.clock.advance(minutes=30)
    assert office.waiting.raise_overdue() == 0
    assert office.case(case.id).priority == PRIORITY[HandoffReason.ASKED] - 1
    assert office.said("c1") == [("bot", WAITING)]
    assert office.audited()[-1] == ("desk", "handoff.raised")


def test_outside_opening_hours_nobody_is_late(office: Office) -> None:
    office.clock.advance(hours=7, minutes=25)  # 17:25, five minutes before the end of the day
    office.waits()
    office.clock.advance(hours=12)
    assert office.waiting.raise_overdue() == 0
    office.clock.advance(hours=3, minutes=9, seconds=59)  # 8:34:59 of the next day
    assert office.waiting.raise_overdue() == 0
    office.clock.advance(seconds=1)
    assert office.waiting.raise_overdue() == 1


def test_a_case_that_somebody_took_is_not_raised(office: Office) -> None:
    office.cases.claim(SATOH, office.waits().id)
    office.clock.advance(hours=1)
    assert office.waiting.raise_overdue() == 0
    assert office.said("c1") == []


def test_a_customer_whom_the_bot_answers_is_told_nothing(office: Office) -> None:
    with office.store.transaction() as tx:
        tx.conversations.add(conversation())
    office.handoffs.note("c1", office.companies.get("okura"), HandoffReason.NOT_UNDERSTOOD, "m1")
    office.clock.advance(hours=1)
    assert office.waiting.raise_overdue() == 1
    assert office.said("c1") == []


@pytest.mark.parametrize("reason", [HandoffReason.LEAK, HandoffReason.COMPLAINT])
def test_nothing_comes_before_a_leak(office: Office, reason: HandoffReason) -> None:
    case = office.waits(reason=reason)
    office.clock.advance(hours=1)
    office.waiting.raise_overdue()
    assert office.case(case.id).priority == PRIORITY[reason]
