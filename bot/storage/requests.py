"""Data subject requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal, or_, select, text, tuple_, update

from bot.privacy.statuses import ENDED
from bot.services.ports import RequestFilter, RequestList
from bot.services.records import DataSubjectRequest
from bot.storage.desk_work import SqlRequestLookup
from bot.storage.repository import Repository
from bot.storage.tables import request_lookup, requests
from bot.storage.tables.requests import ERASED, RUNNING


class SqlRequests(Repository):
    """Implement the port of data subject requests."""

    def add(self, request: DataSubjectRequest) -> DataSubjectRequest:
        """Insert; if its idempotency key is there already, return the one that has it."""
        statement = self._insert(requests).values(self._row(requests, request))
        added = self._run(statement.on_conflict_do_nothing(index_elements=["idempotency_key"])).rowcount
        if added:
            SqlRequestLookup(self._session).put(request)
            return request
        query = select(requests).where(requests.c.idempotency_key == request.idempotency_key)
        return self._record(DataSubjectRequest, requests, self._run(query).one())

    def get(self, request_id: str) -> DataSubjectRequest | None:
        """Find by id."""
        return self._found(DataSubjectRequest, requests, select(requests).where(requests.c.id == request_id))

    def by_receipt(self, receipt: str) -> DataSubjectRequest | None:
        """Find by receipt number."""
        return self._found(DataSubjectRequest, requests, select(requests).where(requests.c.receipt == receipt))

    def receipts(self, request_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
        """The receipt number and the store of requests by their ids, as far as they are kept."""
        query = select(requests.c.id, requests.c.receipt, requests.c.store)
        rows = self._run(query.where(requests.c.id.in_(set(request_ids))))
        return {row.id: (row.receipt, row.store) for row in rows}

    def save(self, request: DataSubjectRequest) -> bool:
        """Update if the stored version is still `request.version`, raising it by one; else False."""
        values = self._row(requests, request)
        del values["id"]
        unchanged = (requests.c.id == request.id, requests.c.version == request.version)
        statement = update(requests).where(*unchanged).values({**values, "version": request.version + 1})
        return bool(self._run(statement).rowcount)

    def find(self, wanted: RequestFilter) -> list[DataSubjectRequest]:
        """List, oldest first; those that ended, in the order of their end."""
        equal = {name: getattr(wanted, name) for name in ("company", "status", "customer", "conversation")}
        query = select(requests).where(*(requests.c[name] == value for name, value in equal.items() if value))
        order = requests.c.created_at
        if wanted.ended_before is not None:
            query = query.where(requests.c.status.in_(ENDED), requests.c.decided_at < wanted.ended_before)
            order = requests.c.decided_at
        if wanted.after is not None:
            at, last = wanted.after
            query = query.where(tuple_(order, requests.c.id) > tuple_(literal(at, order.type), last))
        query = query.order_by(order, requests.c.id).limit(wanted.limit)
        return self._records(DataSubjectRequest, requests, self._run(query))

    def erased(self, before: datetime, limit: int) -> list[DataSubjectRequest]:
        """Erasures granted before, whose conversation is still there."""
        query = select(requests).where(text(ERASED), requests.c.decided_at < before)
        return self._records(
            DataSubjectRequest, requests, self._run(query.order_by(requests.c.decided_at).limit(limit))
        )

    def page(self, wanted: RequestList) -> list[DataSubjectRequest]:
        """List for staff, bounded and by an index whatever the filter."""
        place = requests.c.due_date if wanted.running else requests.c.created_at
        order, last = tuple_(place, requests.c.id), wanted.after
        query = select(requests).where(*_conditions(wanted))
        if last is not None and wanted.running:
            query = query.where(order > tuple_(literal(last.due_date, place.type), last.id))
        elif last is not None:
            query = query.where(order < tuple_(literal(last.created_at, place.type), last.id))
        ordered = (place, requests.c.id) if wanted.running else (place.desc(), requests.c.id.desc())
        return self._records(DataSubjectRequest, requests, self._run(query.order_by(*ordered).limit(wanted.limit)))

    def empty(self, request: DataSubjectRequest) -> None:
        """Store what is left of an ended request whose contents are erased, also from a backup restored later."""
        values = self._row(requests, request)
        self._run(update(requests).where(requests.c.id == request.id).values(values))
        self._run(delete(request_lookup).where(request_lookup.c.request == request.id))
        # Replayed over an older backup, this deletes the request: better than to have its contents again.
        self._note_erasure(requests, request.id)

    def delete(self, request_id: str) -> None:
        """Delete for good (retention)."""
        self._run(delete(requests).where(requests.c.id == request_id))
        self._note_erasure(requests, request_id)


def _conditions(wanted: RequestList) -> Iterator[Any]:
    for name in ("company", "status", "type", "store", "assigned_to", "channel"):
        if value := getattr(wanted, name):
            yield requests.c[name] == value
    if wanted.scope:
        yield or_(requests.c.store == wanted.scope, requests.c.store.is_(None))
    if wanted.running:
        yield text(RUNNING)
    if wanted.due_before:
        yield requests.c.due_date < wanted.due_before
    if wanted.due_from:
        yield requests.c.due_date >= wanted.due_from
