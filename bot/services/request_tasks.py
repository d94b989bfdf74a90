"""The tasks of one request: those of its type, and which of them are done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.company import Company
from bot.privacy.request_tasks import RequestTask, tasks_for
from bot.privacy.request_types import Field
from bot.services.intake.recipients import recipients_named
from bot.services.ports import Transaction
from bot.services.records import DataSubjectRequest, TaskDone

_ALL = "all"


@dataclass(frozen=True)
class TaskState:
    """A task; `key` tells it from the others of its request, `value` is whom or what it is about."""

    key: str
    task: RequestTask
    value: str
    done: TaskDone | None

    @property
    def holds_up(self) -> bool:
        """Whether it keeps the request from being fulfilled."""
        return self.task.mandatory and self.done is None


def tasks_of(tx: Transaction, request: DataSubjectRequest, company: Company) -> list[TaskState]:
    """List what is to be done for a request."""
    done = {one.task: one for one in tx.request_tasks.of(request.id)}
    return [
        TaskState(key, task, value, done.get(key))
        for task in tasks_for(request.type)
        for key, value in _parts(task, request, company)
    ]


def _parts(task: RequestTask, request: DataSubjectRequest, company: Company) -> Iterator[tuple[str, str]]:
    """Give a task for each value its own key: a number, since a value may be personal and keys stand in the audit."""
    if task.less_than_all is not None:
        said = request.details.get(task.less_than_all.value, "")
        if said and said != _ALL:
            yield task.id, said
        return
    if task.for_each is None:
        yield task.id, ""
        return
    for number, value in enumerate(_values(task.for_each, request, company), 1):
        yield f"{task.id}:{number}", value


def _values(field: Field, request: DataSubjectRequest, company: Company) -> list[str]:
    said = request.details.get(field.value, "")
    if said == _ALL:
        return recipients_named(company) or [""]
    return [value for value in said.split("\n") if value] or [""]
