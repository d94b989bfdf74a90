"""Questions without an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.services.records import UnansweredQuestion
from bot.storage.repository import Repository
from bot.storage.stores import of_stores
from bot.storage.tables import unanswered_questions as table


class SqlUnanswered(Repository):
    """Implement the port of unanswered questions."""

    def add(self, question: UnansweredQuestion) -> bool:
        """Insert unless it is there; tell whether it was inserted."""
        statement = self._insert(table).values(self._row(table, question))
        return bool(self._run(statement.on_conflict_do_nothing(index_elements=["id"])).rowcount)

    def find(self, company: str | None = None) -> list[UnansweredQuestion]:
        """List, oldest first."""
        query = select(table).order_by(table.c.asked_at, table.c.id)
        query = query if company is None else query.where(table.c.company == company)
        return self._records(UnansweredQuestion, table, self._run(query))

    def latest(
        self, company: str, limit: int, before: datetime | None = None, stores: Sequence[str] | None = None
    ) -> list[UnansweredQuestion]:
        """A company's questions asked before, the newest first; of `stores` an empty one stands for none."""
        query = select(table).where(table.c.company == company).order_by(table.c.asked_at.desc(), table.c.id.desc())
        query = query if before is None else query.where(table.c.asked_at < before)
        query = query.where(*of_stores(table.c.store, stores))
        return self._records(UnansweredQuestion, table, self._run(query.limit(limit)))

    def delete_older(self, before: datetime) -> int:
        """Delete; return how many."""
        return int(self._run(delete(table).where(table.c.asked_at < before)).rowcount)
