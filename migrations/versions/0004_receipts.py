"""Receipts: a code that only its holder knows finds one sent answer again; recordings read questions aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("responses", sa.Column("receipt_hash", sa.String(), nullable=True))
    op.create_index("ix_responses_receipt_hash", "responses", ["receipt_hash"], unique=True)
    op.add_column("batches", sa.Column("withdrawn", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "recordings",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("sound", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"], name=op.f("fk_recordings_city_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("city_id", "language", "text_hash", name=op.f("pk_recordings")),
    )
    op.create_index("ix_recordings_sound", "recordings", ["sound"])
