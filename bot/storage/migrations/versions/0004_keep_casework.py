"""Keep notes, who looks at a case, whom to tell of cases, and what requests are found by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


UNCLOSED = sa.text("status <> 'closed'")


def upgrade() -> None:
    op.add_column("handoffs", sa.Column("raised_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_handoffs_open",
        "handoffs",
        ["company", "priority", "waiting_since", "id"],
        sqlite_where=UNCLOSED,
        postgresql_where=UNCLOSED,
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name=op.f("fk_notes_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_conversation", "notes", ["conversation", "created_at", "id"])
    op.create_table(
        "presences",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "staff", name=op.f("pk_presences")),
    )
    op.create_index("ix_presences_seen_at", "presences", ["seen_at"])
    op.create_table(
        "case_alerts",
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("staff", "company", name=op.f("pk_case_alerts")),
    )
    op.create_index("ix_case_alerts_company", "case_alerts", ["company", "staff"])
    op.create_table(
        "request_lookup",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_request_lookup_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("digest", "request", name=op.f("pk_request_lookup")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_request_lookup_request", "request_lookup", ["request"])


def downgrade() -> None:
    op.drop_table("request_lookup")
    op.drop_table("case_alerts")
    op.drop_table("presences")
    op.drop_table("notes")
    op.drop_index("ix_handoffs_open", table_name="handoffs")
    op.execute("ALTER TABLE handoffs DROP COLUMN raised_at")
