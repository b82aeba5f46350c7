"""Reads of the report and of the page that follows its making."""

from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Report, Round, StakeholderGroup
from surveyapp.models.counts import COUNTS

# Through these channels anyone may come: nobody knows how many were asked, and the number of those who
# began would say how many answered.
OPEN_CHANNELS = ("group_link", "paper", "import")


def invited(round_: Round) -> dict[str, int]:
    """People invited by name or code, by group; groups that an open channel led to are missing.

    Whoever was taken back was invited too: only invitations without an answer are revoked, so a number without them
    would tell the lead whether a person whom they took back had answered.
    """
    asked = db.session.execute(
        select(StakeholderGroup.key, Batch.channel, func.count(Invitation.id))
        .select_from(StakeholderGroup)
        .join(Batch, Batch.group_id == StakeholderGroup.id)
        .outerjoin(Invitation, Invitation.batch_id == Batch.id)
        .where(StakeholderGroup.round_id == round_.id, COUNTS)
        .group_by(StakeholderGroup.key, Batch.channel)
    ).all()
    open_ = {group for group, channel, _ in asked if channel in OPEN_CHANNELS}
    numbers: dict[str, int] = {}
    for group, _, n in asked:
        if group not in open_:
            numbers[group] = numbers.get(group, 0) + n
    return numbers


def report_of(round_: Round, report_id: int) -> Report | None:
    return db.session.scalar(select(Report).where(Report.id == report_id, Report.round_id == round_.id))
