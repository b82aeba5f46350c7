"""How the ratings of one group lie on the scale: level and spread (M1, M2).

Categories are numbered 1..K here; the answer codes 0..K-1 exist in the CSV files only.
"""

import math
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Distribution:
    """Counts per category with what every measure needs of them. Raw numbers, none fit to be shown."""

    counts: tuple[int, ...]
    n: int
    shares: tuple[float, ...]
    cumulative: tuple[float, ...]
    """F_k for k = 1..K-1; the last one would always be 1."""
    mean: float

    @classmethod
    def of(cls, counts: tuple[int, ...]) -> "Distribution":
        """Raises ZeroDivisionError for a group without ratings: it has no distribution."""
        n = sum(counts)
        return cls(
            counts=counts,
            n=n,
            shares=tuple(count / n for count in counts),
            cumulative=tuple(below / n for below in accumulate(counts[:-1])),
            mean=sum(category * count for category, count in enumerate(counts, start=1)) / n,
        )

    @property
    def scale(self) -> int:
        return len(self.counts)


@dataclass(frozen=True, slots=True)
class Camps:
    """People below, on and above the middle of the scale; an even scale has nobody on it."""

    low: int
    middle: int
    high: int

    @property
    def smaller(self) -> int:
        return min(self.low, self.high)

    @property
    def larger(self) -> int:
        return max(self.low, self.high)


def camps(ratings: Distribution) -> Camps:
    half = ratings.scale // 2
    low, high = sum(ratings.counts[:half]), sum(ratings.counts[-half:])
    return Camps(low, ratings.n - low - high, high)


def median(ratings: Distribution) -> float:
    """Lowest category that half the people do not exceed; halfway to the next one in use on an exact half."""
    reached = list(accumulate(ratings.counts))
    lowest = next(category for category, people in enumerate(reached) if 2 * people >= ratings.n)
    if 2 * reached[lowest] > ratings.n:
        return float(lowest + 1)
    following = next(category for category, people in enumerate(reached) if 2 * people > ratings.n)
    return (lowest + following) / 2 + 1


def in_place(ratings: Distribution) -> float:
    """Share of people in the top half of the scale, 0 to 1."""
    return camps(ratings).high / ratings.n


def dispersion(ratings: Distribution) -> float:
    """D, 0 (all in one category) to 1 (half at each end): one minus l squared (Blair & Lacy 2000)."""
    return 4 / (ratings.scale - 1) * math.fsum(share * (1 - share) for share in ratings.cumulative)


def mean_difference(ratings: Distribution) -> float | None:
    """GMD: how many steps two members lie apart on average; None for fewer than two members (Gini 1912)."""
    if ratings.n < 2:
        return None
    return ratings.n / (ratings.n - 1) * dispersion(ratings) * (ratings.scale - 1) / 2
