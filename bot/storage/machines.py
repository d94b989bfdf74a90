"""Other help desks that take part over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from bot.services.records import Machine
from bot.storage.repository import Repository
from bot.storage.tables import machines

_ACTIVE = machines.c.revoked_at.is_(None)
# Every call of the API runs it.
_BY_KEY = select(machines).where(machines.c.key_digest == bindparam("wanted"), _ACTIVE)


class SqlMachines(Repository):
    """Implement the port of machines."""

    def add(self, machine: Machine, key_digest: str) -> None:
        """Insert."""
        self._run(machines.insert().values(self._row(machines, machine, key_digest=key_digest)))

    def get(self, machine_id: str) -> Machine | None:
        """Find by id, revoked ones too."""
        return self._found(Machine, machines, select(machines).where(machines.c.id == machine_id))

    def by_key(self, key_digest: str) -> Machine | None:
        """Find who holds a key, unless it was revoked."""
        return self._found(Machine, machines, _BY_KEY, wanted=key_digest)

    def find(self, company: str | None = None) -> list[Machine]:
        """List, oldest first, revoked ones too."""
        query = select(machines).order_by(machines.c.created_at, machines.c.id)
        query = query if company is None else query.where(machines.c.company == company)
        return self._records(Machine, machines, self._run(query))

    def mark_used(self, machine_id: str, at: datetime) -> None:
        """Note when a key was used last."""
        self._change(machine_id, last_used_at=at)

    def revoke(self, machine_id: str, at: datetime) -> bool:
        """End a key and its webhook; False if it was ended."""
        return self._change(machine_id, revoked_at=at)

    def listening(self, company: str | None = None) -> list[Machine]:
        """Those with a webhook that aren't revoked."""
        query = select(machines).where(machines.c.webhook.isnot(None), _ACTIVE)
        query = query.order_by(machines.c.company, machines.c.id)
        query = query if company is None else query.where(machines.c.company == company)
        return self._records(Machine, machines, self._run(query))

    def lock(self, machine_id: str) -> Machine | None:
        """Find by id and keep others from changing it until the transaction ends."""
        return self._found(Machine, machines, select(machines).where(machines.c.id == machine_id).with_for_update())

    def mark_told(self, machine_id: str, seq: int) -> None:
        """Note the last audit record of which the webhook was told."""
        self._change(machine_id, told_seq=seq)

    def _change(self, machine_id: str, **values: Any) -> bool:
        theirs = (machines.c.id == machine_id, _ACTIVE)
        return bool(self._run(update(machines).where(*theirs).values(values)).rowcount)
