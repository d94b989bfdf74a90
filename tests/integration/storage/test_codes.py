from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, conversation, one_time_code


@pytest.fixture(autouse=True)
def _one_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.codes.add(one_time_code())


def test_every_field_comes_back(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.codes.latest("c1", "draft-1") == one_time_code()
        assert tx.codes.latest("c1", "draft-2") is None
        assert tx.codes.latest("c2", "draft-1") is None


def test_the_last_one_sent_counts(store: SqlStore) -> None:
    resent = one_time_code("o0", created_at=NOW + timedelta(minutes=1), customer=None)
    with store.transaction() as tx:
        tx.codes.add(resent)
        assert tx.codes.latest("c1", "draft-1") == resent


def test_attempts_are_counted_up_to_the_limit(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert [tx.codes.take_attempt("o1", 3, NOW) for _ in range(5)] == [True, True, True, False, False]
        assert tx.codes.latest("c1", "draft-1") == one_time_code(attempts=3)


@pytest.mark.parametrize(("seconds", "valid"), [(599, True), (600, False), (601, False)])
def test_a_code_is_valid_for_ten_minutes(store: SqlStore, clock: FixedClock, seconds: int, valid: bool) -> None:
    with store.transaction() as tx:
        assert tx.codes.take_attempt("o1", 5, clock.advance(seconds=seconds)) is valid


def test_a_clock_set_back_brings_no_expired_code_to_life(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert not tx.codes.take_attempt("o1", 5, clock.advance(seconds=601))
        assert not tx.codes.take_attempt("o1", 5, clock.advance(seconds=-300))


def test_a_clock_set_back_keeps_the_count(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert tx.codes.take_attempt("o1", 1, clock.now())
        assert not tx.codes.take_attempt("o1", 1, clock.advance(hours=-1))


def test_a_code_is_used_once(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.codes.use("o1", NOW)
        assert not tx.codes.use("o1", NOW)
        assert not tx.codes.take_attempt("o1", 5, NOW)


def test_expired_codes_are_deleted(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.codes.add(one_time_code("o2", expires_at=NOW + timedelta(hours=1)))
        assert tx.codes.delete_expired(NOW + timedelta(minutes=11)) == 1
        assert tx.codes.latest("c1", "draft-1") == one_time_code("o2", expires_at=NOW + timedelta(hours=1))
