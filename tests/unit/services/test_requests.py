"""Requests as they are recorded, found, taken back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from bot.errors import NotFound
from bot.privacy.statuses import IdentityStatus, Status, TransitionError
from bot.services.decisions import Decision
from bot.services.ports import RequestFilter
from bot.services.requests import Overtaken
from tests.unit.services.conftest import PROOF

DONE = Decision(Status.FULFILLED, "ご希望のとおりにいたしました。", despite="台帳で済ませたため")


def test_a_request_is_due_in_14_days_on_a_business_day(desk):
    assert desk.opened().due_date == date(2026, 6, 16)
    desk.clock.advance(days=4)  # 6 June: 20 June is a Saturday
    assert desk.opened().due_date == date(2026, 6, 19)
    desk.companies.changed = {"closed_days": frozenset({date(2026, 6, 19), date(2026, 6, 18)})}
    assert desk.opened().due_date == date(2026, 6, 17)
    desk.companies.changed = {"due_days": 30}
    assert desk.opened().due_date == date(2026, 7, 6)


def test_japans_holidays_count(desk):
    desk.clock.advance(days=34)  # 6 July: 20 July 2026 is 海の日
    assert desk.opened().due_date == date(2026, 7, 17)


def test_a_request_after_nine_in_the_evening_utc_is_of_japans_next_day(desk):
    desk.clock.advance(hours=15)  # 2 June, 16:00 UTC: 3 June, 01:00 in Japan
    assert desk.opened().due_date == date(2026, 6, 17)


def test_the_idempotency_key_makes_a_repeat_the_same_request(desk):
    first = desk.opened(idempotency_key="draft:1")
    with ThreadPoolExecutor(4) as pool:
        repeats = list(pool.map(lambda _: desk.opened(idempotency_key="draft:1").receipt, range(20)))
    assert set(repeats) == {first.receipt}
    assert len(desk.requests.find(RequestFilter())) == 1
    assert [record.action for record in desk.audit(first)] == ["request.opened"]


def test_receipts_are_found_however_typed(desk):
    request = desk.opened()
    assert desk.requests.get(f" {request.receipt.lower()} ").id == request.id
    with pytest.raises(NotFound):
        desk.requests.get("OK-0000-0000-0000")


def test_dates_and_status_are_the_servers(desk):
    request = desk.opened(details={"scope": "all", "due_date": "2030-01-01", "status": "fulfilled"})
    assert (request.due_date, request.status) == (date(2026, 6, 16), Status.OPEN)
    assert request.created_at == desk.clock.now()


def test_withdraw_against_decide_has_one_winner(desk):
    seen_before = desk.opened()
    desk.decisions.decide(seen_before.id, DONE, "s1")
    with pytest.raises(Overtaken), desk.store.transaction() as tx:
        desk.requests.withdraw(tx, seen_before, desk.clock.now())
    assert desk.requests.get(seen_before.receipt).status is Status.FULFILLED


def test_what_was_withdrawn_changes_no_more(desk):
    request = desk.opened(identity=IdentityStatus.MANUAL)
    with desk.store.transaction() as tx:
        withdrawn = desk.requests.withdraw(tx, request, desk.clock.now())
    assert (withdrawn.status, withdrawn.decided_at) == (Status.REVOKED, desk.clock.now())
    with desk.store.transaction() as tx, pytest.raises(TransitionError):
        desk.requests.withdraw(tx, withdrawn, desk.clock.now())
    with pytest.raises(TransitionError):
        desk.work.confirm_identity(request.id, PROOF, "s1")
