from __future__ import annotations

from datetime import timedelta

from bot.storage.store import SqlStore
from tests.records import NOW


def test_a_state_is_kept_with_its_version(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.engine_states.load("c1") is None
        assert tx.engine_states.version("c1") is None
        assert tx.engine_states.save("c1", '{"name": "髙橋"}', 0, NOW)
        assert tx.engine_states.save("c1", '{"name": "髙橋花子"}', 1, NOW)
        assert tx.engine_states.load("c1") == ('{"name": "髙橋花子"}', 2)
        assert tx.engine_states.version("c1") == 2


def test_of_two_who_save_the_same_version_one_wins(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.engine_states.save("c1", "first", 0, NOW)
        assert not tx.engine_states.save("c1", "second", 0, NOW)
        assert tx.engine_states.save("c1", "third", 1, NOW)
        assert not tx.engine_states.save("c1", "fourth", 1, NOW)
        assert tx.engine_states.load("c1") == ("third", 2)


def test_states_that_nothing_touched_are_deleted(store: SqlStore) -> None:
    later = NOW + timedelta(hours=1)
    with store.transaction() as tx:
        tx.engine_states.save("c1", "old", 0, NOW)
        tx.engine_states.save("c2", "touched", 0, NOW)
        tx.engine_states.save("c2", "touched", 1, later)
        assert tx.engine_states.delete_older(later) == 1
        assert tx.engine_states.load("c1") is None
        assert tx.engine_states.version("c2") == 2
