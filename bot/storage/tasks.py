"""Tasks of requests, and the links to what was compiled."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.services.records import DocumentLink, TaskDone
from bot.storage.repository import Repository
from bot.storage.tables import document_links, request_tasks


class SqlRequestTasks(Repository):
    """Implement the port of tasks."""

    def of(self, request_id: str) -> list[TaskDone]:
        """The done ones of a request, in the order of their doing."""
        query = select(request_tasks).where(request_tasks.c.request == request_id)
        done = [TaskDone(**row._mapping) for row in self._run(query)]
        return sorted(done, key=lambda one: (one.done_at, one.task))

    def tick(self, done: TaskDone) -> bool:
        """Note a task as done; False if it was."""
        row = {"request": done.request, "task": done.task, "done_by": done.done_by, "done_at": done.done_at}
        statement = self._insert(request_tasks).values(row)
        return bool(self._run(statement.on_conflict_do_nothing(index_elements=["request", "task"])).rowcount)

    def untick(self, request_id: str, task: str) -> bool:
        """Note a task as open again; False if it was."""
        wanted = (request_tasks.c.request == request_id, request_tasks.c.task == task)
        return bool(self._run(delete(request_tasks).where(*wanted)).rowcount)


class SqlDocumentLinks(Repository):
    """Implement the port of links."""

    def add(self, link: DocumentLink) -> None:
        """Insert."""
        self._run(document_links.insert().values(self._row(document_links, link)))

    def by_digest(self, digest: str) -> DocumentLink | None:
        """Find by the keyed hash of its secret."""
        query = select(document_links).where(document_links.c.digest == digest)
        return self._found(DocumentLink, document_links, query)

    def of(self, request_id: str) -> list[DocumentLink]:
        """Those of a request, oldest first."""
        query = select(document_links).where(document_links.c.request == request_id)
        found = self._records(DocumentLink, document_links, self._run(query))
        return sorted(found, key=lambda link: (link.created_at, link.id))

    def use(self, link_id: str, now: datetime) -> bool:
        """Use it up in one atomic UPDATE; False if it was used or has expired."""
        unused = (document_links.c.used_at.is_(None), document_links.c.expires_at > now)
        statement = update(document_links).where(document_links.c.id == link_id, *unused).values(used_at=now)
        return bool(self._run(statement).rowcount)

    def delete_expired(self, before: datetime) -> int:
        """Delete links that expired before; return how many."""
        return int(self._run(delete(document_links).where(document_links.c.expires_at < before)).rowcount)
