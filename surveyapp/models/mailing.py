"""Addresses of people invited by mail, what was sent to them, and who wants no mail.

An address hangs on its invitation and never on an answer. It goes some weeks after the round (see privacy/);
the keyed hash of an address that wants no mail outlives it.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from surveyapp.database import db
from surveyapp.models.assessment import Invitation

BEFORE_CLOSING = timedelta(days=3)  # when the last reminder goes out
KINDS = ("invitation", "reminder")
MAILING_STATES = ("planned", "sending", "done", "dropped")
# perhaps: handed to the server when the worker died; never sent again by itself
DELIVERY_STATES = ("waiting", "sending", "sent", "perhaps", "refused")


class Contact(db.Model):
    """Whom a personal invitation goes to."""

    __tablename__ = "contacts"
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    email: Mapped[str] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(default="")
    # Why a mail came back later, entered by hand or from a file; nothing more is sent to it
    bounced: Mapped[str | None]
    invitation: Mapped[Invitation] = relationship()


class OptOut(db.Model):
    """An address that wants no mail of a city, as a keyed hash (see mailing/optout.py)."""

    __tablename__ = "opt_outs"
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(primary_key=True)


class Mailing(db.Model):
    """One wave of mail of a round: the first invitations, later ones, or a reminder planned for a day.

    When it is done, the deliveries that went well are deleted and only their number stays: who was still
    reminded on which day would tell when somebody answered.
    """

    __tablename__ = "mailings"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint(f"state IN {MAILING_STATES}", name="state"),
        CheckConstraint("(kind = 'reminder') = (due_on IS NOT NULL)", name="due_on"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), index=True)
    # Only this group; everybody where it is None
    group_id: Mapped[int | None] = mapped_column(ForeignKey("stakeholder_groups.id", ondelete="CASCADE"))
    kind: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="planned")
    sent: Mapped[int] = mapped_column(default=0)


class Delivery(db.Model):
    """One mail to one address."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(f"status IN {DELIVERY_STATES}", name="status"),
        Index("ix_deliveries_status_not_before", "status", "not_before"),
    )
    mailing_id: Mapped[int] = mapped_column(ForeignKey("mailings.id", ondelete="CASCADE"), primary_key=True)
    invitation_id: Mapped[int] = mapped_column(
        ForeignKey("invitations.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    status: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    error: Mapped[str | None]


def move_last_reminder(round_id: int, before: date | None, after: date) -> None:
    """The reminder planned three days before the end moves with an end that moves to a later day; for an earlier
    one mailing/reminders.py makes room."""
    if before is None or after <= before:
        return
    last = (Mailing.round_id == round_id) & (Mailing.kind == "reminder") & (Mailing.state == "planned")
    db.session.execute(
        update(Mailing)
        .where(last, Mailing.due_on == before - BEFORE_CLOSING)
        .values(due_on=after - BEFORE_CLOSING),
        execution_options={"synchronize_session": False},
    )
