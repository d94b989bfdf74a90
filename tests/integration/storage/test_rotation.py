from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from bot.storage.repository import sealed_columns
from bot.storage.rotation import rotate
from bot.storage.store import SqlStore
from bot.storage.tables import data_keys, messages, metadata
from bot.storage.vault import Vault, key_id_of
from tests.conftest import SECRET, FixedClock
from tests.integration.storage.a_full_desk import everything, fill
from tests.records import NOW, message, unanswered_question

SEALED_TABLES = {table.name for table in metadata.sorted_tables if sealed_columns(table)}


def keys_in_use(store: SqlStore) -> dict[str, set[str]]:
    """By table, the ids of the keys that its values are sealed with."""
    with store.session() as session:
        return {
            table.name: {
                key_id_of(row[name])
                for row in session.connection.execute(select(table)).mappings()
                for name in sealed_columns(table)
                if row[name] is not None
            }
            for table in metadata.sorted_tables
            if sealed_columns(table)
        }


def sealed_rows(store: SqlStore) -> int:
    """How many rows have something sealed in them."""
    with store.session() as session:
        return sum(
            any(row[name] is not None for name in sealed_columns(table))
            for table in metadata.sorted_tables
            for row in session.connection.execute(select(table)).mappings()
        )


def key_ids(store: SqlStore) -> set[str]:
    with store.session() as session:
        return set(session.connection.execute(select(data_keys.c.id)).scalars())


@pytest.fixture
def filled(store: SqlStore) -> SqlStore:
    fill(store)
    assert all(keys_in_use(store).values()), "a table has nothing sealed in it"
    return store


def test_rotation_reseals_everything_with_a_new_key_and_deletes_the_old(filled: SqlStore) -> None:
    before, (old,), rows = everything(filled), key_ids(filled), sealed_rows(filled)
    assert rotate(filled, batch=2) == rows
    (new,) = key_ids(filled)
    assert new != old
    assert keys_in_use(filled) == {table: {new} for table in SEALED_TABLES}
    assert everything(filled) == before


def test_another_process_reads_and_writes_on(filled: SqlStore, database_url: str, clock: FixedClock) -> None:
    other = SqlStore(database_url, Vault(SECRET), clock)
    before = everything(other)
    rotate(filled)
    assert everything(other) == before
    with other.transaction() as tx:
        tx.conversations.add_message(message("m2"))
    assert keys_in_use(filled)["messages"] == key_ids(filled)
    other.close()


def test_a_second_run_ends_what_a_crash_left(filled: SqlStore) -> None:
    with filled.session() as session:
        session.keyring.add_active(NOW)
    assert len(key_ids(filled)) == 2
    before = everything(filled)
    rotate(filled)
    assert len(key_ids(filled)) == 1
    assert everything(filled) == before


def test_what_is_written_meanwhile_keeps_its_key(filled: SqlStore, database_url: str, clock: FixedClock) -> None:
    """A transaction that sealed with the old key ends after the rotation began, and locks no row the rotation wants."""
    other = SqlStore(database_url, Vault(SECRET), clock)
    rotation = threading.Thread(target=rotate, args=(filled,))
    with other.transaction() as tx:
        tx.unanswered.add(unanswered_question("late"))
        rotation.start()
        rotation.join(0.3)
        assert rotation.is_alive()
    rotation.join(30)
    with other.transaction() as tx:
        assert unanswered_question("late") in tx.unanswered.find()
    assert keys_in_use(filled)["unanswered_questions"] == key_ids(filled)
    other.close()


@pytest.mark.postgres
def test_who_looked_for_the_key_while_it_changed_finds_the_new_one(
    postgres_url: str, vault: Vault, clock: FixedClock
) -> None:
    """The row is found active, waited for, and no longer active when it is had."""
    store, other = SqlStore(postgres_url, vault, clock), SqlStore(postgres_url, vault, clock)
    with ThreadPoolExecutor(1) as pool:
        with store.session() as session:
            session.connection.execute(select(data_keys).with_for_update())
            sealing = pool.submit(seal_one, other)
            wait_until_somebody_waits_for_a_lock(other)
            session.keyring.add_active(NOW)
        sealing.result(20)
    for one in (store, other):
        one.close()


def wait_until_somebody_waits_for_a_lock(store: SqlStore) -> None:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    for _ in range(1000):
        with store.session(read_only=True) as session:
            if session.connection.execute(waiting).scalar():
                return
    raise AssertionError("nobody waited for a lock")


def seal_one(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.unanswered.add(unanswered_question())


def test_the_desk_goes_on_during_rotations(filled: SqlStore, database_url: str, clock: FixedClock) -> None:
    stop = threading.Event()

    def write(writer: int) -> int:
        other, written = SqlStore(database_url, Vault(SECRET), clock), 0
        while not stop.is_set():
            with other.transaction() as tx:
                tx.conversations.add_message(message(f"{writer}-{written}"))
            with other.transaction(read_only=True) as tx:
                tx.conversations.messages("c1")
            written += 1
        other.close()
        return written

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, number) for number in range(2)]
        try:
            for _ in range(3):
                rotate(filled, batch=10)
        finally:
            stop.set()
        written = sum(writer.result() for writer in writers)
    with filled.transaction() as tx:
        assert len(tx.conversations.messages("c1")) == written + 1
    with filled.session() as session:
        assert len(session.connection.execute(select(messages.c.id)).all()) == written + 1
    assert keys_in_use(filled)["messages"] == key_ids(filled)


def test_digests_stay(store: SqlStore) -> None:
    before = store.vault.digest("contact", "hanako@example.jp")
    rotate(store)
    assert store.vault.digest("contact", "hanako@example.jp") == before
