"""How precisely a number is told (P7): coarser for smaller groups, so that no count can be worked out."""

import math
from dataclasses import dataclass
from enum import IntEnum

from surveyapp.analysis.contrast import gap
from surveyapp.analysis.distribution import Distribution
from surveyapp.analysis.rules import SLACK, Rules, above, below

HALF = 0.5
QUARTERS = (("few", 10), ("some", 25), ("half", 50), ("most", 75), ("nearly_all", 90))
"""Words for the quarters of a whole, and the percentage at which their bars are drawn."""
EXACT_DECIMALS = 9
"""Beyond these a float holds noise that differs between machines."""


class Precision(IntEnum):
    """From the strictest class to no rounding. A number of several groups takes the smallest of theirs."""

    WORDS = 0
    QUARTERS = 1
    HALF_STEPS = 2
    ONE_DECIMAL = 3
    TWO_DECIMALS = 4
    EXACT = 5
    """Only for counts that people bring themselves."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share as published."""

    text: str | float
    """A word, a rounded percentage such as `30 %` or `<=10 %`, or the bare share in an exact output."""
    percent: float
    """Where its bar is drawn, 0 to 100. For the three in-place words this is their rank only: 25, 50, 75."""


def exact(value: float) -> float:
    """Unrounded for every purpose but comparing machines; and no negative zero."""
    return round(value, EXACT_DECIMALS) + 0.0


def decimal(value: float, precision: Precision) -> float | None:
    """D, delta, EMD, W, B and gaps of larger groups: None below ONE_DECIMAL, halves away from zero."""
    if precision < Precision.ONE_DECIMAL:
        return None
    if precision is Precision.EXACT:
        return exact(value)
    factor = 10 if precision is Precision.ONE_DECIMAL else 100
    return math.copysign(math.floor((abs(value) + SLACK) * factor + HALF), value) / factor + 0.0


def certainty_of(value: float, precision: Precision) -> float | None:
    """P33, from class TWO_DECIMALS on."""
    return None if precision < Precision.TWO_DECIMALS else decimal(value, precision)


def steps_apart(x: Distribution, y: Distribution, precision: Precision) -> float | None:
    """Gap in steps. Below ONE_DECIMAL both means are rounded to half a step before they are subtracted."""
    if precision is Precision.WORDS:
        return None
    if precision >= Precision.ONE_DECIMAL:
        return decimal(gap(x, y), precision)
    middle = (x.scale + 1) / 2
    return (_nearest(x.mean, HALF, middle) - _nearest(y.mean, HALF, middle)) * HALF


def share_of(value: float, people: int, precision: Precision, rules: Rules) -> Share:
    """A share of `people` answers: a word below ten of them, else a percentage on a grid by their number."""
    if precision is Precision.EXACT:
        return _bare(value)
    if precision < Precision.HALF_STEPS:
        return _word(value, rules)
    return _percentage(value, people, rules)


def chart_of(ratings: Distribution, precision: Precision, rules: Rules) -> tuple[Share, ...] | None:
    """The share of every category, lowest first; None where words must do."""
    if precision is Precision.WORDS:
        return None
    if precision is Precision.EXACT:
        return tuple(_bare(share) for share in ratings.shares)
    if precision is Precision.QUARTERS:
        return tuple(Share(*QUARTERS[_nearest(share, 1 / 4, HALF)]) for share in ratings.shares)
    return tuple(_percentage(share, ratings.n, rules) for share in ratings.shares)


def whole_percent(percent: float) -> Share:
    """A mean of shares that are published already, rounded as they are: halves towards 50."""
    rounded = _nearest(percent / 100, 1 / 100, HALF)
    return Share(f"{rounded} %", rounded)


def _bare(value: float) -> Share:
    return Share(exact(value), 100 * value)


def _word(value: float, rules: Rules) -> Share:
    if below(value, rules.fewer_than_half):
        return Share("fewer_than_half", 25)
    if above(value, rules.more_than_half):
        return Share("more_than_half", 75)
    return Share("about_half", 50)


def _percentage(value: float, people: int, rules: Rules) -> Share:
    step, end = next((step, end) for least, step, end in rules.share_grids if people >= least)
    percent = step * _nearest(value, step / 100, HALF)
    if percent <= end:
        return Share(f"<={end} %", end)
    if percent >= 100 - end:
        return Share(f">={100 - end} %", 100 - end)
    return Share(f"{percent} %", percent)


def _nearest(value: float, step: float, middle: float) -> int:
    """Multiples of step next to value; a tie goes towards the middle."""
    lower = math.floor(value / step + SLACK)
    beyond = value / step - lower - HALF
    if abs(beyond) <= SLACK:
        return lower if value > middle else lower + 1
    return lower if beyond < 0 else lower + 1
