"""What was done with a request, told from the audit chain in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.privacy.japanese_dates import show_date
from bot.privacy.refusal_grounds import refusal_ground
from bot.services.actors import actor_words, staff_in
from bot.services.phrases import Phrasebook
from bot.services.ports import Transaction
from bot.services.records import AuditRecord, DataSubjectRequest


@dataclass(frozen=True)
class HistoryLine:
    """One thing that somebody did."""

    at: datetime
    who: str
    what: str
    detail: str


class RequestHistory:
    """Reads audit records; they hold ids and codes, so that the words are made here."""

    def __init__(self, phrases: Phrasebook) -> None:
        self._phrases = phrases

    def of(self, tx: Transaction, request: DataSubjectRequest, tasks: Mapping[str, str]) -> list[HistoryLine]:
        """Tell a request's history, oldest first; `tasks` are its tasks' words by key."""
        records = list(tx.audit.records(f"request:{request.id}"))
        names = staff_names(tx, [*(staff_in(one.actor) for one in records), *map(_assignee, records)])
        return [self._line(request, record, names, tasks) for record in records]

    def _line(
        self, request: DataSubjectRequest, record: AuditRecord, names: Mapping[str, str], tasks: Mapping[str, str]
    ) -> HistoryLine:
        name = f"history_{record.action.replace('.', '_')}"
        known = name if name in self._phrases.names() else "history_other"
        who = actor_words(self._phrases, record.actor, names)
        detail = self._detail(request, record.action, record.after, names, tasks)
        return HistoryLine(record.at, who, self._phrases.text(known), detail)

    def _detail(
        self,
        request: DataSubjectRequest,
        action: str,
        after: Mapping[str, Any],
        names: Mapping[str, str],
        tasks: Mapping[str, str],
    ) -> str:
        if action in ("request.task_done", "request.task_reopened"):
            return tasks.get(after["task"], "")
        if action == "request.assigned":
            return names.get(after["assigned_to"]) or self._phrases.text("assigned_to_nobody")
        if action == "request.identity_verified":
            return self._proof(after)
        if action == "request.identity_refused" and "doubt" in after:
            return self._phrases.text(f"doubt_{after['doubt']}")
        if action in ("request.decision_proposed", "request.decided"):
            return self._outcome(request, after)
        return show_date(date.fromisoformat(after["due_date"])) if action == "request.extended" else ""

    def _proof(self, after: Mapping[str, Any]) -> str:
        if "documents" not in after:
            return self._phrases.text("seen_code")
        documents = [self._phrases.text(f"document_{one}") for one in after["documents"].split(",")]
        return self._phrases.text("list_separator").join([*documents, self._phrases.text(f"seen_{after['seen']}")])

    def _outcome(self, request: DataSubjectRequest, after: Mapping[str, Any]) -> str:
        outcome = self._phrases.text(f"outcome_{'part' if after.get('part') else after['outcome']}")
        if not after.get("ground"):
            return outcome
        ground = refusal_ground(after["ground"], request.type)
        words = self._phrases.text("ground", words=self._phrases.text(f"ground_{ground.id}"), article=ground.article)
        return self._phrases.text("list_separator").join((outcome, words))


def staff_names(tx: Transaction, ids: list[str]) -> dict[str, str]:
    """The names of staff by their ids; who is gone has none."""
    return {staff_id: member.name for staff_id, member in tx.staff.get_many([one for one in ids if one]).items()}


def _assignee(record: AuditRecord) -> str:
    return str(record.after.get("assigned_to") or "")
