"""Reads of the class pages: batches of a round, and how many have come so far, never who."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, func, select

from surveyapp.clock import now
from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Response, Round, StakeholderGroup
from surveyapp.tokens import token_hash

CHANNELS = ("codes", "group_link", "paper")
PER_PAGE = 50


@dataclass(frozen=True)
class Counts:
    """How far one batch has come: sums, as lead and facilitator may see them while the round is open."""

    invited: int | None = None
    """None where nobody is invited one by one: a group link, paper."""
    started: int | None = None
    """Began, those who have sent among them; None on paper."""
    answered: int = 0


def batches(round_: Round, search: str = "") -> Pagination:
    """A page of the round's classes, group by group and by name."""
    wanted = _of(round_).order_by(StakeholderGroup.position, Batch.label, Batch.id)
    if search:
        wanted = wanted.where(Batch.label.icontains(search, autoescape=True))
    return db.paginate(wanted, per_page=PER_PAGE)


def batch_of(round_: Round, batch_id: int, *channels: str) -> Batch | None:
    """A class of this round by number."""
    wanted = _of(round_).where(Batch.id == batch_id, Batch.channel.in_(channels or CHANNELS))
    return db.session.scalar(wanted)


def batch_of_class_page(token: str) -> Batch | None:
    return db.session.scalar(select(Batch).where(Batch.class_hash == token_hash(token)))


def _of(round_: Round) -> Select[Batch]:
    return (
        select(Batch)
        .join(Batch.group)
        .where(StakeholderGroup.round_id == round_.id, Batch.channel.in_(CHANNELS))
    )


def counts(of: Iterable[Batch]) -> dict[int, Counts]:
    """Counts by batch number, in two queries whatever their number."""
    channels = {batch.id: batch.channel for batch in of}
    came: dict[int, dict[str, int]] = {batch: {} for batch in channels}
    by_status = (
        select(Invitation.batch_id, Invitation.status, func.count())
        .where(Invitation.batch_id.in_(channels), Invitation.status != "revoked")
        .group_by(Invitation.batch_id, Invitation.status)
    )
    for batch, status, n in db.session.execute(by_status):
        came[batch][status] = n
    paper = [batch for batch, channel in channels.items() if channel == "paper"]
    entered = _entered(paper) if paper else {}
    return {
        batch: Counts(answered=entered.get(batch, 0)) if channel == "paper" else _counts(channel, came[batch])
        for batch, channel in channels.items()
    }


def _entered(paper: list[int]) -> dict[int, int]:
    """Sheets entered: every one is a response."""
    sent = select(Response.batch_id, func.count()).where(Response.batch_id.in_(paper))
    return dict(db.session.execute(sent.group_by(Response.batch_id)).all())


def _counts(channel: str, came: dict[str, int]) -> Counts:
    answered = came.get("answered", 0)
    invited = sum(came.values()) if channel == "codes" else None
    return Counts(invited, came.get("started", 0) + answered, answered)


def window_state(batch: Batch) -> str:
    """`always`, `early`, `open` or `over`: where the batch stands in its window of time."""
    if batch.opens_at is None and batch.closes_at is None:
        return "always"
    if batch.opens_at is not None and now() < batch.opens_at:
        return "early"
    return "over" if batch.closes_at is not None and now() >= batch.closes_at else "open"
