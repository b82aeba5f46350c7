"""Which factors stand strongest and weakest across all groups, as an order without a number.

Overall figures are the equal-weight mean of the visible groups, and may be told only as precisely as the
smallest of them. So the order is built from nothing but the published in-place shares: whoever reads the
page could sort it by hand, and it gives nothing further away.
"""

import math
import statistics
from collections.abc import Iterable

from surveyapp.analysis.findings import FactorFindings, Findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.rounding import Share, whole_percent

FEWEST_GROUPS = 2
"""One group's view is its own, not the city's: such a factor takes no place in the order."""
HALF = 50


def by_strength(findings: Findings) -> tuple[str, ...]:
    """Factor keys, strongest first; factors with fewer than two visible groups that count are left out.

    A share counts at the percentage where its bar is drawn (`<=10 %` as 10), the three words as 25 (fewer
    than half), 50 (about half) and 75 (more than half). Equal factors keep the order of the benchmark.
    """
    scores = _scores(findings)
    return tuple(sorted(scores, key=lambda factor: -scores[factor]))


def strongest_and_weakest(findings: Findings, most: int = 3) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Up to `most` factors from each end of the order: (strongest first, weakest first).

    No factor is in both, and one that stands exactly in the middle of the field is in neither: where all
    are alike, none is a strength.
    """
    scores, order = _scores(findings), by_strength(findings)
    if not order:
        return (), ()
    middle = statistics.median(scores.values())
    strongest = [factor for factor in order if scores[factor] > middle]
    weakest = [factor for factor in reversed(order) if scores[factor] < middle]
    return tuple(strongest[:most]), tuple(weakest[:most])


def good_and_not_yet(
    factors: Iterable[FactorFindings], most: int = 3
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Up to `most` factors each: (in place for more than half of every group, for fewer than half of most groups).

    Best first, worst first, counted by hand from the published shares. A factor that one group only could rate
    counts where nobody else was asked anything.
    """
    rated = [(factor.factor, len(factor.groups), _percents(factor)) for factor in factors]
    heard = {key: told for key, asked, told in rated if len(told) >= min(FEWEST_GROUPS, asked)}
    by_mean = sorted(heard, key=lambda key: -statistics.fmean(heard[key]))
    good = [key for key in by_mean if min(heard[key]) > HALF]
    low = {key: sum(percent < HALF for percent in told) for key, told in heard.items()}
    not_yet = [key for key in reversed(by_mean) if 2 * low[key] > len(heard[key])]
    return tuple(good[:most]), tuple(not_yet[:most])


def _percents(factor: FactorFindings) -> list[float]:
    return [share.percent for share in _published_shares(factor)]


def _scores(findings: Findings) -> dict[str, float]:
    shares = {key: _published_shares(factor) for key, factor in findings.factors.items()}
    return {
        key: round(math.fsum(share.percent for share in told) / len(told), 6)
        for key, told in shares.items()
        if len(told) >= FEWEST_GROUPS
    }


def _published_shares(factor: FactorFindings) -> list[Share]:
    return [
        view.in_place
        for view in factor.groups.values()
        if isinstance(view, Perspective) and view.counts and view.in_place
    ]


def mean_shares(findings: Findings) -> dict[str, Share]:
    """Factor -> equal-weight mean of the published in-place shares, as a whole percentage.

    Whoever holds the shares can work it out. Left out where a group is told in words, which are no numbers, and
    where fewer than two groups are heard.
    """
    shares = {key: _published_shares(factor) for key, factor in findings.factors.items()}
    return {
        key: whole_percent(math.fsum(share.percent for share in told) / len(told))
        for key, told in shares.items()
        if len(told) >= FEWEST_GROUPS and all(str(share.text).endswith("%") for share in told)
    }
