from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.storage.backup import BackupError, backup, restore
from bot.storage.erasures import Erasure, ErasureLog
from bot.storage.migrate import migrate
from bot.storage.repository import erasure_digest
from bot.storage.store import SqlStore
from bot.storage.tables import customers, metadata
from bot.storage.vault import Vault
from tests.conftest import SECRET, FixedClock
from tests.integration.storage.a_full_desk import everything, fill
from tests.records import NOW, conversation, customer, data_subject_request, message, outbound, suppression


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "desk.jsonl.gz"


@pytest.fixture
def empty_store(tmp_path: Path, clock: FixedClock) -> Iterator[SqlStore]:
    """The desk on a new machine, with the log of erasures brought along."""
    yield from _new_desk(tmp_path, SECRET, clock)


def _new_desk(tmp_path: Path, secret: str, clock: FixedClock) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path}/new/desk.db"
    migrate(url)
    store = SqlStore(url, Vault(secret), clock, ErasureLog(tmp_path / "erasures.log"))
    store.prepare()
    yield store
    store.close()


def counts(store: SqlStore) -> dict[str, int]:
    with store.session(read_only=True) as session:
        return {t.name: len(session.connection.execute(t.select()).all()) for t in metadata.sorted_tables}


def test_all_of_either_database_comes_back_on_a_new_machine(store: SqlStore, empty_store: SqlStore, file: Path) -> None:
    fill(store)
    wanted = counts(store)
    assert backup(store, file) == sum(wanted.values())
    assert restore(empty_store, file) == sum(wanted.values())
    assert counts(empty_store) == wanted
    assert all(wanted.values()), "a table is empty"
    assert everything(empty_store) == everything(store)
    with empty_store.transaction() as tx:
        assert tx.audit.first_bad() is None


@pytest.mark.postgres
def test_a_desk_moves_from_sqlite_to_postgresql(sqlite_store: SqlStore, postgres_url: str, file: Path) -> None:
    fill(sqlite_store)
    backup(sqlite_store, file)
    moved = SqlStore(postgres_url, sqlite_store.vault, sqlite_store.clock)
    restore(moved, file)
    assert everything(moved) == everything(sqlite_store)
    with moved.transaction() as tx:
        tx.audit.append("desk", "a.b", "c:1", None, {}, {}, NOW)
        assert tx.audit.first_bad() is None
    moved.close()


def test_nothing_personal_is_in_the_file(store: SqlStore, file: Path) -> None:
    fill(store)
    backup(store, file)
    text = gzip.decompress(file.read_bytes()).decode()
    for personal in ("髙橋", "hanako", "9012345678", "こんにちは", "12-34", "12345678"):
        assert personal not in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]


def test_a_backup_is_of_one_moment_while_the_desk_goes_on(store: SqlStore, empty_store: SqlStore, file: Path) -> None:
    """Each message comes with an audit record: a backup in between has as many of the one as of the other."""
    stop = threading.Event()
    with store.transaction() as tx:
        tx.conversations.add(conversation())

    def go_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with store.transaction() as tx:
                tx.audit.append("desk", "a.b", f"message:{number}", None, {}, {}, NOW)
                tx.conversations.add_message(message(f"m{number}"))

    desk = threading.Thread(target=go_on)
    desk.start()
    try:
        while counts(store)["messages"] < 20:
            pass
        backup(store, file)
    finally:
        stop.set()
        desk.join()
    restore(empty_store, file)
    restored = counts(empty_store)
    assert 20 <= restored["messages"] == restored["audit_records"]
    with empty_store.transaction() as tx:
        assert tx.audit.first_bad() is None


def test_erasures_made_since_are_made_again(
    sqlite_store: SqlStore, empty_store: SqlStore, file: Path, clock: FixedClock
) -> None:
    with sqlite_store.transaction() as tx:
        tx.customers.save_many([customer("gone"), customer("stays")])
        for one in ("gone", "stays"):
            tx.conversations.add(conversation(one))
            tx.conversations.add_message(message(one, conversation=one))
            tx.engine_states.save(one, "{}", 0, NOW)
            tx.requests.add(data_subject_request(one))
            tx.outbox.add(outbound(one, recipient=f"{one}@example.jp"))
            tx.suppressions.add(suppression(one, contact=f"{one}@example.jp", customer=one))
    backup(sqlite_store, file)
    clock.advance(days=1)
    with sqlite_store.transaction() as tx:
        tx.suppressions.forget_contact("gone")
        tx.customers.erase("gone")
        tx.conversations.erase("gone")
        tx.requests.delete("gone")
        tx.outbox.erase_recipient("gone@example.jp")

    restore(empty_store, file)

    with empty_store.transaction() as tx:
        for found in (tx.customers.get, tx.conversations.get, tx.requests.get, tx.engine_states.load):
            assert (found("gone"), found("stays") is not None) == (None, True)
        assert [one.id for one in tx.outbox.find()] == ["stays"]
        assert {one.id: one.contact for one in tx.suppressions.find()} == {"gone": None, "stays": "stays@example.jp"}
        assert tx.suppressions.suppressed("okura", ["gone@example.jp"], "email", "marketing")


