"""Two more measures of agreement, for readers of `analyse --exact` who know them. They decide nothing."""

import math

from surveyapp.analysis.distribution import Distribution


def agreement_a(ratings: Distribution) -> float:
    """A, -1 (two camps at the ends) over 0 (uniform) to 1 (one category), by layers (van der Eijk 2001)."""
    left = list(ratings.counts)
    total = 0.0
    while any(left):
        pattern = [count > 0 for count in left]
        height = min(count for count in left if count)
        total += height * sum(pattern) / ratings.n * _layer_agreement(pattern)
        left = [count - height if count else 0 for count in left]
    return total


def _layer_agreement(pattern: list[bool]) -> float:
    scale, used = len(pattern), sum(pattern)
    return _unimodality(pattern) * (1 - (used - 1) / (scale - 1))


def _unimodality(pattern: list[bool]) -> float:
    """Weighs triples of categories: 110 and 011 speak for one peak, 101 against it."""
    scale = len(pattern)
    with_peak = with_gap = 0
    for i in range(scale):
        for j in range(i + 1, scale):
            for k in range(j + 1, scale):
                triple = (pattern[i], pattern[j], pattern[k])
                with_peak += triple in ((True, True, False), (False, True, True))
                with_gap += triple == (True, False, True)
    if with_peak + with_gap == 0:
        return 1.0
    return ((scale - 2) * with_peak - (scale - 1) * with_gap) / ((scale - 2) * (with_peak + with_gap))


def consensus(ratings: Distribution) -> float:
    """Cns, 0 (half at each end) to 1 (one category), an entropy of distances (Tastle & Wierman 2007)."""
    width = ratings.scale - 1
    return 1 + math.fsum(
        share * math.log2(1 - abs(category - ratings.mean) / width)
        for category, share in enumerate(ratings.shares, start=1)
        if share
    )
