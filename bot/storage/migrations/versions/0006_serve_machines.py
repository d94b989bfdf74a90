"""Keep the keys and webhooks of other help desks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

LISTENING = sa.text("webhook IS NOT NULL AND revoked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "machines",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=True),
        sa.Column("webhook_secret", sa.Text(), nullable=True),
        sa.Column("told_seq", sa.Integer(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machines")),
        sa.UniqueConstraint("key_digest", name=op.f("uq_machines_key_digest")),
    )
    op.create_index("ix_machines_created_at", "machines", ["created_at", "id"])
    op.create_index("ix_machines_company", "machines", ["company", "created_at", "id"])
    op.create_index(
        "ix_machines_listening",
        "machines",
        ["company", "id"],
        sqlite_where=LISTENING,
        postgresql_where=LISTENING,
    )


def downgrade() -> None:
    op.drop_table("machines")
