"""How a company's desk stands, counted by the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select, text

from bot.services.ports.statistics import Running
from bot.storage.repository import Repository
from bot.storage.stores import of_stores
from bot.storage.tables import handoffs, messages, requests
from bot.storage.tables.requests import RUNNING


class SqlFigures(Repository):
    """Implement the port of figures."""

    def running(self, company: str, today: date, soon: date, stores: Sequence[str] | None = None) -> Running:
        """Count the requests that haven't ended; due soon is from `today` to `soon`."""
        due = requests.c.due_date
        counts = (
            func.count(),
            func.count().filter(due.between(today, soon)),
            func.count().filter(due < today),
        )
        theirs = (requests.c.company == company, text(RUNNING), *of_stores(requests.c.store, stores))
        return Running(*self._run(select(*counts).select_from(requests).where(*theirs)).one())

    def waiting(self, company: str, stores: Sequence[str] | None = None) -> int:
        """Count the cases that nobody has claimed."""
        theirs = (handoffs.c.company == company, handoffs.c.status == "waiting", *of_stores(handoffs.c.store, stores))
        return int(self._run(select(func.count()).select_from(handoffs).where(*theirs)).scalar() or 0)

    def outcomes(
        self, company: str, since: datetime, until: datetime, stores: Sequence[str] | None = None
    ) -> dict[tuple[str, str], int]:
        """Count the requests recorded in a time, by type and status."""
        kind = (requests.c.type, requests.c.status)
        within = (requests.c.company == company, requests.c.created_at >= since, requests.c.created_at < until)
        query = select(*kind, func.count()).where(*within, *of_stores(requests.c.store, stores)).group_by(*kind)
        return {(type_id, status.value): int(number) for type_id, status, number in self._run(query)}

    def first_answers(
        self, company: str, since: datetime, until: datetime, limit: int, stores: Sequence[str] | None = None
    ) -> list[float]:
        """Seconds from each case's opening to staff's first answer, of the newest `limit` cases that have one."""
        opened = handoffs.c.waiting_since
        while_open = or_(handoffs.c.closed_at.is_(None), messages.c.created_at <= handoffs.c.closed_at)
        said = and_(
            messages.c.conversation == handoffs.c.conversation,
            messages.c.author == "staff",
            messages.c.created_at >= opened,
            while_open,
        )
        first = select(func.min(messages.c.created_at)).where(said).scalar_subquery()
        within = (handoffs.c.company == company, opened >= since, opened < until)
        query = select(opened, first).where(*within, *of_stores(handoffs.c.store, stores))
        rows = self._run(query.order_by(opened.desc()).limit(limit))
        return [(answered - asked).total_seconds() for asked, answered in rows if answered is not None]
