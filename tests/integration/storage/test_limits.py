from __future__ import annotations

from bot.storage.store import SqlStore
from bot.storage.tables import limits
from tests.conftest import FixedClock

DAY_S = 86400


def test_so_many_are_let_through_in_a_window(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert [tx.limits.take("code:k1", 2, DAY_S, clock.now()) for _ in range(4)] == [True, True, False, False]
        assert tx.limits.count("code:k1", DAY_S, clock.now()) == 2
        assert tx.limits.count("code:k2", DAY_S, clock.now()) == 0
        assert tx.limits.take("code:k2", 2, DAY_S, clock.now())


def test_a_window_begins_with_its_first_count(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert tx.limits.take("a", 1, 60, clock.now())
        assert not tx.limits.take("a", 1, 60, clock.advance(seconds=59))
        assert tx.limits.take("a", 1, 60, clock.advance(seconds=1))
        assert not tx.limits.take("a", 1, 60, clock.advance(seconds=59))


def test_windows_of_several_lengths_are_counted_apart(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert tx.limits.take("a", 1, 60, clock.now())
        assert tx.limits.take("a", 1, DAY_S, clock.now())
        assert not tx.limits.take("a", 1, 60, clock.now())


def test_a_clock_set_back_resets_nothing(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert tx.limits.take("a", 1, 60, clock.now())
        assert not tx.limits.take("a", 1, 60, clock.advance(hours=-3))
        assert tx.limits.count("a", 60, clock.now()) == 1


def test_a_limit_of_none_lets_nothing_through(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        assert not tx.limits.take("a", 0, 60, clock.now())


def test_past_windows_are_swept(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.limits.take("short", 1, 60, clock.now())
        tx.limits.take("long", 1, DAY_S, clock.now())
        assert tx.limits.sweep(clock.advance(seconds=61)) == 1
        assert tx.limits.count("long", DAY_S, clock.now()) == 1


def test_keys_are_kept_as_hashes(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.limits.take("send:hanako@example.jp", 1, 60, clock.now())
    with store.session() as session:
        assert "hanako" not in str(session.connection.execute(limits.select()).all())
