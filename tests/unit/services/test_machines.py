from __future__ import annotations

import pytest

from bot.errors import NotFound
from bot.services.machines import BadMachine, KeyRefused, MachineRegister, Scope, machine_of
from bot.services.webhook_targets import WebhookRefused, WebhookRules
from bot.storage.store import SqlStore
from tests.conftest import FixedClock
from tests.records import outbound

HOOK = "https://help.example/hook"


@pytest.fixture
def register(sqlite_store: SqlStore, clock: FixedClock) -> MachineRegister:
    return MachineRegister(sqlite_store, sqlite_store.vault, clock, WebhookRules(strict=True))


def test_a_key_admits_its_machine_and_is_kept_nowhere(register: MachineRegister, sqlite_store: SqlStore) -> None:
    made = register.add("  ヘルプ\u3000デスク ", "okura", Scope.WORK, None, "operator")
    assert made.key.startswith("mdg_")
    assert len(made.key) > 40
    assert register.admit(made.key).id == made.machine.id
    assert made.machine.name == "ヘルプ デスク"
    assert made.key not in repr(made)
    with sqlite_store.session() as session:
        rows = session.connection.exec_driver_sql("SELECT * FROM machines").all()
        rows += session.connection.exec_driver_sql("SELECT * FROM audit_records").all()
    assert made.key not in str(rows)


@pytest.mark.parametrize("key", ["", "mdg_", "mdg_" + "A" * 43, "\x00", "\ud800"])
def test_any_other_key_is_refused(register: MachineRegister, key: str) -> None:
    register.add("a", "okura", Scope.READ, None, "operator")
    with pytest.raises(KeyRefused):
        register.admit(key)


def test_use_is_noted_once_a_minute(register: MachineRegister, clock: FixedClock) -> None:
    key = register.add("a", "okura", Scope.READ, None, "operator").key
    register.admit(key)
    first = clock.now()
    assert register.find()[0].last_used_at == first
    clock.advance(seconds=59)
    register.admit(key)
    assert register.find()[0].last_used_at == first
    register.admit(key)
    clock.advance(seconds=1)
    register.admit(key)
    assert register.find()[0].last_used_at == clock.now()


def test_a_webhook_has_a_secret_of_its_own(register: MachineRegister) -> None:
    first, second = (register.add("a", "okura", Scope.READ, HOOK, "operator").machine for _ in range(2))
    assert first.webhook == HOOK
    assert first.webhook_secret
    assert first.webhook_secret.startswith("whsec_")
    assert first.webhook_secret != second.webhook_secret
    assert first.webhook_secret not in repr(first)
    with pytest.raises(WebhookRefused):
        register.add("a", "okura", Scope.READ, "https://127.0.0.1/hook", "operator")


@pytest.mark.parametrize("name", ["", " \u3000", "a" * 81, "a\x00b"])
def test_a_machine_needs_a_name_to_be_known_by(register: MachineRegister, name: str) -> None:
    with pytest.raises(BadMachine):
        register.add(name, "okura", Scope.READ, None, "operator")
    assert register.find() == []


def test_a_revoked_key_opens_nothing_and_its_news_stay_here(register: MachineRegister, sqlite_store: SqlStore) -> None:
    made = register.add("a", "okura", Scope.READ, HOOK, "operator")
    with sqlite_store.transaction() as tx:
        tx.outbox.add(outbound(kind="webhook", recipient=made.machine.id))
    register.revoke(made.machine.id, "okura", "staff:satoh")
    with pytest.raises(KeyRefused):
        register.admit(made.key)
    with sqlite_store.transaction(read_only=True) as tx:
        assert tx.outbox.find() == []
        assert [(record.actor, record.action) for record in tx.audit.records()] == [
            ("operator", "machine.added"),
            ("staff:satoh", "machine.revoked"),
        ]
    with pytest.raises(NotFound):
        register.revoke(made.machine.id, "okura", "staff:satoh")


def test_another_companys_machine_is_not_there_to_revoke(register: MachineRegister) -> None:
    made = register.add("a", "okura", Scope.READ, None, "operator")
    with pytest.raises(NotFound):
        register.revoke(made.machine.id, "kagoshima", "staff:satoh")
    assert register.admit(made.key)


def test_a_machine_is_looked_up_as_it_is_now(register: MachineRegister, sqlite_store: SqlStore) -> None:
    look_up, made = machine_of(sqlite_store), register.add("a", "okura", Scope.READ, None, "operator")
    assert look_up("nobody") is None
    register.revoke(made.machine.id, None, "operator")
    found = look_up(made.machine.id)
    assert found
    assert found.revoked_at
