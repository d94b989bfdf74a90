"""The register of customers."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from bot.storage.column_types import Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, optional

customers = Table(
    "customers",
    metadata,
    id_column(),
    needed("company", Text),
    needed("customer_no", Text),
    needed("name", Sealed),
    needed("name_kana", Sealed),
    needed("email", Sealed),
    needed("phone", Sealed),
    needed("postal_code", Sealed),
    needed("address", Sealed),
    needed("birth_date", Sealed),
    needed("plates", Sealed(tuple)),
    optional("store", Text),
    optional("updated_at", UtcDateTime),
    optional("contact_changed_at", UtcDateTime),
    needed("previous_contacts", Sealed(tuple)),
    UniqueConstraint("company", "customer_no"),
)

# Look-ups by keyed hash; the key comes first, so that a look-up is one short walk at any size.
customer_lookup = Table(
    "customer_lookup",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("customer", Text, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_customer_lookup_customer", "customer"),
    sqlite_with_rowid=False,
)
