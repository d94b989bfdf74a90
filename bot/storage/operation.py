"""How the desk is doing, for the operator's alarms; every figure walks an index."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text

from bot.services.ports.operation import JobRun, Vitals
from bot.storage.repository import Repository
from bot.storage.tables import handoffs, job_runs, messages, outbox, requests
from bot.storage.tables.casework import UNCLOSED
from bot.storage.tables.requests import RUNNING

_UNWORKED = text("author = 'customer' AND answered_at IS NULL")
"""The condition of the index, word for word."""


class SqlOperation(Repository):
    """Implement the port of the operation."""

    def vitals(self, now: datetime, today: date, patience_s: int) -> Vitals:
        """Count; a message counts as unanswered after `patience_s`."""
        due_since = self._one(func.min(outbox.c.next_try_at), outbox.c.status == "waiting", outbox.c.next_try_at <= now)
        waiting = (text(UNCLOSED), handoffs.c.status == "waiting")
        return Vitals(
            outbox_waiting=self._count(outbox, outbox.c.status == "waiting"),
            outbox_dead=self._count(outbox, outbox.c.status == "dead"),
            outbox_due_since=due_since,
            handoffs_waiting=self._count(handoffs, *waiting),
            handoff_waiting_since=self._one(func.min(handoffs.c.waiting_since), *waiting),
            requests_running=self._count(requests, text(RUNNING)),
            requests_overdue=self._count(requests, text(RUNNING), requests.c.due_date < today),
            messages_unanswered=self._count(
                messages, _UNWORKED, messages.c.created_at < now - timedelta(seconds=patience_s)
            ),
        )

    def note_job(self, run: JobRun) -> None:
        """Insert or replace."""
        values = {"ran_at": run.ran_at, "ok": run.ok}
        statement = self._insert(job_runs).values(name=run.name, **values)
        self._run(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    def jobs(self) -> list[JobRun]:
        """List by name."""
        return self._records(JobRun, job_runs, self._run(select(job_runs).order_by(job_runs.c.name)))

    def _count(self, table: Any, *conditions: Any) -> int:
        return int(self._run(select(func.count()).select_from(table).where(*conditions)).scalar() or 0)

    def _one(self, value: Any, *conditions: Any) -> Any:
        return self._run(select(value).where(*conditions)).scalar()
