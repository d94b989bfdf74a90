from __future__ import annotations

from datetime import timedelta

import pytest

from bot.services.ports.casework import AuditFilter
from bot.storage.store import SqlStore
from tests.records import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def full(store: SqlStore) -> SqlStore:
    """Records 1 to 6, the second and third at the same moment, the last of another company."""
    written = [
        ("customer", "request.opened", "request:r1", "okura", 0),
        ("staff:s1", "request.begun", "request:r1", "okura", 1),
        ("staff:s1", "request.decided", "request:r1", "okura", 1),
        ("staff:s2", "settings.hours_changed", "company:okura", "okura", 2),
        ("desk", "retention.run", "retention", None, 3),
        ("staff:s1", "request.begun", "request:r2", "kagoshima", 4),
    ]
    with store.transaction() as tx:
        for actor, action, subject, company, hours in written:
            tx.audit.append(actor, action, subject, company, {}, {"status": "x"}, NOW + hours * HOUR)
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter("okura"), [4, 3, 2, 1]),
        (AuditFilter("okura", limit=2), [4, 3]),
        (AuditFilter("okura", before=(NOW + HOUR, 3)), [2, 1]),
        (AuditFilter("okura", before=(NOW + HOUR, 2)), [1]),
        (AuditFilter("okura", actor="staff:s1"), [3, 2]),
        (AuditFilter("okura", action="request.begun"), [2]),
        (AuditFilter("okura", subject="request:r2"), []),
        (AuditFilter("okura", actor="staff:s1", subject="request:r1", since=NOW + HOUR), [3, 2]),
        (AuditFilter("okura", since=NOW + HOUR, until=NOW + 2 * HOUR), [3, 2]),
        (AuditFilter("kagoshima"), [6]),
    ],
)
def test_a_page_has_the_newest_that_fit(full: SqlStore, wanted: AuditFilter, found: list[int]) -> None:
    with full.transaction(read_only=True) as tx:
        assert [record.seq for record in tx.audit.page(wanted)] == found


def test_a_record_comes_whole(full: SqlStore) -> None:
    with full.transaction(read_only=True) as tx:
        [record] = tx.audit.page(AuditFilter("okura", action="request.opened"))
        assert record == next(iter(tx.audit.records("request:r1")))
