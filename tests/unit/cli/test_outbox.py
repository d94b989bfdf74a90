from __future__ import annotations

import pytest

from bot.services.records import OutboundMessage
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.unit.cli.conftest import Run


@pytest.fixture(autouse=True)
def a_waiting_and_a_dead_message(desk: SqlStore, clock: FixedClock) -> None:
    with desk.transaction() as tx:
        for name in ("waiting", "dead"):
            message = OutboundMessage(
                name, "okura", "email", "hanako@example.jp", "件名", "12345678", name, clock.advance(seconds=1)
            )
            tx.outbox.add(message)
        tx.outbox.mark_failed("dead", "550 no such mailbox", None)


def test_messages_are_listed_without_text_or_recipient(run: Run) -> None:
    done = run("outbox", "list", "--json")
    assert [(row["id"], row["status"], row["recipient"]) for row in done.json] == [
        ("waiting", "waiting", "h***@example.jp"),
        ("dead", "dead", "h***@example.jp"),
    ]
    assert "12345678" not in done.out
    assert "12345678" not in run("outbox", "list", "--reveal").out


def test_a_dead_message_goes_back_and_the_chain_tells(run: Run, desk: SqlStore) -> None:
    assert run("outbox", "retry", "dead").status == 0
    assert run("outbox", "list", "--status", "dead", "--json").json == []
    with desk.transaction() as tx:
        (record,) = tx.audit.records()
    assert (record.actor, record.action, record.subject) == ("operator", "outbox.retried", "outbox:dead")
    # So that the company's own log has it.
    assert record.company == "okura"


def test_what_is_not_dead_is_not_tried_again(run: Run) -> None:
    done = run("outbox", "retry", "waiting")
    assert done.status == 1
    assert "no dead message has the id 'waiting'" in done.err
