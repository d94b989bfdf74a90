from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.services.records import AuditRecord
from bot.storage.audit import _hash
from bot.storage.store import SqlStore
from bot.storage.tables import audit_head, audit_records
from tests.records import NOW

LENGTH = 6


@pytest.fixture(autouse=True)
def _chain(store: SqlStore) -> None:
    for number in range(1, LENGTH + 1):
        with store.transaction() as tx:
            tx.audit.append(
                "desk",
                "request.changed",
                f"request:r{number % 2}",
                "okura",
                {"status": "open", "n": number},
                {"status": "開示", "level": None},
                NOW + timedelta(seconds=number, microseconds=number),
            )


def first_bad(store: SqlStore) -> str | None:
    with store.transaction(read_only=True) as tx:
        return tx.audit.first_bad()


def tamper(store: SqlStore, change: Callable[[Connection], None]) -> None:
    with store.session() as session:
        change(session.connection)


def content_of(row: Any) -> dict[str, Any]:
    """A record's values as they go into its hash."""
    names = ("actor", "action", "subject", "company", "seq", "at")
    values = {name: getattr(row, name) for name in names}
    return {**values, "before": json.loads(row.before), "after": json.loads(row.after)}


def rehash(connection: Connection, seq: int, previous_hash: str) -> str:
    """What somebody who knows the algorithm does after an edit."""
    row = connection.execute(select(audit_records).where(audit_records.c.seq == seq)).one()
    new = _hash(content_of(row), previous_hash)
    values = {"hash": new, "previous_hash": previous_hash}
    connection.execute(update(audit_records).where(audit_records.c.seq == seq).values(values))
    return new


def test_a_record_comes_back_and_the_chain_is_whole(store: SqlStore) -> None:
    with store.transaction() as tx:
        added = tx.audit.append("staff:1", "request.decided", "request:r9", None, {}, {"a": [1, 2.5]}, NOW)
        records = list(tx.audit.records())
        assert records[-1] == added
        assert [record.seq for record in records] == list(range(1, LENGTH + 2))
        assert records[1].previous_hash == records[0].hash
        assert list(tx.audit.records("request:r9")) == [added]
        assert [record.seq for record in tx.audit.records("request:r0")] == [2, 4, 6]
        assert tx.audit.first_bad() is None


def test_a_record_is_a_plain_value(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert all(isinstance(record, AuditRecord) for record in tx.audit.records())


@pytest.mark.parametrize("column", ["actor", "action", "subject", "company", "before", "after", "hash"])
def test_an_edited_record_is_named(store: SqlStore, column: str) -> None:
    edit = update(audit_records).where(audit_records.c.seq == 3).values({column: '{"status":"denied"}'})
    tamper(store, lambda connection: connection.execute(edit))
    assert first_bad(store) == "audit record 3 was changed: its hash doesn't match what it says"


def test_an_edited_time_is_named(store: SqlStore) -> None:
    edit = update(audit_records).where(audit_records.c.seq == 3).values(at=NOW)
    tamper(store, lambda connection: connection.execute(edit))
    assert first_bad(store) == "audit record 3 was changed: its hash doesn't match what it says"


def test_an_edited_record_with_a_fitting_hash_is_found_by_the_next(store: SqlStore) -> None:
    def edit(connection: Connection) -> None:
        row = connection.execute(select(audit_records).where(audit_records.c.seq == 3)).one()
        connection.execute(update(audit_records).where(audit_records.c.seq == 3).values(actor="nobody"))
        rehash(connection, 3, row.previous_hash)

    tamper(store, edit)
    assert first_bad(store) == "audit record 4 doesn't follow the one before it: one of the two was changed"


def test_a_chain_rewritten_to_its_end_is_found_by_the_keyed_head(store: SqlStore) -> None:
    def rewrite(connection: Connection) -> None:
        row = connection.execute(select(audit_records).where(audit_records.c.seq == 3)).one()
        connection.execute(update(audit_records).where(audit_records.c.seq == 3).values(actor="nobody"))
        last = row.previous_hash
        for seq in range(3, LENGTH + 1):
            last = rehash(connection, seq, last)

    tamper(store, rewrite)
    assert first_bad(store) == "audit record 6 was changed, or one before it: the keyed head has another hash"


def test_a_head_rewritten_without_the_key_is_named(store: SqlStore) -> None:
    tamper(store, lambda connection: connection.execute(update(audit_head).values(count=5)))
    assert first_bad(store) == "the keyed head of the audit chain is missing or was changed"


def test_a_deleted_record_is_named(store: SqlStore) -> None:
    tamper(store, lambda connection: connection.execute(delete(audit_records).where(audit_records.c.seq == 3)))
    assert first_bad(store) == "audit record 3 is missing"


def test_a_deleted_record_whose_gap_was_closed_is_named(store: SqlStore) -> None:
    def close_gap(connection: Connection) -> None:
        connection.execute(delete(audit_records).where(audit_records.c.seq == 3))
        for seq in range(4, LENGTH + 1):
            connection.execute(update(audit_records).where(audit_records.c.seq == seq).values(seq=seq - 1))

    tamper(store, close_gap)
    assert first_bad(store) == "audit record 3 was changed: its hash doesn't match what it says"


@pytest.mark.parametrize("kept", [LENGTH - 1, 2, 0])
def test_a_cut_off_end_is_named(store: SqlStore, kept: int) -> None:
    tamper(store, lambda connection: connection.execute(delete(audit_records).where(audit_records.c.seq > kept)))
    assert first_bad(store) == f"audit record {kept + 1} is missing: the keyed head counts {LENGTH} records"


def test_a_chain_taken_away_with_its_head_is_noticed(store: SqlStore) -> None:
    def clear(connection: Connection) -> None:
        connection.execute(delete(audit_records))
        connection.execute(delete(audit_head))

    tamper(store, clear)
    assert first_bad(store) == "the keyed head of the audit chain is missing or was changed"


def test_an_inserted_record_is_named(store: SqlStore) -> None:
    def add(connection: Connection) -> None:
        row = connection.execute(select(audit_records).where(audit_records.c.seq == LENGTH)).one()
        content = {**content_of(row), "seq": LENGTH + 1}
        raw = {**content, "before": row.before, "after": row.after, "previous_hash": row.hash}
        connection.execute(insert(audit_records).values(**raw, hash=_hash(content, row.hash)))

    tamper(store, add)
    assert first_bad(store) == f"audit record {LENGTH + 1} was added past the keyed head"


def test_reordered_records_are_named(store: SqlStore) -> None:
    def swap(connection: Connection) -> None:
        for old, new in ((3, 99), (4, 3), (99, 4)):
            connection.execute(update(audit_records).where(audit_records.c.seq == old).values(seq=new))

    tamper(store, swap)
    assert first_bad(store) == "audit record 3 was changed: its hash doesn't match what it says"
