"""How often what happened, by day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, func, select, text

from bot.services.ports.statistics import Counted
from bot.storage.repository import Repository
from bot.storage.tables import daily_counts as table

# In words of our own, which both databases know: SQLAlchemy makes its INSERT … ON CONFLICT anew at every message.
_ADD = text(
    "INSERT INTO daily_counts (company, kind, day, name, store, count)"
    " VALUES (:company, :kind, :day, :name, :store, :count)"
    " ON CONFLICT (company, kind, day, name, store) DO UPDATE SET count = daily_counts.count + excluded.count"
).bindparams(bindparam("day", type_=table.c.day.type))


class SqlStatistics(Repository):
    """Implement the port of statistics."""

    def count(self, company: str, store: str | None, day: date, things: Sequence[Counted]) -> None:
        """Add one for each thing, in the caller's transaction."""
        if not things:
            return
        # In one order everywhere, so that two transactions never wait for each other.
        counted = sorted(Counter(things).items(), key=lambda item: (item[0].kind, item[0].name))
        rows = [
            {"company": company, "store": store or "", "day": day, "kind": thing.kind, "name": thing.name, "count": n}
            for thing, n in counted
        ]
        self._run(_ADD, rows)

    def by_day(
        self, company: str, kind: str, first: date, last: date, stores: Sequence[str] | None = None
    ) -> dict[tuple[date, str], int]:
        """How often each name of a kind was counted on each day of a period; `stores` None means all of them."""
        within = [table.c.company == company, table.c.kind == kind, table.c.day.between(first, last)]
        within += [] if stores is None else [table.c.store.in_(stores)]
        query = select(table.c.day, table.c.name, func.sum(table.c.count)).where(*within)
        # All at once: row by row costs a busy desk's year a third more.
        rows = self._run(query.group_by(table.c.day, table.c.name)).all()
        return {(day, name): int(n) for day, name, n in rows}
