"""Which factors stand strongest and weakest across all groups, as an order without a number.

Overall figures are the equal-weight mean of the visible groups, and may be told only as precisely as the
smallest of them. So the order is built from nothing but the published in-place shares: whoever reads the
page could sort it by hand, and it gives nothing further away.
"""

import math
import statistics

from surveyapp.analysis.findings import FactorFindings, Findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.rounding import Share

FEWEST_GROUPS = 2
"""One group's view is its own, not the city's: such a factor takes no place in the order."""


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
