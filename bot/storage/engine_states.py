"""The dialogue engine's state of each conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from bot.storage.repository import Repository, place
from bot.storage.tables import engine_states as table

# Every message runs these: to build a statement anew costs SQLAlchemy more than to run it.
_BY_CONVERSATION = select(table).where(table.c.conversation == bindparam("wanted"))
_VERSION = select(table.c.version).where(table.c.conversation == bindparam("wanted"))
_REPLACE = (
    update(table)
    .where(table.c.conversation == bindparam("wanted"), table.c.version == bindparam("unchanged"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "version", "updated_at")})
)


class SqlEngineStates(Repository):
    """Implement the port of engine states."""

    def load(self, conversation_id: str) -> tuple[str, int] | None:
        """The state and its version."""
        row = self._run(_BY_CONVERSATION, {"wanted": conversation_id}).first()
        if row is None:
            return None
        return self._session.keyring.open(place(table, "state", conversation_id), row.state), int(row.version)

    def version(self, conversation_id: str) -> int | None:
        """The version alone, so that a copy in memory can be known to be fresh."""
        version: int | None = self._run(_VERSION, {"wanted": conversation_id}).scalar()
        return version

    def save(self, conversation_id: str, state: str, version: int, at: datetime) -> bool:
        """Store if the stored version is `version` (0: none); False if somebody else was faster."""
        key: dict[str, Any] = {"conversation": conversation_id}
        values = self._sealed(table, {**key, "state": state, "version": version + 1, "updated_at": at})
        if version == 0:
            fresh = self._insert(table).values(values).on_conflict_do_nothing(index_elements=["conversation"])
            return bool(self._run(fresh).rowcount)
        new = {f"new_{name}": values[name] for name in ("state", "version", "updated_at")}
        return bool(self._run(_REPLACE, {"wanted": conversation_id, "unchanged": version, **new}).rowcount)

    def delete_older(self, before: datetime) -> int:
        """Delete states that nothing has touched since; return how many."""
        return int(self._run(delete(table).where(table.c.updated_at < before)).rowcount)
