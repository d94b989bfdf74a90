"""Keep staff accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "staff_members",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_digest", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=False),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("email_digest", name=op.f("uq_staff_members_email_digest")),
    )
    op.create_table(
        "staff_memberships",
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("store", sa.Text(), nullable=True),
        _of_staff("staff_memberships"),
        sa.PrimaryKeyConstraint("staff", "company", name=op.f("pk_staff_memberships")),
    )
    op.create_index("ix_staff_memberships_company", "staff_memberships", ["company", "role"])
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        _of_staff("staff_sessions"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_staff_sessions_digest")),
    )
    op.create_index("ix_staff_sessions_staff", "staff_sessions", ["staff", "seen_at"])
    op.create_index("ix_staff_sessions_created_at", "staff_sessions", ["created_at"])
    op.create_table(
        "staff_links",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        _of_staff("staff_links"),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_staff_links")),
    )
    op.create_index("ix_staff_links_staff", "staff_links", ["staff", "kind"])
    op.create_index("ix_staff_links_expires_at", "staff_links", ["expires_at"])
    op.create_table(
        "staff_recovery_codes",
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        _of_staff("staff_recovery_codes"),
        sa.PrimaryKeyConstraint("staff", "digest", name=op.f("pk_staff_recovery_codes")),
    )


def downgrade() -> None:
    for table in ("staff_recovery_codes", "staff_links", "staff_sessions", "staff_memberships", "staff_members"):
        op.drop_table(table)


def _of_staff(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["staff"], ["staff_members.id"], name=op.f(f"fk_{table}_staff"), ondelete="CASCADE")
