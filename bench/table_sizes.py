"""What a row takes on PostgreSQL's disk, its indexes included: `python -m bench.table_sizes`.

Rows are as the desk writes them, sealed. Those of the chat are measured in real traffic, by `python -m bench.scale`.
"""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace

import pgserver
from sqlalchemy import text

from bench.report import table
from bot.services.clock import SystemClock
from bot.services.ports import Transaction
from bot.storage.migrate import migrate
from bot.storage.store import SqlStore
from bot.storage.vault import Vault
from tests.records import (
    NOW,
    conversation,
    customer,
    data_subject_request,
    draft,
    handoff,
    one_time_code,
    outbound,
    suppression,
    unanswered_question,
)

ROWS = 400
CHUNK = 200
MAIL = "ご本人の確認のための番号です。\n\n12345678\n\nこの番号は10分間だけお使いいただけます。"

MAKERS: dict[str, Callable[[Transaction, str], object]] = {
    "conversations": lambda tx, one: tx.conversations.add(conversation(one)),
    "customers": lambda tx, one: tx.customers.save_many([customer(one, email=f"{one}@example.jp")]),
    "drafts": lambda tx, one: tx.drafts.save(replace(draft(), conversation=one)),
    "requests": lambda tx, one: tx.requests.add(data_subject_request(one)),
    "codes": lambda tx, one: tx.codes.add(one_time_code(one, conversation=one)),
    "limits": lambda tx, one: tx.limits.take(f"code:{one}", 5, 60, NOW),
    "suppressions": lambda tx, one: tx.suppressions.add(suppression(one, contact=f"{one}@example.jp")),
    "handoffs": lambda tx, one: tx.handoffs.add(handoff(one, conversation=one)),
    "outbox": lambda tx, one: tx.outbox.add(outbound(one, text=MAIL)),
    "unanswered_questions": lambda tx, one: tx.unanswered.add(unanswered_question(one)),
    "audit_records": lambda tx, one: tx.audit.append(
        "desk", "request.opened", f"request:{one}", "okura", {}, {"status": "open", "identity": "verified"}, NOW
    ),
}


def sizes(store: SqlStore, tables: Iterable[str]) -> list[tuple[str, int, float]]:
    """Give each table's rows, and the bytes of one with its part of the indexes."""
    found = []
    with store.session(read_only=True) as session:
        for name in tables:
            measured = text(f"SELECT count(*) AS rows, pg_total_relation_size('{name}') AS bytes FROM {name}")
            row = session.connection.execute(measured).one()
            found.append((name, row.rows, row.bytes / max(1, row.rows)))
    return found


def fill(store: SqlStore) -> None:
    """Write ROWS of each."""
    ids = [uuid.uuid4().hex for _ in range(ROWS)]
    for make in MAKERS.values():
        for start in range(0, ROWS, CHUNK):
            with store.transaction(durable=False) as tx:
                for one in ids[start : start + CHUNK]:
                    make(tx, one)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="madoguchi-bench-") as folder, pgserver.get_server(folder) as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://")
        migrate(url)
        store = SqlStore(url, Vault("k" * 64), SystemClock())
        store.prepare()
        fill(store)
        rows = [[name, f"{size:.0f}"] for name, _, size in sizes(store, (*MAKERS, "customer_lookup"))]
        store.close()
    print(table(["table", "bytes a row"], rows))


if __name__ == "__main__":
    main()
