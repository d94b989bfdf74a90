"""What staff set for their company."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from sqlalchemy import delete, select

from bot.services.ports.company_settings import CannedAnswer, ClosedDay, StaffChoices
from bot.storage.repository import Repository
from bot.storage.tables import canned_answers, closed_days, company_settings


class SqlCompanySettings(Repository):
    """Implement the port of company settings."""

    def get(self, company: str) -> StaffChoices:
        """What is set; all None if nothing is."""
        query = select(company_settings).where(company_settings.c.company == company)
        found = self._found(StaffChoices, company_settings, query)
        return replace(found, opening_hours=_read_hours(found.opening_hours)) if found else StaffChoices(company)

    def save(self, choices: StaffChoices) -> None:
        """Insert or replace."""
        values = self._row(company_settings, choices)
        values["opening_hours"] = _hours_row(choices.opening_hours)
        changed = {name: value for name, value in values.items() if name != "company"}
        statement = self._insert(company_settings).values(values)
        self._run(statement.on_conflict_do_update(index_elements=["company"], set_=changed))

    def closed_days(self, company: str, since: date | None = None) -> list[ClosedDay]:
        """The closed days from `since` on, in order."""
        query = select(closed_days).where(closed_days.c.company == company).order_by(closed_days.c.day)
        query = query if since is None else query.where(closed_days.c.day >= since)
        return self._records(ClosedDay, closed_days, self._run(query))

    def close(self, closed: ClosedDay) -> bool:
        """Insert unless that day is closed already; tell whether it was inserted."""
        statement = self._insert(closed_days).values(self._row(closed_days, closed))
        return bool(self._run(statement.on_conflict_do_nothing(index_elements=["company", "day"])).rowcount)

    def open(self, company: str, day: date) -> bool:
        """Take a closed day back; False if it was none."""
        that_day = (closed_days.c.company == company, closed_days.c.day == day)
        return bool(self._run(delete(closed_days).where(*that_day)).rowcount)


class SqlCannedAnswers(Repository):
    """Implement the port of canned answers."""

    def list(self, company: str) -> list[CannedAnswer]:
        """All of a company, in its order."""
        theirs = select(canned_answers).where(canned_answers.c.company == company)
        query = theirs.order_by(canned_answers.c.position, canned_answers.c.id)
        return self._records(CannedAnswer, canned_answers, self._run(query))

    def get(self, answer_id: str) -> CannedAnswer | None:
        """Find by id."""
        return self._found(CannedAnswer, canned_answers, select(canned_answers).where(canned_answers.c.id == answer_id))

    def save(self, answer: CannedAnswer) -> None:
        """Insert or replace; an answer stays its company's."""
        values = self._row(canned_answers, answer)
        changed = {name: values[name] for name in ("title", "text", "position")}
        statement = self._insert(canned_answers).values(values)
        self._run(statement.on_conflict_do_update(index_elements=["id"], set_=changed))

    def delete(self, answer_id: str) -> bool:
        """Delete; False if it was gone."""
        return bool(self._run(delete(canned_answers).where(canned_answers.c.id == answer_id)).rowcount)


def _hours_row(hours: Mapping[int, tuple[time, time]] | None) -> dict[str, list[str]] | None:
    if hours is None:
        return None
    return {str(weekday): [edge.isoformat("minutes") for edge in edges] for weekday, edges in hours.items()}


def _read_hours(row: Any) -> dict[int, tuple[time, time]] | None:
    if row is None:
        return None
    return {int(day): (time.fromisoformat(opens), time.fromisoformat(closes)) for day, (opens, closes) in row.items()}
