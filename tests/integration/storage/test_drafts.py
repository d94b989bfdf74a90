from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import NOW, conversation, draft


@pytest.fixture(autouse=True)
def _one_conversation(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.conversations.add(conversation())


def test_every_field_comes_back(store: SqlStore) -> None:
    full = draft(asking="form", attempts=1, state={"customer": "k1", "codes": [1, {"a": None}]}, last_event="m1")
    with store.transaction() as tx:
        tx.drafts.save(full)
        assert tx.drafts.get("c1") == full
        assert tx.drafts.get("c2") is None


def test_saving_again_replaces(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.drafts.save(draft(values={"name": "髙橋", "form": "紙"}, asking="form"))
        tx.drafts.save(draft(values={"name": "佐藤"}))
        assert tx.drafts.get("c1") == draft(values={"name": "佐藤"})


def test_a_draft_without_a_date_gets_the_present(store: SqlStore, clock: FixedClock) -> None:
    with store.transaction() as tx:
        tx.drafts.save(draft(updated_at=None))
        assert tx.drafts.get("c1") == draft(updated_at=clock.now())


def test_deleting_forgets(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.drafts.save(draft())
        tx.drafts.delete("c1")
        assert tx.drafts.get("c1") is None


def test_old_drafts_are_named(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.drafts.save(draft())
        assert tx.drafts.older_than(NOW) == []
        assert tx.drafts.older_than(NOW + timedelta(seconds=1)) == ["c1"]
