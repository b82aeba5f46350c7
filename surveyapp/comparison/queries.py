"""Reads of the round list and of the pages that watch the field: counts only, and never a word on what was said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import case, exists, func, select

from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.database import db
from surveyapp.models import (
    Assessment,
    Batch,
    Draft,
    Invitation,
    Mailing,
    Membership,
    Round,
    StakeholderGroup,
    Tally,
    User,
)
from surveyapp.models.counts import COUNTS, TOOK_PART

# How a group is reached, the way most can still be done about first; staff trying a draft are nobody's channel.
CHANNELS = ("personal", "codes", "paper", "group_link", "import")
# Who was asked can be counted in these: the others are open to whoever comes.
COUNTED = ("personal", "codes")
Advice = Literal["no_channel", "personal", "paused", "codes", "paper", "group_link", "import"]


@dataclass(frozen=True)
class Line:
    """A round in the list, with what matters next."""

    round_: Round
    role: str
    groups: int
    under: int
    """Groups that have not reached the minimum yet; counted while the round is open."""


@dataclass
class Participation:
    """How far the asking has come in one group: exact."""

    group: str
    least: int
    """So many must answer before anything of the group is shown."""
    expected: int | None
    paused: bool
    channels: set[str] = field(default_factory=set)
    invited: int = 0
    started: int = 0
    """Began and have not sent yet."""
    answered: int = 0
    """People with at least one answer, those on paper and in imported files among them."""
    left_out: int = 0
    """People whose answers the lead left out of the results."""
    next_reminder: date | None = None

    @property
    def reached(self) -> int | None:
        """Per cent of what was hoped for, at most 100."""
        return min(100, 100 * self.answered // self.expected) if self.expected else None

    @property
    def missing(self) -> int:
        return max(0, self.least - self.answered)

    @property
    def open_to_all(self) -> bool:
        """Whether more may come than were invited."""
        return bool(self.channels.difference(COUNTED))

    @property
    def advice(self) -> Advice | None:
        """What to do about a group that is still under the minimum."""
        if not self.missing:
            return None
        for channel in CHANNELS:
            if channel in self.channels:
                return "paused" if channel == "personal" and self.paused else channel  # type: ignore[return-value]  # one of CHANNELS
        return "no_channel"


def rounds_of(user: User) -> list[Line]:
    """Rounds of every city in which this person has any role, the newest first."""
    found = db.session.execute(
        select(Round, Membership.role)
        .join(Assessment)
        .join(Membership, Membership.city_id == Assessment.city_id)
        .where(Membership.user_id == user.id)
        .order_by(Round.id.desc())
    ).all()
    counts = _groups_under([round_ for round_, _ in found if round_.state == "open"])
    return [Line(round_, role, *counts.get(round_.id, (0, 0))) for round_, role in found]


def _groups_under(rounds: list[Round]) -> dict[int, tuple[int, int]]:
    """(groups, groups under the minimum) of each round."""
    if not rounds:
        return {}
    people = _people([round_.id for round_ in rounds])
    thresholds = {round_.id: round_.threshold for round_ in rounds}
    counts: dict[int, tuple[int, int]] = {}
    asked = select(StakeholderGroup.round_id, StakeholderGroup.id, StakeholderGroup.kind)
    for round_id, group_id, kind in db.session.execute(
        asked.where(StakeholderGroup.round_id.in_(thresholds))
    ):
        groups, under = counts.get(round_id, (0, 0))
        short = people.get((group_id, True), 0) < _least(thresholds[round_id], kind)
        counts[round_id] = groups + 1, under + short
    return counts


def leads_somewhere(user: User) -> bool:
    leads = select(Membership.id).where(Membership.user_id == user.id, Membership.role == "lead")
    return db.session.scalar(leads.limit(1)) is not None


def participation(round_: Round) -> list[Participation]:
    """One line per group, in group order."""
    lines = {
        group.id: Participation(
            group.key, _least(round_.threshold, group.kind), group.expected, round_.mail_paused
        )
        for group in round_.groups
    }
    for group_id, channel, status, n in _asked(round_):
        line = lines[group_id]
        line.channels.add(channel)
        if status is not None:
            line.invited += n if channel in COUNTED else 0
            line.started += n if status == "started" else 0
    for (group_id, counts), n in _people([round_.id]).items():
        if counts:
            lines[group_id].answered = n
        else:
            lines[group_id].left_out = n
    reminders = _reminders(round_)
    for group_id, line in lines.items():
        due = [day for day in (reminders.get(group_id), reminders.get(None)) if day]
        line.next_reminder = min(due) if due and "personal" in line.channels else None
    return list(lines.values())


def _asked(round_: Round) -> Iterable[Any]:
    """(group, channel, status, invitations); a channel without invitations has one line without a status.

    An invitation that was taken back counts as it did before: only one without an answer is revoked, and a number
    that falls by one would tell the lead that this person has not answered.
    """
    begun = exists().where(Draft.invitation_id == Invitation.id)
    revoked = Invitation.status == "revoked"
    status = case((revoked & begun, "started"), (revoked, "invited"), else_=Invitation.status).label("status")
    return db.session.execute(
        select(Batch.group_id, Batch.channel, status, func.count(Invitation.id))
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .outerjoin(Invitation, Invitation.batch_id == Batch.id)
        .where(StakeholderGroup.round_id == round_.id, COUNTS)
        .group_by(Batch.group_id, Batch.channel, status)
    ).all()


def _people(round_ids: list[int]) -> dict[tuple[int, bool], int]:
    """People with an answer, by (group, whether they make results)."""
    question, category = TOOK_PART
    counts = Batch.left_out.is_(None)
    rows = db.session.execute(
        select(Tally.group_id, counts, func.sum(Tally.n))
        .join(Batch, Batch.id == Tally.batch_id)
        .where(Tally.round_id.in_(round_ids), Tally.question == question, Tally.category == category)
        .where(Batch.channel != "trial")
        .group_by(Tally.group_id, counts)
    )
    return {(group_id, bool(makes_results)): int(n) for group_id, makes_results, n in rows}


def _reminders(round_: Round) -> dict[int | None, date]:
    """The next planned reminder by group; None stands for everybody."""
    rows = db.session.execute(
        select(Mailing.group_id, func.min(Mailing.due_on))
        .where(Mailing.round_id == round_.id, Mailing.kind == "reminder", Mailing.state == "planned")
        .group_by(Mailing.group_id)
    )
    return {group_id: due_on for group_id, due_on in rows if due_on}


def _least(threshold: int, kind: str) -> int:
    return PublicEdition(RULES).threshold(threshold, "persons" if kind == "persons" else "organisations")
