from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.services.jobs import ChainBroken, check_chain, noted
from bot.services.ports.operation import JobRun
from bot.storage.store import SqlStore
from tests.conftest import FixedClock


def _jobs(store: SqlStore) -> list[JobRun]:
    with store.transaction(read_only=True) as tx:
        return tx.operation.jobs()


def test_a_run_is_noted_with_its_end(sqlite_store: SqlStore, clock: FixedClock) -> None:
    done: list[str] = []
    noted(sqlite_store, clock, "retention", lambda: done.append("x"))()
    assert done == ["x"]
    assert _jobs(sqlite_store) == [JobRun("retention", clock.now(), ok=True)]


def test_a_failure_is_noted_and_told(sqlite_store: SqlStore, clock: FixedClock) -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        noted(sqlite_store, clock, "retention", fail)()
    assert _jobs(sqlite_store) == [JobRun("retention", clock.now(), ok=False)]


def test_a_chain_that_was_tampered_with_is_told(sqlite_store: SqlStore, clock: FixedClock) -> None:
    with sqlite_store.transaction() as tx:
        tx.audit.append("desk", "request.opened", "request:r1", "okura", {}, {}, clock.now())
    check_chain(sqlite_store)
    with sqlite_store.session() as session:
        session.connection.execute(text("UPDATE audit_records SET actor = 'nobody'"))
    with pytest.raises(ChainBroken, match="1"):
        noted(sqlite_store, clock, "audit_check", lambda: check_chain(sqlite_store))()
    assert not _jobs(sqlite_store)[0].ok
