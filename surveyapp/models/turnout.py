"""Who was asked and how many came, as everybody may read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select

from surveyapp.analysis.counts import Kind
from surveyapp.analysis.disclosure import PublicEdition, TooFewAnswers
from surveyapp.analysis.rules import RULES
from surveyapp.charts.turnout import Voice
from surveyapp.database import db
from surveyapp.models.assessment import PROMISES, Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.counts import COUNTS, LanguageCount, banded

# Through these channels anyone may come: nobody knows how many were asked, and the number of those who
# began would say how many answered.
OPEN_CHANNELS = ("group_link", "paper", "import")


@dataclass(frozen=True)
class LanguagesUsed:
    """Languages that at least as many people answered in as a group needs to be shown, most used first."""

    least: int
    languages: tuple[str, ...]
    counts: Mapping[str, int]
    """Empty where numbers would give a group away."""


def voices(round_: Round, took_part: Mapping[str, int | str | TooFewAnswers]) -> tuple[Voice, ...]:
    """Every group, in group order; `took_part` by group, as everybody may read it."""
    asked = _asked(round_)
    return tuple(
        Voice(
            group=group.key,
            channels=tuple(channel for channel in PROMISES if channel in asked.get(group.key, {})),
            invited=_invited(asked.get(group.key, {})),
            expected=group.expected,
            least=PublicEdition(RULES).threshold(round_.threshold, cast(Kind, group.kind)),
            people=took_part[group.key],
        )
        for group in round_.groups
    )


def _asked(round_: Round) -> dict[str, dict[str, int]]:
    """Group -> channel -> invitations.

    Whoever was taken back was invited too: only invitations without an answer are revoked, so a number without them
    would tell the lead whether a person whom they took back had answered.
    """
    rows = db.session.execute(
        select(StakeholderGroup.key, Batch.channel, func.count(Invitation.id))
        .select_from(StakeholderGroup)
        .join(Batch, Batch.group_id == StakeholderGroup.id)
        .outerjoin(Invitation, Invitation.batch_id == Batch.id)
        .where(StakeholderGroup.round_id == round_.id, COUNTS)
        .group_by(StakeholderGroup.key, Batch.channel)
    )
    asked: dict[str, dict[str, int]] = {}
    for group, channel, invitations in rows:
        asked.setdefault(group, {})[channel] = invitations
    return asked


def _invited(channels: Mapping[str, int]) -> int | str | None:
    """As a range below twenty, like those who came: of five people invited, "5 to 9 answered" would be five."""
    if not channels or any(channel in OPEN_CHANNELS for channel in channels):
        return None
    return banded(sum(channels.values()))


def languages_used(
    round_: Round, took_part: Mapping[str, int | str | TooFewAnswers], anything_left_out: bool
) -> LanguagesUsed:
    """Numbers only where they add nothing to what is told of the groups.

    All languages together are all groups together. Where a group is hidden or told as a band, the numbers would give
    it away by subtraction (P3), so that languages stand without them; the same where the languages left unnamed are
    so few people that subtracting would count them.
    """
    counted = {
        row.language: row.n
        for row in db.session.scalars(
            select(LanguageCount)
            .where(LanguageCount.round_id == round_.id, LanguageCount.n > 0)
            .order_by(LanguageCount.n.desc(), LanguageCount.language)
        )
    }
    least = max(RULES.persons_floor, round_.threshold)
    named = {language: n for language, n in counted.items() if n >= least}
    exact = all(isinstance(people, int) or _nobody(people) for people in took_part.values())
    unnamed = sum(counted.values()) - sum(named.values())
    tell = exact and not anything_left_out and (unnamed == 0 or unnamed >= least)
    order = tuple(named) if tell else tuple(sorted(named))
    return LanguagesUsed(least, order, named if tell else {})


def _nobody(people: int | str | TooFewAnswers) -> bool:
    return isinstance(people, TooFewAnswers) and people.label == "no_answers"
