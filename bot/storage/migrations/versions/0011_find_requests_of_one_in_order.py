"""Find the requests of one conversation or customer in order, however many have none."""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    for column in ("customer", "conversation"):
        name, there = f"ix_requests_{column}", text(f"{column} IS NOT NULL")
        op.drop_index(name, table_name="requests")
        op.create_index(
            name, "requests", [column, "created_at", "id"], sqlite_where=there, postgresql_where=there
        )


def downgrade() -> None:
    for column in ("customer", "conversation"):
        op.drop_index(f"ix_requests_{column}", table_name="requests")
        op.create_index(f"ix_requests_{column}", "requests", [column])
