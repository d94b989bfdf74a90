"""How far conversations were posted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update

from bot.services.records import Posting
from bot.storage.repository import Repository
from bot.storage.tables import conversations, messages
from bot.storage.tables import postings as table


class SqlPostings(Repository):
    """Implement the port of postings."""

    def begin(self, conversation_id: str) -> None:
        """Post this conversation from its start; does nothing if that has begun."""
        values = self._row(table, Posting(conversation_id))
        self._run(self._insert(table).values(values).on_conflict_do_nothing(index_elements=["conversation"]))

    def lock(self, conversation_id: str) -> Posting | None:
        """Find, and keep others from changing it until the transaction ends."""
        query = select(table).where(table.c.conversation == conversation_id).with_for_update()
        return self._found(Posting, table, query)

    def save(self, posting: Posting) -> None:
        """Update."""
        self._run(update(table).where(table.c.conversation == posting.conversation).values(self._row(table, posting)))

    def behind(self, now: datetime) -> list[str]:
        """Conversations, not ended, with messages of the bot or staff after `posted_seq`; waiting ones left out."""
        unposted = select(messages.c.id).where(
            messages.c.conversation == table.c.conversation,
            messages.c.seq > table.c.posted_seq,
            messages.c.author != "customer",
        )
        query = (
            select(table.c.conversation)
            .join(conversations, conversations.c.id == table.c.conversation)
            .where(
                conversations.c.ended_at.is_(None),
                or_(table.c.not_before.is_(None), table.c.not_before <= now),
                unposted.exists(),
            )
        )
        return list(self._run(query).scalars())
