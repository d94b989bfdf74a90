"""The audit chain as staff read it: who did what to which record, in words."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.privacy.due_dates import JST
from bot.services.actors import OPERATOR, actor_words, staff_actor, staff_in
from bot.services.phrases import Phrasebook
from bot.services.ports import Store, Transaction
from bot.services.ports.casework import AuditFilter
from bot.services.receipts import read_receipt
from bot.services.records import AuditRecord
from bot.services.request_history import staff_names
from bot.services.spreadsheet import write_rows

_REQUEST = "request:"
_BATCH = 500
_UNKNOWN = "history_other"
COLUMNS = ("seq", "at", "who", "what", "subject", "changes", "hash")


@dataclass(frozen=True)
class AuditLine:
    """One record in words; `receipt` where it is about a request that is still kept."""

    seq: int
    at: datetime
    who: str
    what: str
    subject: str
    receipt: str
    changes: Sequence[str]
    hash: str


@dataclass(frozen=True)
class AuditPage:
    """Lines, and where the next page begins if there is more."""

    lines: Sequence[AuditLine]
    more: tuple[datetime, int] | None


class AuditLog:
    """Looks through one company's records."""

    def __init__(self, store: Store, phrases: Phrasebook) -> None:
        self._store = store
        self._phrases = phrases

    def page(self, wanted: AuditFilter, store: str | None = None) -> AuditPage:
        """Give the newest records that fit; whoever works for a store sees no other store's requests in them."""
        with self._store.transaction(read_only=True) as tx:
            records = tx.audit.page(replace(wanted, limit=wanted.limit + 1))
            more = (records[-2].at, records[-2].seq) if len(records) > wanted.limit else None
            return AuditPage(self._lines(tx, records[: wanted.limit], store), more)

    def about(self, wanted: AuditFilter, receipt: str) -> AuditFilter:
        """Narrow a filter to a request by its receipt number; to nothing if the company has no such request."""
        with self._store.transaction(read_only=True) as tx:
            request = tx.requests.by_receipt(read_receipt(receipt) or "")
        ours = request is not None and request.company == wanted.company
        return replace(wanted, subject=f"{_REQUEST}{request.id if request and ours else ''}")

    def actors(self, company: str) -> list[tuple[str, str]]:
        """Who may have done something: pairs of the chain's word and the name."""
        with self._store.transaction(read_only=True) as tx:
            staff = [(staff_actor(member.id), member.name) for member, _ in tx.staff.members(company)]
        return [*staff, *((name, self._phrases.text(f"actor_{name}")) for name in ("customer", "desk", OPERATOR))]

    def actions(self) -> list[tuple[str, str]]:
        """What may have been done: pairs of the chain's word and ours."""
        names = sorted(name for name in self._phrases.names() if name.startswith("history_") and name != _UNKNOWN)
        return [(name.removeprefix("history_").replace("_", ".", 1), self._phrases.text(name)) for name in names]

    def check(self) -> str | None:
        """Check the whole chain; say in English where it is broken, or None."""
        with self._store.transaction(read_only=True) as tx:
            return tx.audit.first_bad()

    def spreadsheet(self, wanted: AuditFilter, store: str | None = None) -> Iterator[str]:
        """Write all records that fit as CSV, piece by piece; the first character tells Excel that it is UTF-8."""
        yield "\ufeff" + _csv([[self._phrases.text(f"audit_{name}") for name in COLUMNS]])
        page = self.page(replace(wanted, limit=_BATCH), store)
        yield _csv([_cells(line) for line in page.lines])
        while page.more:
            page = self.page(replace(wanted, limit=_BATCH, before=page.more), store)
            yield _csv([_cells(line) for line in page.lines])

    def _lines(self, tx: Transaction, records: Sequence[AuditRecord], store: str | None) -> list[AuditLine]:
        people = [staff_in(part) for one in records for part in (one.actor, one.subject)]
        names = staff_names(tx, people)
        asked = [one.subject.removeprefix(_REQUEST) for one in records if one.subject.startswith(_REQUEST)]
        known = tx.requests.receipts(asked)
        receipts = {f"{_REQUEST}{request}": receipt for request, (receipt, _) in known.items()}
        others = {f"{_REQUEST}{request}" for request, (_, its) in known.items() if store and its not in (None, store)}
        return [self._line(record, names, receipts) for record in records if record.subject not in others]

    def _line(self, record: AuditRecord, names: Mapping[str, str], receipts: Mapping[str, str]) -> AuditLine:
        return AuditLine(
            record.seq,
            record.at,
            actor_words(self._phrases, record.actor, names),
            self._what(record.action),
            self._subject(record.subject, names),
            receipts.get(record.subject, ""),
            self._changes(record.before, record.after),
            record.hash,
        )

    def _what(self, action: str) -> str:
        return self._known(f"history_{action.replace('.', '_')}", action)

    def _subject(self, subject: str, names: Mapping[str, str]) -> str:
        if staff_in(subject):
            return actor_words(self._phrases, subject, names)
        kind = subject.partition(":")[0]
        return self._known(f"subject_{kind}", kind)

    def _changes(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
        changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        return [
            self._phrases.text(
                "audit_change",
                field=self._known(f"change_{name}", name),
                before=self._value(before.get(name)),
                after=self._value(after.get(name)),
            )
            for name in changed
        ]

    def _value(self, value: Any) -> str:
        if value is None or value == "":
            return self._phrases.text("audit_nothing")
        if isinstance(value, bool):
            return self._phrases.text("audit_yes" if value else "audit_no")
        if isinstance(value, Mapping):
            return " ".join(f"{self._known(f'weekday_{name}', name)}{self._value(one)}" for name, one in value.items())
        return self._known(f"standing_{value}", self._known(f"role_{value}", str(value)))

    def _known(self, name: str, otherwise: str) -> str:
        return self._phrases.text(name) if name in self._phrases.names() else otherwise


def _cells(line: AuditLine) -> list[str]:
    at = line.at.astimezone(JST).isoformat(timespec="seconds")
    subject = f"{line.subject} {line.receipt}".strip()
    return [str(line.seq), at, line.who, line.what, subject, " / ".join(line.changes), line.hash]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    target = io.StringIO()
    write_rows(target, rows)
    return target.getvalue()
