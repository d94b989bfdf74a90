from __future__ import annotations

from datetime import datetime, timezone

from bot.services.records import Conversation
from bot.storage.store import SqlStore
from tests.unit.cli.conftest import Run


def test_a_dry_run_counts_and_a_run_deletes(run: Run, desk: SqlStore) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=timezone.utc)
    with desk.transaction() as tx:
        tx.conversations.add(Conversation("c", "web", "okura", created_at=long_ago, updated_at=long_ago))

    assert "would delete      1 conversations" in run("retention", "run", "--dry-run").out
    assert "deleted      1 conversations" in run("retention", "run").out
    assert "deleted      0 conversations" in run("retention", "run").out
