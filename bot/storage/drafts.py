"""Request forms being filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from bot.services.records import Draft
from bot.storage.repository import Repository
from bot.storage.tables import drafts

# Every message runs this.
_OF_CONVERSATION = select(drafts).where(drafts.c.conversation == bindparam("wanted"))


class SqlDrafts(Repository):
    """Implement the port of drafts."""

    def get(self, conversation_id: str) -> Draft | None:
        """The conversation's draft."""
        return self._found(Draft, drafts, _OF_CONVERSATION, wanted=conversation_id)

    def save(self, draft: Draft) -> None:
        """Insert or replace."""
        dated = replace(draft, updated_at=draft.updated_at or self._session.clock.now())
        values = self._row(drafts, dated)
        statement = self._insert(drafts).values(values)
        self._run(statement.on_conflict_do_update(index_elements=["conversation"], set_=values))

    def delete(self, conversation_id: str) -> None:
        """Forget it."""
        self._run(delete(drafts).where(drafts.c.conversation == conversation_id))

    def older_than(self, moment: datetime) -> list[str]:
        """Conversations whose draft nothing has touched since."""
        query = select(drafts.c.conversation).where(drafts.c.updated_at < moment).order_by(drafts.c.updated_at)
        return list(self._run(query).scalars())
