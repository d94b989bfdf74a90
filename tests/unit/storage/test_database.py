from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from bot.errors import SettingError, Unavailable
from bot.storage.database import Database, unavailable_on_failure


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url, wait_s=0)
    yield database
    database.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "DATABASE_URL can't be used"),
        ("nonsense", "DATABASE_URL can't be used"),
        ("mysql://host/db", "DATABASE_URL names mysql: use sqlite"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
    ],
)
def test_an_address_of_no_known_database_is_refused(url: str, words: str) -> None:
    with pytest.raises(SettingError, match=words):
        Database(url)


def test_a_refused_address_does_not_show_its_password() -> None:
    with pytest.raises(SettingError) as refusal:
        Database("postgresql+nodriver://desk:hunter2@host/db")
    assert "hunter2" not in str(refusal.value)


def test_sqlite_is_found_by_its_file() -> None:
    assert Database("sqlite:////var/desk.db").file == Path("/var/desk.db")
    assert Database("postgresql://host/db").file is None


def test_foreign_keys_hold_and_a_checkpoint_waits_for_the_disk(database: Database) -> None:
    with database.transaction() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_writer_keeps_other_writers_out_but_no_reader(database: Database, sqlite_url: str) -> None:
    another_process = Database(sqlite_url, wait_s=0)
    with database.transaction() as writer:
        writer.execute(text("INSERT INTO limits VALUES ('a', 1, 1, '2026-01-01')"))
        with database.transaction(read_only=True) as reader:
            assert reader.execute(text("SELECT count(*) FROM limits")).scalar() == 0
        with pytest.raises(Unavailable, match="others have been writing"), database.transaction():
            pass
        with pytest.raises(Unavailable, match="database is locked"), another_process.transaction():
            pass
    with another_process.transaction():
        pass
    another_process.close()


def test_who_only_reads_cannot_write_and_the_next_can(database: Database) -> None:
    write = text("INSERT INTO limits VALUES ('a', 1, 1, '2026-01-01')")
    with pytest.raises(Unavailable, match="readonly"), database.transaction(read_only=True) as connection:
        connection.execute(write)
    with database.transaction() as connection:
        assert connection.execute(write).rowcount == 1


def test_an_error_tells_nothing_of_the_values(database: Database) -> None:
    with pytest.raises(Unavailable) as failure, database.transaction() as connection:
        connection.execute(text("INSERT INTO missing VALUES (:name)"), {"name": "髙橋花子"})
    assert "no such table" in str(failure.value.__cause__)
    assert "髙橋" not in f"{failure.value} {failure.value.__cause__}"


@pytest.mark.parametrize("words", ["database or disk is full", "disk I/O error", "unable to open database file"])
def test_a_failing_disk_is_unavailable(words: str) -> None:
    with pytest.raises(Unavailable, match=words), unavailable_on_failure():
        raise OperationalError("INSERT …", {"name": "髙橋花子"}, sqlite3.OperationalError(words))


def test_a_lost_connection_is_unavailable() -> None:
    lost = DBAPIError("SELECT 1", {}, Exception("server closed the connection\nmore"), connection_invalidated=True)
    with pytest.raises(Unavailable, match=r"does not answer: server closed the connection$"), unavailable_on_failure():
        raise lost


def test_our_own_mistakes_stay_what_they_are() -> None:
    with pytest.raises(IntegrityError), unavailable_on_failure():
        raise IntegrityError("INSERT …", {}, sqlite3.IntegrityError("UNIQUE"))


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/missing/desk.db")
    with pytest.raises(Unavailable, match="unable to open"), database.transaction():
        pass
