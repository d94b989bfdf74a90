"""What staff tick off at a request, and the links by which customers fetch what was compiled for them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from bot.storage.column_types import UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, optional


def _request() -> ForeignKey:
    return ForeignKey("requests.id", ondelete="CASCADE")


request_tasks = Table(
    "request_tasks",
    metadata,
    Column("request", Text, _request(), primary_key=True),
    Column("task", Text, primary_key=True),
    needed("done_by", Text),
    needed("done_at", UtcDateTime),
)

# The link's secret is in the customer's hands alone; here is only its keyed hash.
document_links = Table(
    "document_links",
    metadata,
    id_column(),
    needed("request", Text, _request()),
    needed("digest", Text),
    needed("created_at", UtcDateTime),
    needed("expires_at", UtcDateTime),
    optional("used_at", UtcDateTime),
    UniqueConstraint("digest"),
    Index("ix_document_links_request", "request"),
    Index("ix_document_links_expires_at", "expires_at"),
)
