"""Keep what staff set for their company."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "company_settings",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("opening_hours", sa.JSON(), nullable=True),
        sa.Column("closed_on_holidays", sa.Boolean(), nullable=True),
        sa.Column("four_eyes", sa.Boolean(), nullable=True),
        sa.Column("four_eyes_reason", sa.Text(), nullable=False),
        sa.Column("waiting_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company", name=op.f("pk_company_settings")),
    )
    op.create_table(
        "closed_days",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company", "day", name=op.f("pk_closed_days")),
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answers")),
    )
    op.create_index("ix_canned_answers_company", "canned_answers", ["company", "position", "id"])
    op.create_table(
        "daily_counts",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("company", "kind", "day", "name", "store", name=op.f("pk_daily_counts")),
    )
    op.create_index("ix_handoffs_opened", "handoffs", ["company", "waiting_since", "store"])
    op.create_index("ix_requests_outcomes", "requests", ["company", "created_at", "type", "status", "store"])
    op.create_index("ix_unanswered_questions_company", "unanswered_questions", ["company", "asked_at", "id"])
    op.create_index("ix_audit_records_company", "audit_records", ["company", "at", "seq"])
    op.create_index("ix_audit_records_actor", "audit_records", ["company", "actor", "at", "seq"])
    op.create_index("ix_audit_records_action", "audit_records", ["company", "action", "at", "seq"])


def downgrade() -> None:
    op.drop_index("ix_audit_records_action", "audit_records")
    op.drop_index("ix_audit_records_actor", "audit_records")
    op.drop_index("ix_audit_records_company", "audit_records")
    op.drop_index("ix_unanswered_questions_company", "unanswered_questions")
    op.drop_index("ix_requests_outcomes", "requests")
    op.drop_index("ix_handoffs_opened", "handoffs")
    op.drop_table("daily_counts")
    op.drop_table("canned_answers")
    op.drop_table("closed_days")
    op.drop_table("company_settings")
