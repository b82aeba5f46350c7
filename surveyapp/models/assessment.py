"""A city's series on one benchmark, its rounds, whom a round asks and through which channel."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from surveyapp.database import db
from surveyapp.models.people import City

STATES = ("draft", "open", "closed")
# The promise a respondent reads follows from the channel and can be neither chosen nor changed.
PROMISES = {
    "personal": "confidential",
    "codes": "anonymous",
    "group_link": "anonymous",
    "import": "anonymous",
}
STATUSES = ("invited", "started", "answered", "revoked")


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
    # Wording of this round by language: {"contact": {"en": ...}, "next_steps": {...}}
    texts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
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


class StakeholderGroup(db.Model):
    """A group that a round asks: `key` is the pack's."""

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
    round: Mapped[Round] = relationship(back_populates="groups")


class Batch(db.Model):
    """One channel into one group: the personal links, one class's codes, one group link, one imported file."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint(f"channel IN {tuple(PROMISES)}", name="channel"),
        CheckConstraint("(channel = 'group_link') = (token_hash IS NOT NULL)", name="group_link"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("stakeholder_groups.id", ondelete="CASCADE"), index=True)
    channel: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    file_hash: Mapped[str | None] = mapped_column(index=True)
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
