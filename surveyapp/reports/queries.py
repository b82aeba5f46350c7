"""Reads of the report and of the page that follows its making."""

from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Report, Round, StakeholderGroup

# Through these channels anyone may come: nobody knows how many were asked, and the number of those who
# began would say how many answered.
OPEN_CHANNELS = ("group_link", "import")


def invited(round_: Round) -> dict[str, int]:
    """People invited by name or code, by group; groups that an open channel led to are left out."""
    asked = db.session.execute(
        select(StakeholderGroup.key, Batch.channel, func.count(Invitation.id))
        .select_from(StakeholderGroup)
        .join(Batch, Batch.group_id == StakeholderGroup.id)
        .outerjoin(Invitation, (Invitation.batch_id == Batch.id) & (Invitation.status != "revoked"))
        .where(StakeholderGroup.round_id == round_.id)
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
