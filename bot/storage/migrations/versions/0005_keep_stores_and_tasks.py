"""Keep stores' cases, who works on a request, its tasks and the links to what was compiled."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

RUNNING = sa.text("status IN ('open', 'in_progress')")
ERASED = sa.text("type = 'erasure' AND status = 'fulfilled' AND conversation IS NOT NULL")


def upgrade() -> None:
    op.add_column("requests", sa.Column("assigned_to", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("store", sa.Text(), nullable=True))
    op.drop_index("ix_requests_company_created_at", table_name="requests")
    op.create_index(
        "ix_requests_company_created_at", "requests", ["company", "created_at", "id", "type", "store", "assigned_to"]
    )
    op.create_index(
        "ix_requests_running",
        "requests",
        ["company", "due_date", "id", "status", "type", "store", "assigned_to", "channel"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index(
        "ix_requests_erased", "requests", ["decided_at"], sqlite_where=ERASED, postgresql_where=ERASED
    )
    op.create_table(
        "request_tasks",
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_request_tasks_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request", "task", name=op.f("pk_request_tasks")),
    )
    op.create_table(
        "document_links",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["request"], ["requests.id"], name=op.f("fk_document_links_request"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_document_links_digest")),
    )
    op.create_index("ix_document_links_request", "document_links", ["request"])
    op.create_index("ix_document_links_expires_at", "document_links", ["expires_at"])


def downgrade() -> None:
    op.drop_table("document_links")
    op.drop_table("request_tasks")
    op.drop_index("ix_requests_erased", table_name="requests")
    op.drop_index("ix_requests_running", table_name="requests")
    op.drop_index("ix_requests_company_created_at", table_name="requests")
    op.create_index("ix_requests_company_created_at", "requests", ["company", "created_at", "id"])
    op.execute("ALTER TABLE handoffs DROP COLUMN store")
    op.execute("ALTER TABLE requests DROP COLUMN assigned_to")
