"""Data subject requests."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from bot.privacy.statuses import ENDED
from bot.services.ports import RequestFilter
from bot.services.records import DataSubjectRequest
from bot.storage.repository import Repository
from bot.storage.tables import requests


class SqlRequests(Repository):
    """Implement the port of data subject requests."""

    def add(self, request: DataSubjectRequest) -> DataSubjectRequest:
        """Insert; if its idempotency key is there already, return the one that has it."""
        statement = self._insert(requests).values(self._row(requests, request))
        added = self._run(statement.on_conflict_do_nothing(index_elements=["idempotency_key"])).rowcount
        if added:
            return request
        query = select(requests).where(requests.c.idempotency_key == request.idempotency_key)
        return self._record(DataSubjectRequest, requests, self._run(query).one())

    def get(self, request_id: str) -> DataSubjectRequest | None:
        """Find by id."""
        return self._found(DataSubjectRequest, requests, select(requests).where(requests.c.id == request_id))

    def by_receipt(self, receipt: str) -> DataSubjectRequest | None:
        """Find by receipt number."""
        return self._found(DataSubjectRequest, requests, select(requests).where(requests.c.receipt == receipt))

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
        query = query.order_by(order, requests.c.id).limit(wanted.limit)
        return self._records(DataSubjectRequest, requests, self._run(query))

    def delete(self, request_id: str) -> None:
        """Delete for good (retention)."""
        self._run(delete(requests).where(requests.c.id == request_id))
        self._note_erasure(requests, request_id)
