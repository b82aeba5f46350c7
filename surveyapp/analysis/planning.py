"""What a number of answers will be able to show, for somebody who plans a round.

Rounds are drawn at random and labelled by the rules that label real ones (pairs.py, disclosure.py); nothing is
estimated by a formula of its own, so a change of the rules changes the plan with them.
"""

import math
import random
from collections import Counter
from functools import lru_cache

from surveyapp.analysis.contrast import certainty
from surveyapp.analysis.counts import DEFAULT_THRESHOLD, Kind
from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.distribution import Distribution
from surveyapp.analysis.pairs import pair_label
from surveyapp.analysis.rules import RULES

# Two groups whose middle answers lie two steps apart: "not at all" and "mostly". Six in ten choose the middle
# answer, the others mostly the one beside it, as groups that have an opinion do. The averages are 1.5 steps
# apart, because a scale of four leaves people at its end only one way to scatter.
LOW = (0.60, 0.35, 0.05, 0.00)
HIGH = (0.05, 0.15, 0.60, 0.20)

ROUNDS = 1000  # each figure is within 0.3 of ten of its true value, 95 times in 100
MOST_PEOPLE = 40  # more people show such a difference hardly any oftener: the smaller group sets the limit
ALMOST_ALWAYS = 0.98  # "ten in ten" is said of nothing less


@lru_cache(maxsize=4096)
def found_in_ten(
    answers: int, others: int, kind: Kind = "organisations", threshold: int = DEFAULT_THRESHOLD
) -> int:
    """Of ten rounds, in how many a difference of two steps is found: 0 to 10.

    Held against each other are a group with `answers` ratings and one with `others`; "found" means that the pair
    is labelled `groups_disagree`, the clear label. An early sign does not count: it asks to be looked at again.
    A group below the threshold is not shown, so nothing is found: 0. `kind` is that of the first group; persons
    are never shown below five answers.
    """
    edition = PublicEdition(RULES)
    if answers < edition.threshold(threshold, kind) or others < threshold:
        return 0
    share = _share_found(min(answers, MOST_PEOPLE), min(others, MOST_PEOPLE))
    return 10 if share >= ALMOST_ALWAYS else min(9, math.floor(10 * share + 0.5))


def _share_found(answers: int, others: int) -> float:
    """In half of the rounds the first group is the critical one. Every call asks the same people in the same
    order, so that one more person is one more and not another crowd."""
    low, high = _crowds(LOW), _crowds(HIGH)
    drawn = Counter(
        (_counted(first[:answers]), _counted(second[:others]))
        for number in range(ROUNDS)
        for first, second in [(low[number], high[number])[:: 1 if number % 2 else -1]]
    )
    # Many rounds of small groups come out alike: each outcome is labelled once
    edition = PublicEdition(RULES)
    told = {counts: Distribution.of(edition.ratings(counts)) for pair in drawn for counts in pair}
    found = 0
    for (first, second), times in drawn.items():
        x, y = told[first], told[second]
        found += times * (pair_label(x, y, certainty(x, [y]), RULES) == "groups_disagree")
    return found / ROUNDS


@lru_cache(maxsize=2)
def _crowds(shares: tuple[float, ...]) -> list[list[int]]:
    """The ratings of as many people as ever matter, for every round."""
    # No secret hangs on these numbers: they have to be the same every time
    chance = random.Random(str(shares))  # noqa: S311
    return [chance.choices(range(len(shares)), shares, k=MOST_PEOPLE) for _ in range(ROUNDS)]


def _counted(ratings: list[int]) -> tuple[int, ...]:
    return tuple(map(ratings.count, range(len(LOW))))
