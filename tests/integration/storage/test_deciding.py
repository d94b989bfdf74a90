"""Staff and customers deciding at once, on real connections of each database: one wins, the others are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.privacy.statuses import IdentityStatus, Status, TransitionError
from bot.services.decisions import Decision, DecisionRefused
from bot.services.requests import Overtaken
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.services.conftest import TARO, Companies, Staffed

DONE = Decision(Status.FULFILLED, "お渡しします。", despite="済み")
DENIED = Decision(Status.DENIED, "お渡しできません。", "harm_to_rights")
NOT_STOPPED = Decision(Status.DENIED, "止められません。", "no_ground_found")
TOLD = (Overtaken, TransitionError, DecisionRefused)


@pytest.fixture
def staffed(store: SqlStore, clock: FixedClock) -> Staffed:
    with store.transaction() as tx:
        tx.customers.save_many([TARO])
    return Staffed(store, clock, Companies())


def at_once(*works: Callable[[], object]) -> Counter[str]:
    """Let all begin together; count who won and who was told."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait()
        try:
            work()
        except TOLD:
            return "told"
        return "won"

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(run, works))


def ends_of(desk: Staffed, receipt: str) -> list[str]:
    ends = {"request.decided", "request.withdrawn"}
    return [record.action for record in desk.audit(desk.requests.get(receipt)) if record.action in ends]


def test_of_those_who_approve_and_send_back_at_once_one_wins(staffed: Staffed) -> None:
    request = staffed.opened("disclosure", conversation=None)
    seen = staffed.decisions.decide(request.id, DONE, "s1").version
    decisions = staffed.decisions
    assert at_once(
        lambda: decisions.approve(request.id, "s2", seen),
        lambda: decisions.approve(request.id, "s3", seen),
        lambda: decisions.send_back(request.id, "まだです", "s4", seen),
        lambda: decisions.decide(request.id, DENIED, "s5", seen),
    ) == Counter(told=3, won=1)


def test_of_decision_and_withdrawal_one_wins(staffed: Staffed) -> None:
    for _ in range(3):
        request = staffed.opened("stop_use", conversation=None)

        def withdraw(seen: str = request.receipt) -> None:
            with staffed.store.transaction() as tx:
                found = tx.requests.by_receipt(seen)
                assert found is not None
                staffed.requests.withdraw(tx, found, staffed.clock.now())

        outcomes = at_once(withdraw, lambda seen=request.id: staffed.decisions.decide(seen, NOT_STOPPED, "s1"))
        assert outcomes == Counter(told=1, won=1)
        assert len(ends_of(staffed, request.receipt)) == 1


def test_a_task_ticked_twice_is_done_by_one(staffed: Staffed) -> None:
    request = staffed.opened("erasure", IdentityStatus.MANUAL, conversation=None)
    at_once(*(lambda who=who: staffed.work.tick(request.id, "erase_lists", True, who) for who in ("s1", "s2", "s3")))
    done = [record for record in staffed.audit(request) if record.action == "request.task_done"]
    assert len(done) == 1
