"""The chain of audit records: each holds the hash of the one before, and a keyed head knows how it ends."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from bot.services.ports.casework import AuditFilter
from bot.services.records import AuditRecord
from bot.storage.repository import Repository
from bot.storage.tables import audit_head, audit_records

ORIGIN = "0" * 64
"""What the first record has for the hash of the one before."""
HEAD = 1


class SqlAudit(Repository):
    """Implement the port of the audit chain."""

    def append(
        self,
        actor: str,
        action: str,
        subject: str,
        company: str | None,
        before: dict[str, Any],
        after: dict[str, Any],
        at: datetime,
    ) -> AuditRecord:
        """Append a link; the keyed head and count, kept apart from the chain, move with it."""
        # Locking the head puts concurrent appends in a row.
        head = self._run(select(audit_head).with_for_update()).one()
        content: dict[str, Any] = {"actor": actor, "action": action, "subject": subject, "company": company}
        content |= {
            "seq": head.count + 1,
            "at": at.astimezone(timezone.utc),
            "before": _plain(before),
            "after": _plain(after),
        }
        record = AuditRecord(**content, previous_hash=head.hash, hash=_hash(content, head.hash))
        row = {**content, "before": _canonical(before), "after": _canonical(after)}
        self._run(insert(audit_records).values(**row, previous_hash=head.hash, hash=record.hash))
        self._run(update(audit_head).values(count=record.seq, hash=record.hash, mac=self._mac(record.seq, record.hash)))
        return record

    def begin(self) -> None:
        """Set the head of a chain without records; does nothing if there is one."""
        head = {"id": HEAD, "count": 0, "hash": ORIGIN, "mac": self._mac(0, ORIGIN)}
        self._run(self._insert(audit_head).values(head).on_conflict_do_nothing(index_elements=["id"]))

    def records(self, subject: str | None = None) -> Iterator[AuditRecord]:
        """All records in order, or those of one subject."""
        query = select(audit_records).order_by(audit_records.c.seq)
        query = query if subject is None else query.where(audit_records.c.subject == subject)
        for row in self._run(query.execution_options(stream_results=True, yield_per=500)):
            yield _read(row)

    def last_seq(self) -> int:
        """The number of the last record, 0 if there is none."""
        return int(self._run(select(audit_head.c.count)).scalar() or 0)

    def after(self, seq: int, limit: int) -> list[AuditRecord]:
        """The next records after one, in order."""
        query = select(audit_records).where(audit_records.c.seq > seq).order_by(audit_records.c.seq).limit(limit)
        return [_read(row) for row in self._run(query)]

    def page(self, wanted: AuditFilter) -> list[AuditRecord]:
        """The newest records that fit a filter, the newest first."""
        table = audit_records.c
        equal = {name: getattr(wanted, name) for name in ("actor", "action", "subject")}
        fits = [table.company == wanted.company, *(table[name] == value for name, value in equal.items() if value)]
        fits += [table.at >= wanted.since] if wanted.since else []
        fits += [table.at < wanted.until] if wanted.until else []
        if wanted.before:
            at, seq = wanted.before
            fits += [table.at <= at, or_(table.at < at, table.seq < seq)]
        query = select(audit_records).where(*fits).order_by(table.at.desc(), table.seq.desc()).limit(wanted.limit)
        return [_read(row) for row in self._run(query)]

    def first_bad(self) -> str | None:
        """Check the chain, its count and its head; say in English where it is broken, or None."""
        head = self._run(select(audit_head)).first()
        if head is None or not hmac.compare_digest(head.mac, self._mac(head.count, head.hash)):
            return "the keyed head of the audit chain is missing or was changed"
        last_hash, last_seq = ORIGIN, 0
        for record in self.records():
            fault = _fault(record, last_seq, last_hash)
            if fault is not None:
                return fault
            last_hash, last_seq = record.hash, record.seq
            if last_seq == head.count and last_hash != head.hash:
                return f"audit record {last_seq} was changed, or one before it: the keyed head has another hash"
        return self._fault_at_end(last_seq, head.count)

    def _fault_at_end(self, last_seq: int, head_count: int) -> str | None:
        if last_seq < head_count:
            return f"audit record {last_seq + 1} is missing: the keyed head counts {head_count} records"
        # Others may have appended meanwhile; what the head doesn't count even now is forged.
        counted = self._run(select(func.max(audit_head.c.count))).scalar() or 0
        return f"audit record {counted + 1} was added past the keyed head" if last_seq > counted else None

    def _mac(self, count: int, last_hash: str) -> str:
        return self._digest("audit-head", str(count), last_hash)


def _read(row: Any) -> AuditRecord:
    return AuditRecord(**{**row._mapping, "before": json.loads(row.before), "after": json.loads(row.after)})


def _fault(record: AuditRecord, last_seq: int, last_hash: str) -> str | None:
    """What is wrong with a record as the next of the chain, or None."""
    if record.seq != last_seq + 1:
        return f"audit record {last_seq + 1} is missing"
    names = ("actor", "action", "subject", "company", "seq", "at", "before", "after")
    if record.hash != _hash({name: getattr(record, name) for name in names}, record.previous_hash):
        return f"audit record {record.seq} was changed: its hash doesn't match what it says"
    if record.previous_hash != last_hash:
        return f"audit record {record.seq} doesn't follow the one before it: one of the two was changed"
    return None


def _hash(content: dict[str, Any], previous_hash: str) -> str:
    moment = {"at": content["at"].isoformat(), "previous_hash": previous_hash}
    return hashlib.sha256(_canonical({**content, **moment}).encode()).hexdigest()


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


def _plain(values: dict[str, Any]) -> Any:
    """The values as they come back from the database."""
    return json.loads(_canonical(values))
