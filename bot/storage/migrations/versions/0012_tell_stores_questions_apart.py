"""Note at which store a question stayed unanswered, and no longer how large a picture is, which nobody asked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("unanswered_questions", sa.Column("store", sa.Text(), nullable=True))
    op.drop_column("pictures", "size")


def downgrade() -> None:
    op.add_column("pictures", sa.Column("size", sa.Integer(), nullable=False, server_default="0"))
    op.drop_column("unanswered_questions", "store")
