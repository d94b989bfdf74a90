"""Cases for staff; the database itself allows one open case a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, select, text, update

from bot.services.records import Handoff
from bot.storage.repository import Repository
from bot.storage.tables import conversations, handoffs

OPEN = handoffs.c.status != "closed"


class SqlHandoffs(Repository):
    """Implement the port of cases."""

    def add(self, handoff: Handoff) -> Handoff:
        """Insert; if the conversation has one that isn't closed, return that one (raised to the better priority)."""
        statement = self._insert(handoffs).values(self._row(handoffs, handoff))
        better = statement.excluded.priority < handoffs.c.priority
        names = ("priority", "reason")
        raised = {name: case((better, statement.excluded[name]), else_=handoffs.c[name]) for name in names}
        self._run(
            statement.on_conflict_do_update(
                index_elements=["conversation"], index_where=text("status <> 'closed'"), set_=raised
            )
        )
        query = select(handoffs).where(handoffs.c.conversation == handoff.conversation, OPEN)
        return self._record(Handoff, handoffs, self._run(query).one())

    def get(self, handoff_id: str) -> Handoff | None:
        """Find by id."""
        return self._found(Handoff, handoffs, select(handoffs).where(handoffs.c.id == handoff_id))

    def open_for(self, conversation_id: str) -> Handoff | None:
        """The case of a conversation that isn't closed."""
        return self._found(Handoff, handoffs, select(handoffs).where(handoffs.c.conversation == conversation_id, OPEN))

    def claim(self, handoff_id: str, staff: str, at: datetime) -> bool:
        """Take a waiting case in one atomic UPDATE; False if somebody else did."""
        return self._change(
            handoff_id, handoffs.c.status == "waiting", status="claimed", claimed_by=staff, claimed_at=at
        )

    def release(self, handoff_id: str, held_by: str | None = None) -> bool:
        """Put a claimed case back into the queue; with `held_by`, only if that one holds it."""
        return self._change(handoff_id, _held(held_by), status="waiting", claimed_by=None, claimed_at=None)

    def assign(self, handoff_id: str, staff: str, held_by: str | None, at: datetime) -> bool:
        """Give an open case to somebody in one atomic UPDATE; False unless `held_by` (None: nobody) holds it."""
        waiting = handoffs.c.status == "waiting"
        seen = waiting if held_by is None else _held(held_by)
        return self._change(handoff_id, seen, status="claimed", claimed_by=staff, claimed_at=at)

    def raise_once(self, handoff_id: str, priority: int, at: datetime) -> bool:
        """Note that a waiting case has waited too long; False if it was noted, or the case doesn't wait."""
        unnoted = and_(handoffs.c.status == "waiting", handoffs.c.raised_at.is_(None))
        return self._change(handoff_id, unnoted, priority=priority, raised_at=at)

    def close(self, handoff_id: str, at: datetime, held_by: str | None = None) -> bool:
        """Close it; False if it was closed, or with `held_by` if another or nobody holds it."""
        return self._change(handoff_id, OPEN if held_by is None else _held(held_by), status="closed", closed_at=at)

    def find(self, company: str | None = None, status: str | None = None) -> list[Handoff]:
        """List in queue order: priority, then waiting time."""
        wanted = {"company": company, "status": status}
        query = select(handoffs).where(*(handoffs.c[name] == value for name, value in wanted.items() if value))
        query = query.order_by(handoffs.c.priority, handoffs.c.waiting_since, handoffs.c.id)
        return self._records(Handoff, handoffs, self._run(query))

    def places(self, handoff_ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
        """The conversation, empty if it was erased, and the store of cases by their ids."""
        query = select(handoffs.c.id, conversations.c.id.label("thread"), handoffs.c.store)
        query = query.outerjoin(conversations, conversations.c.id == handoffs.c.conversation)
        rows = self._run(query.where(handoffs.c.id.in_(set(handoff_ids))))
        return {row.id: (row.thread or "", row.store) for row in rows}

    def _change(self, handoff_id: str, condition: Any, **values: Any) -> bool:
        return bool(self._run(update(handoffs).where(handoffs.c.id == handoff_id, condition).values(values)).rowcount)


def _held(held_by: str | None) -> Any:
    claimed = handoffs.c.status == "claimed"
    return claimed if held_by is None else and_(claimed, handoffs.c.claimed_by == held_by)
