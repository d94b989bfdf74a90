"""What staff tick off at a request, and the links to what was compiled for a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.services.records import DocumentLink, TaskDone


class RequestTasks(Protocol):
    """Tasks that were done."""

    def of(self, request_id: str) -> list[TaskDone]:
        """The done ones of a request, in the order of their doing."""

    def tick(self, done: TaskDone) -> bool:
        """Note a task as done; False if it was."""

    def untick(self, request_id: str, task: str) -> bool:
        """Note a task as open again; False if it was."""


class DocumentLinks(Protocol):
    """Links to compiled records, known by the keyed hash of their secret."""

    def add(self, link: DocumentLink) -> None:
        """Insert."""

    def by_digest(self, digest: str) -> DocumentLink | None:
        """Find by the keyed hash of its secret."""

    def of(self, request_id: str) -> list[DocumentLink]:
        """Those of a request, oldest first."""

    def use(self, link_id: str, now: datetime) -> bool:
        """Use it up in one atomic UPDATE; False if it was used or has expired."""

    def delete_expired(self, before: datetime) -> int:
        """Delete links that expired before; return how many."""
