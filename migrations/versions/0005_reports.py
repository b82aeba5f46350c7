"""The report has words of the city, a rating of its context, versions, and files of several kinds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_remarks_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "place", "language", name=op.f("pk_remarks")),
    )
    op.create_table(
        "context_ratings",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("context_factor", sa.String(), nullable=False),
        sa.Column("influence", sa.String(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "influence IN ('no', 'some', 'strong')", name=op.f("ck_context_ratings_influence")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_context_ratings_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "context_factor", name=op.f("pk_context_ratings")),
    )
    op.create_table(
        "report_versions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("prose", sa.JSON(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_report_versions_number")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_report_versions_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_report_versions")),
    )
    with op.batch_alter_table("reports") as reports:
        reports.add_column(sa.Column("kind", sa.String(), nullable=False, server_default="report"))
        reports.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        reports.add_column(sa.Column("progress", sa.Integer(), nullable=False, server_default="0"))
        reports.create_check_constraint("kind", "kind IN ('report', 'leaflet', 'workshop')")
        reports.drop_constraint(op.f("uq_reports_round_id"), type_="unique")
        reports.create_unique_constraint(
            op.f("uq_reports_round_id"), ["round_id", "kind", "language", "edition", "version", "snapshot"]
        )
