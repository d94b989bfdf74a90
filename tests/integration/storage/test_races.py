"""Many at once, on real threads and connections: one database decides, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import TypeVar

import pytest

from bot.privacy.statuses import Status
from bot.services.ports import RequestFilter, Transaction
from bot.storage.store import SqlStore
from tests.records import NOW, conversation, customer, data_subject_request, handoff, message, one_time_code, outbound

Outcome = TypeVar("Outcome")
THREADS = 10


@pytest.fixture(autouse=True)
def _one_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())


def at_once(store: SqlStore, times: int, work: Callable[[Transaction, int], Outcome]) -> list[Outcome]:
    """Run `work` many times, each in a transaction of its own; the threads start together."""
    start = Barrier(THREADS)

    def one_thread(first: int) -> list[Outcome]:
        start.wait()
        outcomes = []
        for number in range(first, times, THREADS):
            with store.transaction() as tx:
                outcomes.append(work(tx, number))
        return outcomes

    with ThreadPoolExecutor(THREADS) as pool:
        return [outcome for outcomes in pool.map(one_thread, range(THREADS)) for outcome in outcomes]


def test_of_fifty_guesses_five_are_evaluated(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.codes.add(one_time_code())
    taken = at_once(store, 50, lambda tx, number: tx.codes.take_attempt("o1", 5, NOW))
    assert Counter(taken) == {True: 5, False: 45}
    with store.transaction() as tx:
        code = tx.codes.latest("c1", "draft-1")
        assert code is not None
        assert code.attempts == 5


def test_a_right_code_is_used_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.codes.add(one_time_code())
    assert Counter(at_once(store, 20, lambda tx, number: tx.codes.use("o1", NOW))) == {True: 1, False: 19}


def test_a_limit_holds(store: SqlStore) -> None:
    taken = at_once(store, 50, lambda tx, number: tx.limits.take("code:k1", 7, 60, NOW))
    assert Counter(taken) == {True: 7, False: 43}


def test_a_request_sent_twenty_times_is_one(store: SqlStore) -> None:
    sent = at_once(
        store, 20, lambda tx, number: tx.requests.add(data_subject_request(f"r{number}", idempotency_key="same"))
    )
    assert len({request.id for request in sent}) == 1
    with store.transaction() as tx:
        assert len(tx.requests.find(RequestFilter())) == 1


def test_of_decision_and_withdrawal_one_wins(store: SqlStore) -> None:
    with store.transaction() as tx:
        seen = tx.requests.add(data_subject_request())
    ends = (Status.FULFILLED, Status.REVOKED)
    saved = at_once(store, 10, lambda tx, number: tx.requests.save(replace(seen, status=ends[number % 2])))
    assert Counter(saved) == {True: 1, False: 9}


def test_of_two_claims_one_wins(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.handoffs.add(handoff())
    claimed = at_once(store, 10, lambda tx, number: tx.handoffs.claim("h1", f"staff-{number}", NOW))
    assert Counter(claimed) == {True: 1, False: 9}


def test_a_conversation_gets_one_case(store: SqlStore) -> None:
    opened = at_once(store, 20, lambda tx, number: tx.handoffs.add(handoff(f"h{number}")))
    assert len({case.id for case in opened}) == 1


def test_messages_are_numbered_without_gap_or_double(store: SqlStore) -> None:
    at_once(store, 40, lambda tx, number: tx.conversations.add_message(message(f"m{number}")))
    with store.transaction() as tx:
        assert [one.seq for one in tx.conversations.messages("c1")] == list(range(1, 41))


def test_an_event_delivered_many_times_is_one_message(store: SqlStore) -> None:
    added = at_once(
        store, 20, lambda tx, number: tx.conversations.add_message(message(f"m{number}", event_id="e1")) is not None
    )
    assert Counter(added) == {True: 1, False: 19}


def test_a_message_is_answered_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message())
    answered = at_once(store, 10, lambda tx, number: tx.conversations.mark_answered("m1", NOW))
    assert Counter(answered) == {True: 1, False: 9}


def test_a_conversation_is_one_workers(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add_message(message())
    later = NOW + timedelta(seconds=15)
    taken = at_once(store, 10, lambda tx, number: tx.conversations.take("c1", f"worker-{number}", NOW, later))
    assert Counter(taken) == {True: 1, False: 9}


def test_one_company_is_bound(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation("c2", company=None))
    companies = ("okura", "kagoshima")
    bound = at_once(store, 10, lambda tx, number: tx.conversations.bind_company("c2", companies[number % 2]))
    assert len(set(bound)) == 1


def test_a_locked_conversation_loses_no_change(store: SqlStore) -> None:
    def count_up(tx: Transaction, number: int) -> None:
        seen = tx.conversations.lock("c1")
        assert seen is not None
        tx.conversations.save(replace(seen, misunderstood=seen.misunderstood + 1))

    at_once(store, 40, count_up)
    with store.transaction() as tx:
        assert tx.conversations.get("c1") == conversation(misunderstood=40)


def test_appends_make_one_chain(store: SqlStore) -> None:
    at_once(store, 40, lambda tx, number: tx.audit.append("desk", "a.b", f"r:{number}", None, {}, {}, NOW))
    with store.transaction() as tx:
        assert [record.seq for record in tx.audit.records()] == list(range(1, 41))
        assert tx.audit.first_bad() is None


def test_a_due_message_is_claimed_by_one_worker(store: SqlStore) -> None:
    with store.transaction() as tx:
        for number in range(20):
            tx.outbox.add(outbound(f"x{number}"))
    claimed = at_once(store, 20, lambda tx, number: [one.id for one in tx.outbox.take_due(NOW, 3, 60)])
    assert Counter(one for ids in claimed for one in ids) == {f"x{number}": 1 for number in range(20)}


def test_a_cause_enqueues_once(store: SqlStore) -> None:
    added = at_once(store, 20, lambda tx, number: tx.outbox.add(outbound(f"x{number}", key="same")))
    assert Counter(added) == {True: 1, False: 19}


def test_of_two_versions_of_an_engine_state_one_is_kept(store: SqlStore) -> None:
    saved = at_once(store, 20, lambda tx, number: tx.engine_states.save("c1", str(number), 0, NOW))
    assert Counter(saved) == {True: 1, False: 19}


def test_two_imports_of_the_same_people_make_no_doubles(store: SqlStore) -> None:
    def import_all(tx: Transaction, number: int) -> None:
        tx.customers.save_many([customer(f"{number}-{one}", customer_no=str(one)) for one in range(20)])

    at_once(store, 10, import_all)
    with store.transaction() as tx:
        assert tx.customers.count() == 20
        assert len(tx.customers.find_by_name("okura", "高橋花子")) == 20
