"""Keep customers' pictures for staff."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("conversation", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["messages.id"], name=op.f("fk_pictures_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
    )
    op.create_index("ix_pictures_conversation", "pictures", ["conversation", "kept_at", "id"])
    op.create_index("ix_pictures_kept_at", "pictures", ["kept_at"])
    op.create_table(
        "picture_pieces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["picture"], ["pictures.id"], name=op.f("fk_picture_pieces_picture"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture_pieces")),
    )
    op.create_index("ix_picture_pieces_picture", "picture_pieces", ["picture", "number"])


def downgrade() -> None:
    op.drop_table("picture_pieces")
    op.drop_table("pictures")
