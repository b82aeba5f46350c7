"""The city lead's workspace: setting up, inviting by mail, classes, comments, passkeys and the log."""

import base64
import hmac

import sqlalchemy as sa
from alembic import op
from flask import current_app
from flask_security import AsaList

revision = "0002"
down_revision = "0001"

ROUND_STATES = "state IN ('draft', 'open', 'closed', 'reported', 'archived')"
CHANNELS = "channel IN ('personal', 'codes', 'group_link', 'import', 'paper', 'trial')"


def upgrade() -> None:
    _widen("rounds", "ck_rounds_state", ROUND_STATES, _round_columns())
    _widen("batches", "ck_batches_channel", CHANNELS, _batch_columns())
    _never_again("batches")
    _never_again("invitations")
    op.add_column("stakeholder_groups", sa.Column("based_on", sa.String(), nullable=True))
    op.add_column("stakeholder_groups", sa.Column("name", sa.JSON(), nullable=True))
    op.add_column("drafts", sa.Column("began", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE rounds SET shown_on = closed_on WHERE state = 'closed'"
    )  # they were open to be looked at
    _key_the_hashes()
    _mail_tables()
    _other_tables()


def _widen(table: str, check: str, condition: str, columns: list[sa.Column]) -> None:
    """Adds columns and replaces one check; on SQLite by copying the table (foreign keys are off: see env.py)."""
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(check), type_="check")
        batch.create_check_constraint(op.f(check), condition)
        for column in columns:
            batch.add_column(column)
        if table == "batches":
            batch.create_unique_constraint(op.f("uq_batches_class_hash"), ["class_hash"])


def _never_again(table: str) -> None:
    """SQLite gives the number of a deleted row to the next one, and from these numbers links and codes are made."""
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def _round_columns() -> list[sa.Column]:
    empty = sa.text("'[]'")
    return [
        sa.Column("guiding_questions", sa.JSON(), nullable=False, server_default=empty),
        sa.Column("own_questions", sa.JSON(), nullable=False, server_default=empty),
        sa.Column("draft_languages", sa.JSON(), nullable=False, server_default=empty),
        sa.Column("setup_done", sa.JSON(), nullable=False, server_default=empty),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("warned_on", sa.Date(), nullable=True),
        sa.Column("mail_paused", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("contacts_keep_days", sa.Integer(), nullable=False, server_default="90"),
        sa.Column("comments_keep_months", sa.Integer(), nullable=False, server_default="12"),
        sa.Column("contacts_deleted_on", sa.Date(), nullable=True),
        sa.Column("comments_deleted_on", sa.Date(), nullable=True),
    ]


def _batch_columns() -> list[sa.Column]:
    return [
        sa.Column("cap", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("class_hash", sa.String(), nullable=True),
        sa.Column("class_version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("hasty", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("left_out", sa.String(), nullable=True),
    ]


def _key_the_hashes() -> None:
    """Codes have 36 bits: a bare hash told them to whoever held the database. Made again from the key, as the
    tokens of version 0001 were."""
    key = current_app.config["TOKEN_KEY"].encode()

    def derived(kind: str, row: int, version: int) -> bytes:
        return hmac.digest(key, f"{kind}:{row}:{version}".encode(), "sha256")

    def code(kind: str, row: int, version: int) -> str:
        number, letters = int.from_bytes(derived(kind, row, version), "big"), []
        for _ in range(8):
            number, place = divmod(number, 23)
            letters.append("34679ACDEFGHJKMNPQRTWXY"[place])
        return "".join(letters)

    def link(row: int, version: int) -> str:
        return base64.b32encode(derived("personal", row, version)[:15]).decode().lower()

    def keyed(token: str) -> str:
        return hmac.digest(key, f"token:{token}".encode(), "sha256").hex()

    connection = op.get_bind()
    batches = connection.execute(
        sa.text("SELECT id, version FROM batches WHERE token_hash IS NOT NULL")
    ).all()
    invitations = connection.execute(
        sa.text(
            "SELECT invitations.id, invitations.version, channel FROM invitations"
            " JOIN batches ON batches.id = batch_id WHERE invitations.token_hash IS NOT NULL"
        )
    ).all()
    for row, version in batches:
        connection.execute(
            sa.text("UPDATE batches SET token_hash = :hash WHERE id = :row"),
            {"hash": keyed(code("group", row, version)), "row": row},
        )
    for row, version, channel in invitations:
        token = link(row, version) if channel == "personal" else code("code", row, version)
        connection.execute(
            sa.text("UPDATE invitations SET token_hash = :hash WHERE id = :row"),
            {"hash": keyed(token), "row": row},
        )


def _mail_tables() -> None:
    op.create_table(
        "contacts",
        sa.Column("invitation_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("bounced", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_contacts_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_email"), "contacts", ["email"])
    op.create_table(
        "opt_outs",
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"], name=op.f("fk_opt_outs_city_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("city_id", "address_hash", name=op.f("pk_opt_outs")),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_mailings_kind")),
        sa.CheckConstraint(
            "state IN ('planned', 'sending', 'done', 'dropped')", name=op.f("ck_mailings_state")
        ),
        sa.CheckConstraint("(kind = 'reminder') = (due_on IS NOT NULL)", name=op.f("ck_mailings_due_on")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["rounds.id"], name=op.f("fk_mailings_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["stakeholder_groups.id"], name=op.f("fk_mailings_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
    )
    op.create_index(op.f("ix_mailings_round_id"), "mailings", ["round_id"])
    op.create_table(
        "deliveries",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'sending', 'sent', 'perhaps', 'refused')",
            name=op.f("ck_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id"], ["mailings.id"], name=op.f("fk_deliveries_mailing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitations.id"],
            name=op.f("fk_deliveries_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mailing_id", "invitation_id", name=op.f("pk_deliveries")),
    )
    op.create_index(op.f("ix_deliveries_invitation_id"), "deliveries", ["invitation_id"])
    op.create_index("ix_deliveries_status_not_before", "deliveries", ["status", "not_before"])


def _other_tables() -> None:
    op.create_table(
        "moderations",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("response_id", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("shown", sa.String(), nullable=True),
        sa.Column("translation", sa.String(), nullable=True),
        sa.Column("translation_language", sa.String(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'kept', 'shortened', 'hidden')", name=op.f("ck_moderations_state")
        ),
        sa.CheckConstraint("(state = 'shortened') = (shown IS NOT NULL)", name=op.f("ck_moderations_shown")),
        sa.ForeignKeyConstraint(
            ["response_id", "question"],
            ["comments.response_id", "comments.question"],
            name=op.f("fk_moderations_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_moderations")),
        sa.UniqueConstraint("response_id", "question", name=op.f("uq_moderations_response_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("city_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("round_key", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["city_id"], ["cities.id"], name=op.f("fk_audit_entries_city_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_city_id_at", "audit_entries", ["city_id", "at"])
    op.create_table(
        "web_authn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=True),
        sa.Column("transports", AsaList(), nullable=True),
        sa.Column("backup_state", sa.Boolean(), nullable=False),
        sa.Column("device_type", sa.String(length=64), nullable=False),
        sa.Column("extensions", sa.String(length=255), nullable=True),
        sa.Column(
            "create_datetime", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"), nullable=False
        ),
        sa.Column("lastuse_datetime", sa.DateTime(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("usage", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_web_authn_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_authn")),
    )
    op.create_index(op.f("ix_web_authn_credential_id"), "web_authn", ["credential_id"], unique=True)
