"""What was said. A draft hangs on its invitation, for resuming; a sent Response hangs on nothing but its group.

Sent rows carry no date, no language, no address and a random key, and live in tables without an order of
their own on SQLite (WITHOUT ROWID). What remains to tie them before the round closes (PostgreSQL's xmin and
ctid) is wiped at closing by rewriting every row: see assessments/actions.py.
"""

import secrets

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.database import db

UNORDERED = {"sqlite_with_rowid": False}
COMMENT_STATES = ("pending", "kept", "shortened", "hidden")


def random_key() -> str:
    """128 random bits: neither time nor order can be read from it."""
    return secrets.token_hex(16)


class Draft(db.Model):
    """Answers given and not yet sent. One per invitation, so two browsers on one link share it."""

    __tablename__ = "drafts"
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    # Codes and group links resume in the same browser only: hash of a key in its session.
    browser_hash: Mapped[str | None]
    # Seconds since 1970 at the start, to count hasty answers of codes and group links; goes with the draft
    began: Mapped[int | None]


class DraftAnswer(db.Model):
    __tablename__ = "draft_answers"
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("drafts.invitation_id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]


class DraftComment(db.Model):
    __tablename__ = "draft_comments"
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("drafts.invitation_id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class Response(db.Model):
    __tablename__ = "responses"
    __table_args__ = (
        Index("ix_responses_batch_id", "batch_id"),
        Index("ix_responses_receipt_hash", "receipt_hash", unique=True),
        UNORDERED,
    )
    id: Mapped[str] = mapped_column(primary_key=True, default=random_key)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("stakeholder_groups.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    # Keyed hash of the code on the receipt, random and known to its holder alone: the one way back to this row
    receipt_hash: Mapped[str | None]


class Answer(db.Model):
    """`choice` is a code of the scale (0, 1, ...), `dk` or `na`; a skipped question has no row."""

    __tablename__ = "answers"
    __table_args__ = (UNORDERED,)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    choice: Mapped[str]


class Comment(db.Model):
    __tablename__ = "comments"
    __table_args__ = (UNORDERED,)
    response_id: Mapped[str] = mapped_column(ForeignKey("responses.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class Moderation(db.Model):
    """What becomes of one comment, decided by a person after closing. Its random key is all that staff work with."""

    __tablename__ = "moderations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "question"], ["comments.response_id", "comments.question"], ondelete="CASCADE"
        ),
        UniqueConstraint("response_id", "question"),
        CheckConstraint(f"state IN {COMMENT_STATES}", name="state"),
        CheckConstraint("(state = 'shortened') = (shown IS NOT NULL)", name="shown"),
        UNORDERED,
    )
    key: Mapped[str] = mapped_column(primary_key=True, default=random_key)
    response_id: Mapped[str]
    question: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    # The shortened text, with a mark where something is left out
    shown: Mapped[str | None]
    translation: Mapped[str | None]
    translation_language: Mapped[str | None]


class CodeTry(db.Model):
    """Wrong codes typed per hour under a keyed hash of the address, which changes every hour: no address is kept."""

    __tablename__ = "code_tries"
    bucket: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(index=True)
    tries: Mapped[int]
