"""Note which process works on a conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("worked_by", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("worked_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "worked_until")
    op.drop_column("conversations", "worked_by")
