"""What a webhook is told: that something happened to a case, a request or a conversation, by ids alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import datetime

from bot.services.machines import KIND
from bot.services.ports import Clock, Store, Transaction
from bot.services.records import AuditRecord, Conversation, Machine, Message, OutboundMessage

BATCH = 200
"""Audit records a transaction."""

_TOLD = ("opened", "claimed", "released", "closed")


class MachineEvents:
    """Passes on what the audit chain records: whatever changes a case or a request is told, whoever did it.

    The chain has one order and no gaps: a webhook's place in it is one number, and a crash loses and doubles nothing.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def relay(self) -> int:
        """Put what happened since the last time into the outbox; return how many messages."""
        with self._store.transaction(read_only=True) as tx:
            last = tx.audit.last_seq()
            behind = [machine.id for machine in tx.machines.listening() if machine.told_seq < last]
        return sum(self._tell(machine) for machine in behind)

    def _tell(self, machine_id: str) -> int:
        with self._store.transaction() as tx:
            machine = tx.machines.lock(machine_id)
            if machine is None or machine.revoked_at is not None:
                return 0
            records = tx.audit.after(machine.told_seq, BATCH)
            if records:
                tx.machines.mark_told(machine.id, records[-1].seq)
            return sum(self._enqueue(tx, machine, record) for record in records if record.company == machine.company)

    def _enqueue(self, tx: Transaction, machine: Machine, record: AuditRecord) -> bool:
        event, (noun, _, about) = event_of(record.action), record.subject.partition(":")
        if event is None:
            return False
        told = {"event": event, "at": _moment(record.at), "actor": record.actor, noun: about}
        return tx.outbox.add(_outbound(machine, told, str(record.seq), self._clock.now()))


def tell_of_message(tx: Transaction, thread: Conversation, message: Message) -> None:
    """Tell the company's webhooks of a message that staff are to answer, in the transaction that stores it."""
    for machine in tx.machines.listening(thread.company):
        case = tx.handoffs.open_for(thread.id)
        told = {
            "event": "message.received",
            "at": _moment(message.created_at),
            "actor": "customer",
            "handoff": case.id if case else None,
            "conversation": thread.id,
            "message": message.seq,
        }
        tx.outbox.add(_outbound(machine, told, message.id, message.created_at))


def event_of(action: str) -> str | None:
    """Name the event of an audited action, or None if webhooks aren't told of it."""
    noun, _, verb = action.partition(".")
    if noun == "handoff":
        return f"handoff.{verb if verb in _TOLD else 'changed'}"
    if noun == "request":
        return "request.opened" if verb == "opened" else "request.changed"
    return None


def _outbound(machine: Machine, told: Mapping[str, object], cause: str, now: datetime) -> OutboundMessage:
    key = f"webhook:{machine.id}:{cause}"
    # The same cause has the same id at every try: that is how the other side knows a repeat.
    delivery = uuid.uuid5(uuid.NAMESPACE_OID, key).hex
    body = json.dumps({"id": delivery, "company": machine.company, **told})
    return OutboundMessage(delivery, machine.company, KIND, machine.id, str(told["event"]), body, key, now)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
