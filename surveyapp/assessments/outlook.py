"""What the expected numbers can show, worked out by the rules that will label the results."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median_low
from typing import cast

from surveyapp.analysis.counts import Kind
from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.planning import found_in_ten
from surveyapp.analysis.rules import RULES
from surveyapp.models import Round, StakeholderGroup

# Numbers to compare with. The first that finds more is named, and each costs a simulation (some 20 ms, once)
LADDER = (10, 15, 20, 30)
GOOD = 9  # found 9 times in 10: more people add little


@dataclass(frozen=True)
class Outlook:
    """Of ten rounds, in how many a difference of two steps between this group and a usual other one is found."""

    answers: int
    least: int
    """Fewer answers than this are not shown."""
    others: int | None
    """How many answers the other group has; None where no other group is asked or shown."""
    found: int = 0
    more: int | None = None
    """A number of answers that would find it oftener, and how often."""
    found_with_more: int = 0

    @property
    def hidden(self) -> bool:
        return self.answers < self.least


def outlooks(round_: Round) -> Mapping[str, Outlook]:
    """Group -> what its expected number can show. Groups without a number have none."""
    return {group.key: _outlook(group, round_) for group in round_.groups if group.expected}


def _outlook(group: StakeholderGroup, round_: Round) -> Outlook:
    answers, kind, least = group.expected or 0, cast(Kind, group.kind), _least(group, round_)
    shown = [
        other.expected
        for other in round_.groups
        if other is not group and other.expected and other.expected >= _least(other, round_)
    ]
    if not shown or answers < least:
        return Outlook(answers, least, None)
    others = median_low(shown)
    found = found_in_ten(answers, others, kind, round_.threshold)
    for more in LADDER:
        if more > answers and found < GOOD:
            oftener = found_in_ten(more, others, kind, round_.threshold)
            if oftener > found:
                return Outlook(answers, least, others, found, more, oftener)
    return Outlook(answers, least, others, found)


def _least(group: StakeholderGroup, round_: Round) -> int:
    return PublicEdition(RULES).threshold(round_.threshold, cast(Kind, group.kind))
