"""A city's series on one benchmark, its rounds, whom a round asks and through which channel."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from surveyapp.database import db
from surveyapp.models.people import City

STATES = ("draft", "open", "closed", "reported", "archived")
# Answering is over; whether anybody has seen a result yet says `shown_on`.
ENDED = ("closed", "reported", "archived")
# The promise a respondent reads follows from the channel and can be neither chosen nor changed.
PROMISES = {
    "personal": "confidential",
    "codes": "anonymous",
    "group_link": "anonymous",
    "import": "anonymous",
    "paper": "anonymous",
    "trial": "confidential",  # staff try a draft; everything of it is wiped at opening
}
STATUSES = ("invited", "started", "answered", "revoked")
# The number of a deleted row is never given out again on SQLite either: links, codes and sessions hold to it.
NEVER_AGAIN = {"sqlite_autoincrement": True}


# How a writer holds the round it answers into: any number do so at once, and closing, which takes the row for
# itself, waits for them all; whoever comes while it closes waits, and then reads that it is closed.
WHILE_OPEN: dict[str, Any] = {"read": True, "key_share": True}


class Assessment(db.Model):
    __tablename__ = "assessments"
    __table_args__ = (UniqueConstraint("city_id", "title"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id"))
    title: Mapped[str]
    city: Mapped[City] = relationship(lazy="joined", innerjoin=True)


class Round(db.Model):
    """One fielding. Opening freezes what is asked, in every offered language, into `content`."""

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint("state = 'draft' OR content_hash IS NOT NULL", name="frozen"),
        CheckConstraint("threshold >= 3", name="threshold"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessments.id"), index=True)
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    pack: Mapped[str]
    factors: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    self_group: Mapped[str | None]
    threshold: Mapped[int] = mapped_column(default=5)
    closes_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    # Wording of this round by language: {"contact": {"en": ...}, "next_steps": {...}, "privacy": {...},
    # "invitation_subject": {...}, "invitation_body": {...}, "reminder_subject": {...}, "reminder_body": {...}}
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    # What the lead wants to know, at most three, in the lead's own words
    guiding_questions: Mapped[list[str]] = mapped_column(JSON, default=list)
    # Questions of the city's own: [{"key": "own-1", "factor": "f5", "groups": [...], "texts": {"en": ...}}]
    own_questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    # Languages the lead opened although their translation is a draft: the report says so
    draft_languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    setup_done: Mapped[list[str]] = mapped_column(JSON, default=list)
    opened_on: Mapped[date | None]
    # The day somebody first looked at a result: from then on the round cannot be opened again
    shown_on: Mapped[date | None]
    warned_on: Mapped[date | None]
    mail_paused: Mapped[bool] = mapped_column(default=False)
    contacts_keep_days: Mapped[int] = mapped_column(default=90)
    comments_keep_months: Mapped[int] = mapped_column(default=12)
    contacts_deleted_on: Mapped[date | None]
    comments_deleted_on: Mapped[date | None]
    answers_export: Mapped[bool] = mapped_column(default=False)
    unsent_drafts: Mapped[int | None]
    content_hash: Mapped[str | None]
    content: Mapped[dict[str, Any] | None] = deferred(mapped_column(JSON))

    assessment: Mapped[Assessment] = relationship(lazy="joined", innerjoin=True)
    groups: Mapped[list["StakeholderGroup"]] = relationship(
        back_populates="round", order_by="StakeholderGroup.position", cascade="all, delete-orphan"
    )

    @property
    def city(self) -> City:
        return self.assessment.city

    @property
    def ended(self) -> bool:
        """Whether answering is over."""
        return self.state in ENDED


class StakeholderGroup(db.Model):
    """A group that a round asks. `key` is the pack's, or the city's own for a group `based_on` one of the pack."""

    __tablename__ = "stakeholder_groups"
    __table_args__ = (
        UniqueConstraint("round_id", "key"),
        CheckConstraint("kind IN ('persons', 'organisations')", name="kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    key: Mapped[str]
    kind: Mapped[str]
    position: Mapped[int]
    short: Mapped[bool] = mapped_column(default=False)
    expected: Mapped[int | None]
    based_on: Mapped[str | None]
    # Another name than the pack's, by language; always set for a group of the city's own
    name: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    round: Mapped[Round] = relationship(back_populates="groups")


class Batch(db.Model):
    """One channel into one group: the personal links, one class's codes, one group link, one imported file."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint(f"channel IN {tuple(PROMISES)}", name="channel"),
        CheckConstraint("(channel = 'group_link') = (token_hash IS NOT NULL)", name="group_link"),
        NEVER_AGAIN,
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("stakeholder_groups.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    file_hash: Mapped[str | None] = mapped_column(index=True)
    # How many may start and when (UTC); the class page is the facilitator's, who has no account
    cap: Mapped[int | None]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    class_hash: Mapped[str | None] = mapped_column(unique=True)
    class_version: Mapped[int] = mapped_column(default=1)
    # Sent within 40 seconds of starting
    hasty: Mapped[int] = mapped_column(default=0)
    # Deleted after closing by somebody who held the receipt: the counts of the round stand
    withdrawn: Mapped[int] = mapped_column(default=0, server_default="0")
    # Why its answers are left out of every result; the report prints the reason
    left_out: Mapped[str | None]
    group: Mapped[StakeholderGroup] = relationship(lazy="joined", innerjoin=True)

    @property
    def promise(self) -> str:
        return PROMISES[self.channel]


class Invitation(db.Model):
    """Who was asked. It knows whether an answer came, never when or what: nothing leads from here to a Response."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        Index("ix_invitations_batch_id_status", "batch_id", "status"),
        NEVER_AGAIN,
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(default="invited")
    language: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    # A group link's starts have no token of their own: their session is the only way back.
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    batch: Mapped[Batch] = relationship(lazy="joined", innerjoin=True)


def hold_open(round_id: int) -> bool:
    """Holds a round for this transaction against closing; True while it is open."""
    held = select(Round.state).where(Round.id == round_id).with_for_update(**WHILE_OPEN)
    return db.session.scalar(held) == "open"
