"""How long a round keeps addresses and comments, and deleting them when their day has come.

Counts, answers and the reports that were made stay. A comment that a report has printed stands there; the sentence
as it was written goes.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Select, delete, exists, func, or_, select, text

from surveyapp.database import db
from surveyapp.models import (
    Batch,
    Comment,
    Contact,
    Delivery,
    Draft,
    Invitation,
    Moderation,
    Response,
    Round,
    StakeholderGroup,
)
from surveyapp.models.assessment import ENDED
from surveyapp.models.audit import SYSTEM, record

MOST_DAYS, MOST_MONTHS = 365, 36


class OnlyShorter(ValueError):
    """After a round has ended people were told how long: nothing may be kept longer than that."""


@dataclass(frozen=True)
class Due:
    """What is deleted of a round, and on which day."""

    round_: Round
    what: Literal["contacts", "comments"]
    on: date
    rows: int


def today() -> date:
    return datetime.now(UTC).date()


def contacts_due(round_: Round) -> date | None:
    """The day on which the addresses of a round go; None while it has not ended."""
    return round_.closed_on + timedelta(days=round_.contacts_keep_days) if round_.closed_on else None


def comments_due(round_: Round) -> date | None:
    return months_after(round_.closed_on, round_.comments_keep_months) if round_.closed_on else None


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def keep_for(round_: Round, contact_days: int, comment_months: int) -> str:
    """Sets both periods; returns what changed, for the log. Raises OnlyShorter."""
    longer = contact_days > round_.contacts_keep_days or comment_months > round_.comments_keep_months
    if round_.ended and longer:
        raise OnlyShorter
    changed = f"addresses {round_.contacts_keep_days} > {contact_days} days, "
    changed += f"comments {round_.comments_keep_months} > {comment_months} months"
    round_.contacts_keep_days, round_.comments_keep_months = contact_days, comment_months
    return changed


def plan(rounds: Iterable[Round]) -> list[Due]:
    """What will go and when, in the order of the days; rounds that still run are not in it."""
    due = []
    for round_ in rounds:
        contacts, comments = contacts_due(round_), comments_due(round_)
        if not round_.ended or contacts is None or comments is None:
            continue
        if rows := _count(_contacts(round_)):
            due.append(Due(round_, "contacts", contacts, rows))
        if rows := _count(_comments(round_)):
            due.append(Due(round_, "comments", comments, rows))
    return sorted(due, key=lambda each: (each.on, each.round_.key))


def rounds_to_look_at() -> list[Round]:
    """Ended rounds that still have something to lose: those marked as done are passed over without a count."""
    left = or_(
        Round.contacts_deleted_on.is_(None),
        Round.comments_deleted_on.is_(None),
        Round.contacts_deleted_on < Round.closed_on,  # it was opened again in between
        Round.comments_deleted_on < Round.closed_on,
    )
    return list(db.session.scalars(select(Round).where(Round.state.in_(ENDED), left).order_by(Round.id)))


def delete_what_is_due(round_: Round, now: date) -> dict[str, int]:
    """Deletes what has had its time in one round and writes it down; says how many rows of what. Safe to run twice."""
    db.session.refresh(round_, with_for_update=True)
    contacts, comments = contacts_due(round_), comments_due(round_)
    gone: dict[str, int] = {}
    if not round_.ended or contacts is None or comments is None:
        return gone
    if contacts <= now and _open(round_.contacts_deleted_on, round_):
        _delete(Delivery, Delivery.invitation_id.in_(_invitations(round_)))
        gone["contacts"] = _delete(Contact, Contact.invitation_id.in_(_invitations(round_)))
        round_.contacts_deleted_on = now
    if comments <= now and _open(round_.comments_deleted_on, round_):
        responses = select(Response.id).where(Response.round_id == round_.id)
        _delete(
            Draft, Draft.invitation_id.in_(_invitations(round_))
        )  # closing has done so: nothing is left to chance
        _delete(Moderation, Moderation.response_id.in_(responses))
        gone["comments"] = _delete(Comment, Comment.response_id.in_(responses))
        round_.comments_deleted_on = now
    if gone:
        record(round_, SYSTEM, "privacy.deleted", ", ".join(f"{what} {rows}" for what, rows in gone.items()))
    return gone


def clear_remains() -> None:
    """After the commit: what a database keeps of deleted rows."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            for table in (Contact, Delivery, Draft, Comment, Moderation):
                connection.execute(text(f"VACUUM {table.__tablename__}"))
        else:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _open(deleted_on: date | None, round_: Round) -> bool:
    return deleted_on is None or (round_.closed_on is not None and deleted_on < round_.closed_on)


def _invitations(round_: Round) -> Select[Any]:
    return (
        select(Invitation.id).join(Batch).join(StakeholderGroup).where(StakeholderGroup.round_id == round_.id)
    )


def _contacts(round_: Round) -> Select[Any]:
    return select(func.count()).where(Contact.invitation_id.in_(_invitations(round_)))


def _comments(round_: Round) -> Select[Any]:
    return (
        select(func.count())
        .select_from(Comment)
        .where(exists().where(Response.id == Comment.response_id, Response.round_id == round_.id))
    )


def _count(query: Select[Any]) -> int:
    return db.session.scalar(query) or 0


def _delete(table: Any, condition: Any) -> int:
    result: Any = db.session.execute(
        delete(table).where(condition), execution_options={"synchronize_session": False}
    )
    return int(result.rowcount)
