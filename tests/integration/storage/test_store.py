from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.errors import SettingError, Unavailable
from bot.storage.migrate import migrate, unmigrate
from bot.storage.store import SqlStore
from bot.storage.tables import audit_head, data_keys
from bot.storage.vault import SealBroken, Vault
from tests.conftest import FixedClock
from tests.records import NOW, conversation, message


def test_a_database_without_tables_stops_the_start(tmp_path: Path, vault: Vault, clock: FixedClock) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/desk.db", vault, clock)
    with pytest.raises(SettingError, match=r"has schema none and .* needs \d+: run `madoguchi migrate`"):
        store.prepare()


def test_another_secret_key_stops_the_start(database_url: str, clock: FixedClock) -> None:
    stranger = SqlStore(database_url, Vault("another secret, but just as long as it must be"), clock)
    with pytest.raises(SettingError, match="SECRET_KEY is not the one this database was encrypted with"):
        stranger.prepare()
    stranger.close()


def test_several_processes_prepare_one_database(database_url: str, vault: Vault, clock: FixedClock) -> None:
    unmigrate(database_url)
    migrate(database_url)
    stores = [SqlStore(database_url, vault, clock) for _ in range(4)]
    start = threading.Barrier(len(stores))

    def prepare(store: SqlStore) -> None:
        start.wait()
        store.prepare()

    with ThreadPoolExecutor(len(stores)) as pool:
        list(pool.map(prepare, stores))
    with stores[0].session() as session:
        assert len(session.connection.execute(select(data_keys)).all()) == 1
        assert len(session.connection.execute(select(audit_head)).all()) == 1
    for store in stores:
        store.close()


def test_a_store_that_nobody_prepared_seals_nothing(store: SqlStore) -> None:
    with store.session() as session:
        session.connection.execute(data_keys.delete())
    with pytest.raises(SettingError, match="prepare the store"), store.transaction() as tx:
        tx.conversations.add(conversation(external_id="U1"))


def test_a_value_moved_to_another_row_does_not_open(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.add_message(message("m1"))
        tx.conversations.add_message(message("m2"))
    with store.session() as session:
        swap = text("UPDATE messages SET text = (SELECT text FROM messages WHERE id = 'm1') WHERE id = 'm2'")
        session.connection.execute(swap)
    with pytest.raises(SealBroken, match=r"messages\.text/m2"), store.transaction() as tx:
        tx.conversations.messages("c1")


def test_reading_alone_writes_nothing(store: SqlStore) -> None:
    with store.transaction(read_only=True) as tx:
        assert tx.conversations.get("c1") is None
    with pytest.raises((Unavailable, DBAPIError)), store.transaction(read_only=True) as tx:
        tx.limits.take("a", 1, 60, NOW)


def test_readers_do_not_wait_for_a_writer(store: SqlStore) -> None:
    with store.transaction() as writing:
        writing.conversations.add(conversation())
        with store.transaction(read_only=True) as reading:
            assert reading.conversations.get("c1") is None


def test_who_waits_too_long_for_a_lock_is_told(database_url: str, vault: Vault, clock: FixedClock) -> None:
    first, second = (SqlStore(database_url, vault, clock, wait_s=1) for _ in range(2))
    with first.transaction() as tx:
        tx.conversations.add(conversation())
    with first.transaction() as tx:
        tx.conversations.save(conversation(owner="staff"))
        with pytest.raises(Unavailable, match="does not answer"), second.transaction() as late:
            late.conversations.save(conversation(misunderstood=1))
    for store in (first, second):
        store.close()


def test_a_ping_answers(store: SqlStore) -> None:
    store.ping()


def _no_folder(folder: Path) -> str:
    return f"sqlite:///{folder}/missing/desk.db"


def _no_database(folder: Path) -> str:
    (folder / "desk.db").write_text("this is no database, and long enough to be seen as none" * 20)
    return f"sqlite:///{folder}/desk.db"


def _no_server(folder: Path) -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"postgresql://desk@127.0.0.1:{taken.getsockname()[1]}/desk"


@pytest.mark.parametrize("url", [_no_folder, _no_database, _no_server])
def test_a_database_that_is_gone_is_unavailable(
    url: Callable[[Path], str], tmp_path: Path, vault: Vault, clock: FixedClock
) -> None:
    store = SqlStore(url(tmp_path), vault, clock)
    with pytest.raises(Unavailable, match="does not answer"):
        store.ping()
    with pytest.raises(Unavailable), store.transaction() as tx:
        tx.conversations.get("c1")


@pytest.mark.postgres
def test_a_server_whose_machine_vanished_is_not_waited_for_a_quarter_of_an_hour(
    postgres_url: str, vault: Vault, clock: FixedClock
) -> None:
    store = SqlStore(postgres_url, vault, clock)
    with store.session(read_only=True) as session:
        asked = session.connection.connection.driver_connection.info.dsn_parameters
    assert asked["tcp_user_timeout"] == "20000"
    assert int(asked["keepalives_idle"]) + 2 * int(asked["keepalives_interval"]) == 20
    store.close()


@pytest.mark.postgres
def test_connections_that_the_server_ended_are_replaced(postgres_url: str, vault: Vault, clock: FixedClock) -> None:
    store, other = SqlStore(postgres_url, vault, clock), SqlStore(postgres_url, vault, clock)
    store.ping()
    end_others = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
    with other.session() as session:
        session.connection.execute(end_others)
    store.ping()

    def lose_the_connection_midway() -> None:
        with store.transaction() as tx:
            tx.conversations.add(conversation())
            with other.session() as session:
                session.connection.execute(end_others)
            tx.conversations.get("c1")

    with pytest.raises(Unavailable):
        lose_the_connection_midway()
    with store.transaction() as tx:
        assert tx.conversations.get("c1") is None
    for one in (store, other):
        one.close()
