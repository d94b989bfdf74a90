"""The audit chain as staff read it: who did what to which record, in words."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.privacy.due_dates import JST
from bot.services.actors import OPERATOR, actor_words, staff_actor
from bot.services.audit_words import AuditWords, people_in
from bot.services.phrases import Phrasebook
from bot.services.ports import Store, Transaction
from bot.services.ports.casework import AuditFilter
from bot.services.receipts import read_receipt
from bot.services.records import AuditRecord
from bot.services.request_history import staff_names
from bot.services.spreadsheet import write_rows

_REQUEST, _CASE, _THREAD = "request:", "handoff:", "conversation:"
_Places = dict[str, tuple[str, str | None]]
_NOWHERE = ("", None)
_BATCH = 500
_UNKNOWN = "history_other"
COLUMNS = ("seq", "at", "who", "what", "subject", "changes", "hash")


@dataclass(frozen=True)
class AuditLine:
    """One record in words; `receipt` where it is about a request that is still kept, `conversation` likewise."""

    seq: int
    at: datetime
    who: str
    what: str
    subject: str
    receipt: str
    conversation: str
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
        self._words = AuditWords(phrases)

    def page(self, wanted: AuditFilter, store: str | None = None) -> AuditPage:
        """Give the newest records that fit; whoever works for a store sees none of another store's matters in them."""
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
        names = staff_names(tx, [one for record in records for one in people_in(record)])
        receipts, threads = _receipts(tx, records), _threads(tx, records)
        elsewhere = {one for one, (_, its) in (receipts | threads).items() if store and its not in (None, store)}
        return [
            self._line(one, names, receipts.get(one.subject, _NOWHERE)[0], threads.get(one.subject, _NOWHERE)[0])
            for one in records
            if one.subject not in elsewhere
        ]

    def _line(self, record: AuditRecord, names: Mapping[str, str], receipt: str, conversation: str) -> AuditLine:
        return AuditLine(
            record.seq,
            record.at,
            actor_words(self._phrases, record.actor, names),
            self._words.action(record.action),
            self._words.subject(record.subject, names),
            receipt,
            conversation,
            self._words.changes(record, names),
            record.hash,
        )


def _receipts(tx: Transaction, records: Sequence[AuditRecord]) -> _Places:
    """The receipt numbers and stores of requests, by the subjects of records."""
    return {f"{_REQUEST}{one}": place for one, place in tx.requests.receipts(_ids(records, _REQUEST)).items()}


def _threads(tx: Transaction, records: Sequence[AuditRecord]) -> _Places:
    """The conversations and stores of cases and conversations, by the subjects of records."""
    threads = (tx.conversations.get(one) for one in sorted(set(_ids(records, _THREAD))))
    found: _Places = {f"{_THREAD}{one.id}": (one.id, one.store) for one in threads if one is not None}
    return found | {f"{_CASE}{one}": place for one, place in tx.handoffs.places(_ids(records, _CASE)).items()}


def _ids(records: Sequence[AuditRecord], kind: str) -> list[str]:
    return [one.subject.removeprefix(kind) for one in records if one.subject.startswith(kind)]


def _cells(line: AuditLine) -> list[str]:
    at = line.at.astimezone(JST).isoformat(timespec="seconds")
    subject = f"{line.subject} {line.receipt}".strip()
    return [str(line.seq), at, line.who, line.what, subject, " / ".join(line.changes), line.hash]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    target = io.StringIO()
    write_rows(target, rows)
    return target.getvalue()
