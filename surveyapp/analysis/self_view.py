"""The city's own view against the view of everybody else."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.contrast import certainty
from surveyapp.analysis.disclosure import Rated
from surveyapp.analysis.distribution import Distribution, in_place
from surveyapp.analysis.rounding import certainty_of, decimal
from surveyapp.analysis.rules import Rules, at_least, at_most, below, largest

SelfLabel = Literal[
    "more_positive",
    "possibly_more_positive",
    "more_critical",
    "possibly_more_critical",
    "shared_strength",
    "shared_need",
    "no_clear_difference",
    "not_available",
]


@dataclass(frozen=True, slots=True)
class SelfView:
    """All that is told of it: blind spots and hidden strengths (Atwater & Yammarino 1992)."""

    label: SelfLabel
    gap: float | None = None
    """City minus the equal-weight mean of the other visible groups, in steps."""
    certainty: float | None = None

    def as_json(self) -> dict[str, object]:
        return {"label": self.label, "gap": self.gap, "p33": self.certainty}


def self_view(own: Rated | None, others: Sequence[Rated], rules: Rules) -> SelfView:
    """`own` is None when the city is not visible; `others` are the visible groups without it."""
    if own is None or len(others) < 2:
        return SelfView("not_available")
    views = [other.ratings for other in others]
    belief = certainty(own.ratings, views)
    steps = own.ratings.mean - math.fsum(view.mean for view in views) / len(views)
    sure = belief.of_difference(rules.difference)
    precision = min(own.precision, *(other.precision for other in others))
    return SelfView(
        label=_flag(belief.mu, sure, steps, rules) or _shared(own.ratings, views, rules),
        gap=decimal(steps, precision),
        certainty=certainty_of(sure, precision),
    )


def _flag(mu: float, sure: float, steps: float, rules: Rules) -> SelfLabel | None:
    if mu * steps <= 0 or below(abs(steps), rules.self_gap):
        return None
    if at_least(sure, rules.self_certainty):
        return "more_positive" if steps > 0 else "more_critical"
    if at_least(sure, rules.self_possible_certainty):
        return "possibly_more_positive" if steps > 0 else "possibly_more_critical"
    return None


def _shared(own: Distribution, views: Sequence[Distribution], rules: Rules) -> SelfLabel:
    shares = (in_place(own), math.fsum(in_place(view) for view in views) / len(views))
    if at_least(min(shares), rules.shared_strength):
        return "shared_strength"
    if at_most(max(shares), rules.shared_need):
        return "shared_need"
    return "no_clear_difference"


def stands_apart(visible: Sequence[Rated]) -> str | None:
    """The group furthest from all the others together, by |mu|, the first of equals.

    None for fewer than three: of two groups each is as far from the other, and naming one would blame it.
    """
    if len(visible) < 3:
        return None
    return largest(visible, lambda own: _distance_from_others(own, visible)).group


def _distance_from_others(own: Rated, visible: Sequence[Rated]) -> float:
    others = [other.ratings for other in visible if other is not own]
    return abs(certainty(own.ratings, others).mu)
