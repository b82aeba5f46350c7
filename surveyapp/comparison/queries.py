"""Reads of the comparison pages."""

from dataclasses import dataclass

from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import Assessment, Batch, Invitation, Membership, Round, StakeholderGroup, Tally, User
from surveyapp.models.counts import TOOK_PART


@dataclass(frozen=True)
class Participation:
    """How far the asking has come in one group: exact, and without a word on what was said."""

    group: str
    invited: int
    started: int
    """Began and have not sent yet."""
    answered: int
    """People with at least one answer, imported ones among them."""
    expected: int | None

    @property
    def reached(self) -> int | None:
        """Per cent of what was hoped for, at most 100."""
        return min(100, 100 * self.answered // self.expected) if self.expected else None


def rounds_of(user: User) -> list[Round]:
    """Rounds of every city whose lead this person is, the newest first."""
    return list(
        db.session.scalars(
            select(Round)
            .join(Assessment)
            .join(Membership, Membership.city_id == Assessment.city_id)
            .where(Membership.user_id == user.id, Membership.role == "lead")
            .order_by(Round.id.desc())
        )
    )


def participation(round_: Round) -> list[Participation]:
    """One line per group, in group order."""
    invitations = {
        (group, status): n
        for group, status, n in db.session.execute(
            select(Batch.group_id, Invitation.status, func.count())
            .join(Batch)
            .join(StakeholderGroup)
            .where(StakeholderGroup.round_id == round_.id, Invitation.status != "revoked")
            .group_by(Batch.group_id, Invitation.status)
        )
    }
    question, category = TOOK_PART
    people = {
        group: int(n)
        for group, n in db.session.execute(
            select(Tally.group_id, func.sum(Tally.n))
            .where(Tally.round_id == round_.id, Tally.question == question, Tally.category == category)
            .group_by(Tally.group_id)
        )
    }
    return [
        Participation(
            group=group.key,
            invited=sum(n for (key, _), n in invitations.items() if key == group.id),
            started=invitations.get((group.id, "started"), 0),
            answered=people.get(group.id, 0),
            expected=group.expected,
        )
        for group in round_.groups
    ]
