"""Which other help desks take part: their keys, what they may do, and where they want to be told."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from bot.errors import MadoguchiError, NotFound
from bot.services.ports import Clock, Keys, Store
from bot.services.records import Machine
from bot.services.webhook_targets import WebhookRules

KIND = "webhook"
"""The kind of a webhook's messages in the outbox."""

_KEY_BYTES = 32
_USED_EVERY = timedelta(minutes=1)
"""Noting every single use would cost a write a call."""
_LONGEST_NAME = 80


class Scope(str, Enum):
    """What a key allows: to look, or to answer customers too."""

    READ = "read"
    WORK = "work"


class KeyRefused(MadoguchiError):
    """The key is missing, none of ours, or revoked."""


class ScopeRefused(MadoguchiError):
    """The key allows to look, not to act."""


class BadMachine(MadoguchiError):
    """A machine can't be registered like that; the text says what is missing."""

    phrase = "machine_name_wrong"


@dataclass(frozen=True)
class NewMachine:
    """A machine with its key, which nobody can show again."""

    machine: Machine
    key: str = field(repr=False)


class MachineRegister:
    """Adds, lists, revokes and admits machines; each change appends an audit record."""

    def __init__(self, store: Store, keys: Keys, clock: Clock, rules: WebhookRules) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._rules = rules

    def add(self, name: str, company: str, scope: Scope, webhook: str | None, actor: str) -> NewMachine:
        """Register a machine; raise BadMachine, or WebhookRefused for an address that must not be called."""
        plain = " ".join(name.split())
        if not plain or len(plain) > _LONGEST_NAME or not plain.isprintable():
            raise BadMachine(f"a machine needs a name of up to {_LONGEST_NAME} characters")
        if webhook:
            self._rules.check(webhook)
        key, now = f"mdg_{secrets.token_urlsafe(_KEY_BYTES)}", self._clock.now()
        secret = f"whsec_{secrets.token_urlsafe(_KEY_BYTES)}" if webhook else None
        with self._store.transaction() as tx:
            machine = Machine(
                uuid.uuid4().hex, company, plain, scope.value, now, webhook or None, secret, tx.audit.last_seq()
            )
            tx.machines.add(machine, self._digest(key))
            made = {"scope": scope.value, "webhook": bool(webhook)}
            tx.audit.append(actor, "machine.added", f"machine:{machine.id}", company, {}, made, now)
        return NewMachine(machine, key)

    def find(self, company: str | None = None) -> list[Machine]:
        """List machines, oldest first, revoked ones too."""
        with self._store.transaction(read_only=True) as tx:
            return tx.machines.find(company)

    def revoke(self, machine_id: str, company: str | None, actor: str) -> None:
        """End a key at once, with what is on its way to its webhook; raise NotFound if it isn't there any more."""
        now = self._clock.now()
        with self._store.transaction() as tx:
            machine = tx.machines.get(machine_id)
            if machine is None or company not in (None, machine.company) or not tx.machines.revoke(machine_id, now):
                raise NotFound(f"no machine in use has the id {machine_id!r}; see `madoguchi machines list`")
            tx.outbox.withdraw(machine.company, KIND, machine_id)
            tx.audit.append(actor, "machine.revoked", f"machine:{machine_id}", machine.company, {}, {}, now)

    def admit(self, key: str) -> Machine:
        """Find who holds a key and note its use; raise KeyRefused."""
        with self._store.transaction(read_only=True) as tx:
            machine = tx.machines.by_key(self._digest(key))
        if machine is None:
            raise KeyRefused("the key is none of ours, or was revoked")
        now = self._clock.now()
        if machine.last_used_at is None or now - machine.last_used_at >= _USED_EVERY:
            with self._store.transaction(durable=False) as tx:
                tx.machines.mark_used(machine.id, now)
        return machine

    def _digest(self, key: str) -> str:
        # Keyed and not slowed down: a key of 256 random bits can't be guessed from its hash.
        return self._keys.digest("machine key", key)


def machine_of(store: Store) -> Callable[[str], Machine | None]:
    """Give the look-up of a machine as it is now."""

    def look_up(machine_id: str) -> Machine | None:
        with store.transaction(read_only=True) as tx:
            return tx.machines.get(machine_id)

    return look_up
