from __future__ import annotations

from datetime import timedelta

import pytest

from bot.storage.store import SqlStore
from tests.records import NOW, machine

LATER = NOW + timedelta(hours=1)


def test_every_field_comes_back_in_order(store: SqlStore) -> None:
    second = machine("a1", created_at=LATER, last_used_at=LATER, told_seq=7)
    first, other = machine("a2", webhook=None, webhook_secret=None), machine("a3", company="kagoshima")
    with store.transaction() as tx:
        for number, one in enumerate((second, first, other)):
            tx.machines.add(one, f"digest {number}")
        assert tx.machines.find("okura") == [first, second]
        assert tx.machines.find() == [first, other, second]
        assert tx.machines.get("a1") == tx.machines.lock("a1") == second
        assert tx.machines.get("nobody") is None


def test_a_key_finds_its_holder_until_it_is_revoked(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.machines.add(machine(), "one")
        assert tx.machines.by_key("one") == machine()
        assert tx.machines.by_key("two") is None
        assert tx.machines.revoke("a1", LATER)
        assert not tx.machines.revoke("a1", LATER)
        assert tx.machines.by_key("one") is None
        assert tx.machines.find() == [machine(revoked_at=LATER)]


def test_no_two_have_the_same_key(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.machines.add(machine("a1"), "one")
    with pytest.raises(Exception, match=r"(?i)unique"), store.transaction() as tx:
        tx.machines.add(machine("a2"), "one")


def test_who_listens_has_a_webhook_and_is_not_revoked(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.machines.add(machine("a1"), "1")
        tx.machines.add(machine("a2", webhook=None), "2")
        tx.machines.add(machine("a3", company="kagoshima"), "3")
        tx.machines.add(machine("a4"), "4")
        tx.machines.revoke("a4", LATER)
        assert [one.id for one in tx.machines.listening()] == ["a3", "a1"]
        assert [one.id for one in tx.machines.listening("okura")] == ["a1"]


def test_use_and_what_was_told_are_noted(store: SqlStore) -> None:
    with store.transaction() as tx:
        tx.machines.add(machine(), "1")
        tx.machines.mark_used("a1", LATER)
        tx.machines.mark_told("a1", 12)
        assert tx.machines.get("a1") == machine(last_used_at=LATER, told_seq=12)


def test_the_audit_chain_is_read_on_from_a_record(store: SqlStore) -> None:
    with store.transaction() as tx:
        assert tx.audit.last_seq() == 0
        for number in range(4):
            tx.audit.append("desk", f"step.{number}", "request:r1", "okura", {}, {"n": number}, NOW)
        assert tx.audit.last_seq() == 4
        assert [record.action for record in tx.audit.after(1, 2)] == ["step.1", "step.2"]
        assert tx.audit.after(4, 2) == []
        assert tx.audit.after(0, 9) == list(tx.audit.records())
