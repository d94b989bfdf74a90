"""The queue of a company as staff see it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, text

from bot.services.ports.queue import QueueCounts, QueuedCase
from bot.services.records import Handoff
from bot.storage.repository import Repository
from bot.storage.tables import audit_head, conversations, handoffs, messages, requests
from bot.storage.tables.casework import UNCLOSED
from bot.storage.tables.requests import RUNNING


class SqlQueue(Repository):
    """Implement the port of the queue."""

    def cases(self, company: str, scope: str | None, limit: int) -> list[QueuedCase]:
        """Open cases by priority and waiting time."""
        said = messages.alias()
        last = (
            select(said.c.seq)
            .where(said.c.conversation == handoffs.c.conversation)
            .order_by(said.c.seq.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = (
            select(
                handoffs,
                conversations.c.channel,
                conversations.c.last_topics,
                messages.c.author,
                messages.c.created_at.label("last_at"),
            )
            .join(conversations, conversations.c.id == handoffs.c.conversation)
            .outerjoin(messages, (messages.c.conversation == handoffs.c.conversation) & (messages.c.seq == last))
            .where(handoffs.c.company == company, text(UNCLOSED), *_within(handoffs, scope))
            .order_by(handoffs.c.priority, handoffs.c.waiting_since, handoffs.c.id)
            .limit(limit)
        )
        rows = self._run(query).all()
        return [
            QueuedCase(self._record(Handoff, handoffs, row), row.channel, row.author, row.last_at, row.last_topics)
            for row in rows
        ]

    def counts(self, company: str, scope: str | None, today: date) -> QueueCounts:
        """Count what isn't ended; `late` are requests due before `today`."""
        open_cases = select(handoffs.c.status, func.count()).where(
            handoffs.c.company == company, text(UNCLOSED), *_within(handoffs, scope)
        )
        cases = dict(self._run(open_cases.group_by(handoffs.c.status)).all())
        running = (requests.c.company == company, text(RUNNING), *_within(requests, scope))
        count = select(func.count()).select_from(requests).where(*running)
        return QueueCounts(
            cases.get("waiting", 0),
            cases.get("claimed", 0),
            self._run(count).scalar(),
            self._run(count.where(requests.c.due_date < today)).scalar(),
        )

    def waiting(self, company: str, scope: str | None) -> int:
        """Count the cases that nobody has taken."""
        theirs = (handoffs.c.company == company, handoffs.c.status == "waiting", *_within(handoffs, scope))
        return int(self._run(select(func.count()).select_from(handoffs).where(*theirs)).scalar())

    def pulse(self, company: str) -> str:
        """A text that changes whenever something in the company's queue may have.

        Every change of a case or a request leaves an audit record; a message touches its conversation and adds to its
        numbers. These are summed, for two messages may be stored in another order than their times.
        """
        last = select(func.max(messages.c.seq)).where(messages.c.conversation == conversations.c.id).scalar_subquery()
        changes = self._run(select(func.max(audit_head.c.count))).scalar()
        touched = (
            select(func.max(conversations.c.updated_at), func.count(), func.sum(last))
            .select_from(handoffs)
            .join(conversations, conversations.c.id == handoffs.c.conversation)
            .where(handoffs.c.company == company, text(UNCLOSED))
        )
        latest, number, said = self._run(touched).one()
        return f"{changes} {number} {latest} {said}"


def _within(table: Any, scope: str | None) -> tuple[Any, ...]:
    return () if scope is None else (or_(table.c.store == scope, table.c.store.is_(None)),)
