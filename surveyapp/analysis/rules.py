"""Every threshold of the comparison, in one frozen object, and the comparisons that forgive rounding errors.

The values were chosen by simulation of false alarms and power at realistic group sizes. Changing one
changes what cities are told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

SLACK = 1e-9
"""Sums of shares miss a threshold by a rounding error; so much is forgiven, and so close is a tie."""


def at_least(value: float, threshold: float) -> bool:
    return value >= threshold - SLACK


def at_most(value: float, threshold: float) -> bool:
    return value <= threshold + SLACK


def above(value: float, threshold: float) -> bool:
    return value > threshold + SLACK


def below(value: float, threshold: float) -> bool:
    return value < threshold - SLACK


def largest(items: Sequence[T], size: Callable[[T], float]) -> T:
    """The item of largest size; the first of those that are equal but for rounding."""
    top = max(map(size, items))
    return next(item for item in items if at_least(size(item), top))


@dataclass(frozen=True)
class Rules:
    """People are whole numbers, gaps are steps of the scale, everything else is a share of 1."""

    # Who is shown. The table brings the threshold k promised to its round; persons keep this floor.
    persons_floor: int = 5
    free_text_people: int = 10

    # How precisely a number is told, by the smallest group it is made of.
    quarters_from: int = 5
    shares_from: int = 10
    decimals_from: int = 20
    two_decimals_from: int = 100
    top_coding_below: int = 300
    share_grids: tuple[tuple[int, int, int], ...] = ((300, 1, 1), (100, 1, 2), (40, 5, 5), (10, 10, 10))
    """(from this many answers, step in percent, end in percent): an end of 5 means `<=5 %` and `>=95 %`."""
    fewer_than_half: float = 0.375
    more_than_half: float = 0.625

    # Inside one group. "Odd" and "even" are numbers of categories: an even scale has no middle to sit on.
    few_answers_below: int = 10
    camp_people: int = 2
    camp_share: float = 0.25
    split_odd: float = 0.60
    split_even: float = 0.70
    split_allowance: float = 0.30
    """Added to the split threshold, divided by the square root of n: small groups scatter more by chance."""
    wide_camp_share: float = 0.30
    possible_split_even: float = 0.88
    agreement_odd: float = 0.55
    agreement_even: float = 0.60

    # Between two groups.
    difference: float = 0.33
    """|delta| that matters: the lower end of a medium effect (Romano et al. 2006)."""
    clear_certainty: float = 0.95
    clear_gap: float = 0.5
    clear_people: int = 5
    early_certainty: float = 0.80
    early_gap: float = 1.0
    early_gap_few_even: float = 1.25
    early_gap_very_few: float = 1.5
    very_few_below: int = 5
    no_doubt_of_agreement: float = 0.60
    """Broad agreement needs every pair's certainty of a difference to stay below this."""
    same_average_gap: float = 0.25
    same_average_distance: float = 0.75
    same_average_people: int = 20

    # The city against the others.
    self_certainty: float = 0.90
    self_possible_certainty: float = 0.75
    self_gap: float = 0.5
    shared_strength: float = 0.60
    shared_need: float = 0.40

    # Don't know. The two z cut an 80 % and a 90 % interval.
    dont_know_people: int = 2
    dont_know_share: float = 0.30
    dont_know_lower_bound: float = 0.20
    dont_know_z: float = 1.2816
    awareness_difference: float = 0.25
    awareness_z: float = 1.6449

    # Between rounds.
    stable_certainty: float = 0.80
    consensus_share: float = 0.75


RULES = Rules()