def test_an_erasure_that_was_undone_is_not_made_again(
    sqlite_store: SqlStore, empty_store: SqlStore, file: Path
) -> None:
    def break_off() -> None:
        with sqlite_store.transaction() as tx:
            tx.customers.erase("k1")
            raise ZeroDivisionError

    with sqlite_store.transaction() as tx:
        tx.customers.save_many([customer()])
    with pytest.raises(ZeroDivisionError):
        break_off()
    backup(sqlite_store, file)
    restore(empty_store, file)
    with empty_store.transaction() as tx:
        assert tx.customers.get("k1") is not None


def test_an_erasure_that_was_being_done_during_the_backup_is_made_again(
    sqlite_store: SqlStore, empty_store: SqlStore, file: Path, clock: FixedClock
) -> None:
    """It is noted first and done then: the backup in between has the row, and a later time than the note."""
    with sqlite_store.transaction() as tx:
        tx.customers.save_many([customer()])
    noted = Erasure("customers", erasure_digest(sqlite_store.vault, customers, "k1"), clock.now())
    sqlite_store.erasures.add([noted])
    clock.advance(seconds=30)
    backup(sqlite_store, file)
    restore(empty_store, file)
    with empty_store.transaction() as tx:
        assert tx.customers.get("k1") is None


def test_an_id_that_was_used_again_long_after_its_erasure_stays(
    sqlite_store: SqlStore, empty_store: SqlStore, file: Path, clock: FixedClock
) -> None:
    with sqlite_store.transaction() as tx:
        tx.conversations.add(conversation())
        tx.conversations.erase("c1")
    clock.advance(days=1)
    with sqlite_store.transaction() as tx:
        tx.conversations.add(conversation(created_at=NOW + timedelta(days=1)))
    backup(sqlite_store, file)
    restore(empty_store, file)
    with empty_store.transaction() as tx:
        assert tx.conversations.get("c1") is not None


def test_a_database_with_data_is_left_alone(sqlite_store: SqlStore, file: Path) -> None:
    fill(sqlite_store)
    before = everything(sqlite_store)
    backup(sqlite_store, file)
    with pytest.raises(BackupError, match="has data already"):
        restore(sqlite_store, file)
    assert everything(sqlite_store) == before


def test_a_backup_under_another_secret_key_is_refused(
    sqlite_store: SqlStore, file: Path, tmp_path: Path, clock: FixedClock
) -> None:
    fill(sqlite_store)
    backup(sqlite_store, file)
    for stranger in _new_desk(tmp_path, "another secret, but just as long as it must be", clock):
        with pytest.raises(SettingError, match="SECRET_KEY"):
            restore(stranger, file)
        assert counts(stranger)["customers"] == 0


def _cut(lines: list[str]) -> list[str]:
    return lines[:-1]


def _short_of_a_row(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith('["drafts"')]


def _short_of_a_parent(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith('["conversations"')]


def _of_another_schema(lines: list[str]) -> list[str]:
    return [json.dumps({**json.loads(lines[0]), "schema": "9999"}), *lines[1:]]


def _of_something_else(lines: list[str]) -> list[str]:
    return ['{"format": "something else"}', *lines[1:]]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_cut, "cut off"),
        (_short_of_a_row, "cut off"),
        (_short_of_a_parent, "can't be read as a backup: IntegrityError"),
        (_of_another_schema, "schema 9999"),
        (_of_something_else, "no backup of the desk"),
        (lambda lines: ["not JSON"], "can't be read as a backup"),
        (lambda lines: [], "no backup of the desk"),
    ],
)
def test_a_spoilt_file_is_refused_whole(
    sqlite_store: SqlStore, empty_store: SqlStore, file: Path, spoil: object, words: str
) -> None:
    assert callable(spoil)
    fill(sqlite_store)
    backup(sqlite_store, file)
    lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    file.write_bytes(gzip.compress("\n".join(spoil(lines)).encode()))
    before = counts(empty_store)
    with pytest.raises(BackupError, match=words):
        restore(empty_store, file)
    assert counts(empty_store) == before


@pytest.mark.parametrize("content", [b"", b"no gzip at all", gzip.compress(b'{"format"', mtime=0)[:-12]])
def test_a_file_that_is_no_backup_is_refused(empty_store: SqlStore, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupError):
        restore(empty_store, tmp_path / "file")


def test_a_missing_file_is_refused_by_name(empty_store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match=r"missing\.gz"):
        restore(empty_store, tmp_path / "missing.gz")


def test_a_backup_that_fails_leaves_the_one_before(sqlite_store: SqlStore, file: Path) -> None:
    backup(sqlite_store, file)
    before = file.read_bytes()
    (file.parent / "elsewhere").mkdir()
    with pytest.raises(IsADirectoryError):
        backup(sqlite_store, file.parent / "elsewhere")
    assert file.read_bytes() == before
    assert {one.name for one in file.parent.iterdir()} == {file.name, "elsewhere"}
