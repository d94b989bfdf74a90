"""What Alembic runs around each command; the connection and its transaction are `bot.storage.migrate`'s."""

from __future__ import annotations

from alembic import context

from bot.storage.tables import metadata

# SQLite can't alter a table: Alembic then copies it, which it calls a batch.
context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
context.run_migrations()
