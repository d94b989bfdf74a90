"""Remember how far a conversation was posted to its channel."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "postings",
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("posted_seq", sa.Integer(), nullable=False),
        sa.Column("tried_seq", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation"], ["conversations.id"], name=op.f("fk_postings_conversation"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_postings")),
    )


def downgrade() -> None:
    op.drop_table("postings")
