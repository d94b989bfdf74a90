from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.services.records import DocumentLink, TaskDone
from bot.storage.store import SqlStore
from tests.records import NOW, data_subject_request

LINK = DocumentLink("l1", "r1", "0" * 64, NOW, NOW + timedelta(hours=72))


@pytest.fixture(autouse=True)
def _one_request(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.requests.add(data_subject_request())


def test_a_task_is_ticked_once_and_opened_again(store: SqlStore) -> None:
    done = TaskDone("r1", "compile_records", "s1", NOW)
    later = TaskDone("r1", "check_others", "s2", NOW + timedelta(hours=1))
    with store.transaction() as tx:
        assert tx.request_tasks.tick(later)
        assert tx.request_tasks.tick(done)
        assert not tx.request_tasks.tick(TaskDone("r1", "compile_records", "s2", NOW))
        assert tx.request_tasks.of("r1") == [done, later]
        assert tx.request_tasks.untick("r1", "check_others")
        assert not tx.request_tasks.untick("r1", "check_others")
        assert tx.request_tasks.of("r1") == [done]


def test_a_link_is_used_once_and_in_time(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.document_links.add(LINK)
        assert tx.document_links.by_digest("1" * 64) is None
        assert tx.document_links.by_digest(LINK.digest) == LINK
        assert not tx.document_links.use("l1", LINK.expires_at)

    def use(_: int) -> bool:
        with store.transaction() as tx:
            return tx.document_links.use("l1", NOW)

    with ThreadPoolExecutor(5) as pool:
        assert Counter(pool.map(use, range(10))) == {True: 1, False: 9}
    with store.transaction() as tx:
        assert [link.used_at for link in tx.document_links.of("r1")] == [NOW]


def test_expired_links_are_forgotten(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.document_links.add(LINK)
        assert tx.document_links.delete_expired(LINK.expires_at) == 0
        assert tx.document_links.delete_expired(LINK.expires_at + timedelta(seconds=1)) == 1


def test_tasks_and_links_go_with_their_request(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.request_tasks.tick(TaskDone("r1", "compile_records", "s1", NOW))
        tx.document_links.add(LINK)
        tx.requests.delete("r1")
        assert tx.request_tasks.of("r1") == []
        assert tx.document_links.of("r1") == []
