import threading
from pathlib import Path

import pytest

from bot.errors import Unavailable
from bot.services.records import Conversation
from bot.storage.durability import LogSync
from bot.storage.store import SqlStore
from tests.conftest import FixedClock


class Disk:
    """A disk that a test can hold busy, and that notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[Path] = []
        self.free = threading.Event()
        self.free.set()

    def write(self, log: Path) -> None:
        self.asked.append(log)
        assert self.free.wait(5)


def started(target: LogSync) -> threading.Thread:
    thread = threading.Thread(target=target.wait)
    thread.start()
    return thread


def test_who_waits_alone_has_the_log_brought_to_the_disk(tmp_path: Path) -> None:
    disk = Disk()
    sync = LogSync(tmp_path / "desk.db", disk.write)
    sync.wait()
    sync.wait()
    assert disk.asked == [tmp_path / "desk.db-wal"] * 2


def test_those_who_come_while_the_disk_is_busy_share_the_next_round(tmp_path: Path) -> None:
    # Given a disk that is busy with the first
    disk = Disk()
    disk.free.clear()
    sync = LogSync(tmp_path / "desk.db", disk.write)
    first = started(sync)
    while not disk.asked:
        pass
    # When ten more come
    more = [started(sync) for _ in range(10)]
    while sync._came < 11:
        pass
    # Then nobody is told before a round that began after they came, and that round is one
    assert all(thread.is_alive() for thread in more)
    disk.free.set()
    for thread in [first, *more]:
        thread.join(5)
    assert len(disk.asked) == 2


def test_a_disk_that_fails_is_unavailable_and_tried_again_by_the_next(tmp_path: Path) -> None:
    failures = [OSError(28, "No space left on device")]

    def fail_once(log: Path) -> None:
        if failures:
            raise failures.pop()

    sync = LogSync(tmp_path / "desk.db", fail_once)
    with pytest.raises(Unavailable, match="No space left on device"):
        sync.wait()
    sync.wait()


def test_a_log_that_is_gone_holds_nothing(tmp_path: Path) -> None:
    LogSync(tmp_path / "desk.db").wait()


@pytest.fixture
def synced(sqlite_store: SqlStore) -> list[Path]:
    """The rounds to the disk that the store asked for."""
    disk = Disk()
    sync = sqlite_store._database._log_sync
    assert sync is not None
    sync._to_disk = disk.write
    return disk.asked


def test_a_commit_waits_for_the_disk_unless_it_need_not(
    sqlite_store: SqlStore, synced: list[Path], clock: FixedClock
) -> None:
    thread = Conversation("c1", "web", "okura", clock.now(), clock.now())
    with sqlite_store.transaction() as tx:
        tx.conversations.add(thread)
        assert synced == []
    assert len(synced) == 1
    assert synced[0].exists()
    with sqlite_store.transaction(durable=False) as tx:
        tx.conversations.save(thread)
    with sqlite_store.transaction(read_only=True) as tx:
        tx.conversations.get("c1")
    assert len(synced) == 1


def test_what_is_rolled_back_waits_for_nothing(sqlite_store: SqlStore, synced: list[Path], clock: FixedClock) -> None:
    def break_off() -> None:
        with sqlite_store.transaction() as tx:
            tx.conversations.add(Conversation("c1", "web", "okura", clock.now(), clock.now()))
            raise KeyError("no such thing")

    with pytest.raises(KeyError):
        break_off()
    assert synced == []
