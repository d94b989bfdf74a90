"""Accounts of staff, their roles, sessions and links."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.services.staff.records import LinkKind, Stage
from bot.services.staff.roles import Role
from bot.storage.column_types import EnumValue, Sealed, UtcDateTime
from bot.storage.tables.base import id_column, metadata, needed, optional


def _of_staff() -> ForeignKey:
    return ForeignKey("staff_members.id", ondelete="CASCADE")


staff_members = Table(
    "staff_members",
    metadata,
    id_column(),
    needed("email", Sealed),
    needed("email_digest", Text),
    needed("name", Sealed),
    needed("password_hash", Text),
    needed("totp_secret", Sealed),
    needed("totp_step", Integer),
    needed("created_at", UtcDateTime),
    optional("last_sign_in_at", UtcDateTime),
    UniqueConstraint("email_digest"),
)

staff_memberships = Table(
    "staff_memberships",
    metadata,
    Column("staff", Text, _of_staff(), primary_key=True),
    Column("company", Text, primary_key=True),
    needed("role", EnumValue(Role)),
    optional("store", Text),
    Index("ix_staff_memberships_company", "company", "role"),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    id_column(),
    needed("digest", Text),
    needed("staff", Text, _of_staff()),
    needed("stage", EnumValue(Stage)),
    needed("device", Text),
    needed("created_at", UtcDateTime),
    needed("seen_at", UtcDateTime),
    UniqueConstraint("digest"),
    Index("ix_staff_sessions_staff", "staff", "seen_at"),
    Index("ix_staff_sessions_created_at", "created_at"),
)

staff_links = Table(
    "staff_links",
    metadata,
    Column("digest", Text, primary_key=True),
    needed("staff", Text, _of_staff()),
    needed("kind", EnumValue(LinkKind)),
    needed("created_at", UtcDateTime),
    needed("expires_at", UtcDateTime),
    optional("used_at", UtcDateTime),
    Index("ix_staff_links_staff", "staff", "kind"),
    Index("ix_staff_links_expires_at", "expires_at"),
)

staff_recovery_codes = Table(
    "staff_recovery_codes",
    metadata,
    Column("staff", Text, _of_staff(), primary_key=True),
    Column("digest", Text, primary_key=True),
)
