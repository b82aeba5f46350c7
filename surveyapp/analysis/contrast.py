"""How far one group lies from another, and how sure a small table can make us of it (M3).

Effects are signed: positive when the first group rates higher.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul

from surveyapp.analysis.beta import incomplete_beta
from surveyapp.analysis.distribution import Distribution


def cliffs_delta(x: Distribution, y: Distribution) -> float:
    """P(X > Y) - P(X < Y), -1 to 1, for one member of each group drawn at random (Cliff 1993)."""
    return math.fsum(share * sign for share, sign in zip(x.shares, _outranked(y.shares), strict=True))


def superiority(x: Distribution, y: Distribution) -> float:
    """A, 0 to 1: P(X > Y) with ties counted half (Vargha & Delaney 2000)."""
    return (1 + cliffs_delta(x, y)) / 2


def gap(x: Distribution, y: Distribution) -> float:
    """Difference of the means, in steps of the scale."""
    return x.mean - y.mean


def earth_movers_distance(x: Distribution, y: Distribution) -> float:
    """Steps that people of x would have to move on average to lie like y; never less than |gap|."""
    return math.fsum(abs(f - g) for f, g in zip(x.cumulative, y.cumulative, strict=True))


@dataclass(frozen=True)
class Certainty:
    """What the counts let us believe about delta: its mean mu and variance, under a Dirichlet posterior.

    The prior is worth one answer in all, 1/K in each category (Berger, Bernardo & Sun 2015).
    """

    mu: float
    variance: float

    @cached_property
    def _beta(self) -> tuple[float, float]:
        """theta = (1 + delta) / 2 as a Beta(a, b) with the same two moments."""
        theta, variance = (1 + self.mu) / 2, self.variance / 4
        weight = theta * (1 - theta) / variance - 1
        return theta * weight, (1 - theta) * weight

    def of_difference(self, least: float) -> float:
        """P(|delta| > least, on the side of mu): P33 for least = .33."""
        a, b = self._beta
        if self.mu < 0:
            a, b = b, a
        return 1 - incomplete_beta(a, b, (1 + least) / 2)

    def of_likeness(self, most: float) -> float:
        """P(|delta| < most)."""
        a, b = self._beta
        return incomplete_beta(a, b, (1 + most) / 2) - incomplete_beta(a, b, (1 - most) / 2)


def certainty(x: Distribution, others: Sequence[Distribution]) -> Certainty:
    """Belief about the delta between x and one other group, or the equal-weight mean of several.

    The three terms of the variance are the uncertainty of x, of the others, and of both at once. Written
    out per category they are variances of ranks, which spares the matrix products: cost grows with K, not
    with its cube.
    """
    p, weight = _posterior_shares(x), 1 / len(others)
    each = [(_posterior_shares(other), other.n + 2) for other in others]
    mean_of_others = [weight * math.fsum(column) for column in zip(*(q for q, _ in each), strict=True)]
    outranked_by_x = _outranked(mean_of_others)
    outranked_by_others = _outranked(p)
    mu = _mean(p, outranked_by_x)
    variance = _variance(p, outranked_by_x) / (x.n + 2)
    for q, size in each:
        spread = _variance(q, outranked_by_others)
        tied = _mean(p, [1 - share - sign * sign for share, sign in zip(q, _outranked(q), strict=True)])
        variance += weight * weight * (spread + (tied - spread) / (x.n + 2)) / size
    return Certainty(mu, variance)


def _posterior_shares(ratings: Distribution) -> list[float]:
    prior = 1 / ratings.scale
    return [(count + prior) / (ratings.n + 1) for count in ratings.counts]


def _outranked(shares: Sequence[float]) -> list[float]:
    """Per category: the share of people below it minus the share above it."""
    below, above, signs = 0.0, sum(shares), []
    for share in shares:
        above -= share
        signs.append(below - above)
        below += share
    return signs


def _mean(shares: Sequence[float], values: Sequence[float]) -> float:
    return sum(map(mul, shares, values))


def _variance(shares: Sequence[float], values: Sequence[float]) -> float:
    mean = _mean(shares, values)
    return _mean(shares, [(value - mean) ** 2 for value in values])


EFFECTS = ((0.147, "negligible"), (0.33, "small"), (0.474, "medium"))


def effect_size(delta: float) -> str:
    """Word for |delta| (Romano et al. 2006): negligible, small, medium or large."""
    return next((word for bound, word in EFFECTS if abs(delta) < bound), "large")
