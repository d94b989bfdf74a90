"""The dialogue engine's state of each conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bot.storage.repository import Repository, place
from bot.storage.tables import engine_states as table


class SqlEngineStates(Repository):
    """Implement the port of engine states."""

    def load(self, conversation_id: str) -> tuple[str, int] | None:
        """The state and its version."""
        row = self._run(select(table).where(table.c.conversation == conversation_id)).first()
        if row is None:
            return None
        return self._session.keyring.open(place(table, "state", conversation_id), row.state), int(row.version)

    def version(self, conversation_id: str) -> int | None:
        """The version alone, so that a copy in memory can be known to be fresh."""
        version: int | None = self._run(select(table.c.version).where(table.c.conversation == conversation_id)).scalar()
        return version

    def save(self, conversation_id: str, state: str, version: int, at: datetime) -> bool:
        """Store if the stored version is `version` (0: none); False if somebody else was faster."""
        key: dict[str, Any] = {"conversation": conversation_id}
        values = self._sealed(table, {**key, "state": state, "version": version + 1, "updated_at": at})
        if version == 0:
            statement = self._insert(table).values(values).on_conflict_do_nothing(index_elements=["conversation"])
        else:
            unchanged = (table.c.conversation == conversation_id, table.c.version == version)
            statement = update(table).where(*unchanged).values(values)
        return bool(self._run(statement).rowcount)

    def delete_older(self, before: datetime) -> int:
        """Delete states that nothing has touched since; return how many."""
        return int(self._run(delete(table).where(table.c.updated_at < before)).rowcount)
