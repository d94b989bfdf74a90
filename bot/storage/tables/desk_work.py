"""What staff leave beside a conversation, and how staff are found and told of cases."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from bot.storage.column_types import Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, with_conversation

notes = Table(
    "notes",
    metadata,
    id_column(),
    needed("conversation", Text, with_conversation("CASCADE")),
    needed("staff", Text),
    needed("text", Sealed),
    needed("created_at", UtcDateTime),
    Index("ix_notes_conversation", "conversation", "created_at", "id"),
)

# Who has a page open just now; `subject` is conversation:<id> or request:<id>.
presences = Table(
    "presences",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("staff", Text, primary_key=True),
    needed("seen_at", UtcDateTime),
    Index("ix_presences_seen_at", "seen_at"),
)

# Who wants e-mail of new cases; `told_at` is when the last one was written.
case_alerts = Table(
    "case_alerts",
    metadata,
    Column("staff", Text, primary_key=True),
    Column("company", Text, primary_key=True),
    needed("told_at", UtcDateTime),
    Index("ix_case_alerts_company", "company", "staff"),
)

# Look-ups by what an unverified person said of themselves; a verified one is found in the register.
request_lookup = Table(
    "request_lookup",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("request", Text, ForeignKey("requests.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_request_lookup_request", "request"),
    sqlite_with_rowid=False,
)
