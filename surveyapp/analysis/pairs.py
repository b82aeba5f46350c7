"""Where two groups part."""

from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.contrast import (
    Certainty,
    certainty,
    cliffs_delta,
    earth_movers_distance,
    effect_size,
    gap,
)
from surveyapp.analysis.disclosure import Rated
from surveyapp.analysis.distribution import Distribution
from surveyapp.analysis.rounding import certainty_of, decimal, steps_apart
from surveyapp.analysis.rules import Rules, at_least, below

PairLabel = Literal["groups_disagree", "early_sign", "no_clear_difference"]


@dataclass(frozen=True, slots=True)
class Pair:
    """All that is told of two visible groups; numbers are signed, first minus second."""

    groups: tuple[str, str]
    label: PairLabel
    higher: str | None
    """The group that rates higher, where the label says they differ."""
    delta: float | None
    gap: float | None
    distance: float | None
    certainty: float | None

    @property
    def effect(self) -> str | None:
        """Word for the size of the published delta, None where it is not published."""
        return None if self.delta is None else effect_size(self.delta)

    def as_json(self) -> dict[str, object]:
        return {
            "groups": list(self.groups),
            "label": self.label,
            "higher": self.higher,
            "delta": self.delta,
            "gap": self.gap,
            "emd": self.distance,
            "p33": self.certainty,
        }


@dataclass(frozen=True, slots=True)
class HiddenPair:
    """Two groups of which at least one cannot be heard. No numbers, by type."""

    groups: tuple[str, str]
    label: Literal["not_enough_answers"] = "not_enough_answers"

    def as_json(self) -> dict[str, object]:
        return {"groups": list(self.groups), "label": self.label}


@dataclass(frozen=True, slots=True)
class Contrast:
    """A pair with the raw numbers that decide its factor's label; only `told` may leave."""

    told: Pair
    certainty: float
    distance: float
    same_average: bool
    """As high as each other, yet spread quite differently."""


def compare(x: Rated, y: Rated, rules: Rules) -> Contrast:
    """Hold two visible groups against each other."""
    a, b = x.ratings, y.ratings
    belief, steps, distance = certainty(a, [b]), gap(a, b), earth_movers_distance(a, b)
    sure = belief.of_difference(rules.difference)
    label = pair_label(a, b, belief, rules)
    precision = min(x.precision, y.precision)
    ahead = x.group if steps > 0 else y.group
    return Contrast(
        told=Pair(
            groups=(x.group, y.group),
            label=label,
            higher=None if label == "no_clear_difference" else ahead,
            delta=decimal(cliffs_delta(a, b), precision),
            gap=steps_apart(a, b, precision),
            distance=decimal(distance, precision),
            certainty=certainty_of(sure, precision),
        ),
        certainty=sure,
        distance=distance,
        same_average=(
            below(abs(steps), rules.same_average_gap)
            and at_least(distance, rules.same_average_distance)
            and min(a.n, b.n) >= rules.same_average_people
        ),
    )


def pair_label(a: Distribution, b: Distribution, belief: Certainty, rules: Rules) -> PairLabel:
    """`no_clear_difference` never means that two groups agree."""
    if is_clear(a, b, belief, rules) and min(a.n, b.n) >= rules.clear_people:
        return "groups_disagree"
    return "early_sign" if is_early_sign(a, b, belief, rules) else "no_clear_difference"


def is_clear(a: Distribution, b: Distribution, belief: Certainty, rules: Rules) -> bool:
    """A difference that is nearly certain and at least half a step wide."""
    return _certain_and_wide(gap(a, b), belief, rules.clear_certainty, rules.clear_gap, rules)


def is_early_sign(a: Distribution, b: Distribution, belief: Certainty, rules: Rules) -> bool:
    """The fewer people, the wider the gap has to be; an even scale pushes means apart, having no middle."""
    smaller = min(a.n, b.n)
    if smaller < rules.very_few_below:
        width = rules.early_gap_very_few
    elif smaller < rules.few_answers_below and a.scale % 2 == 0:
        width = rules.early_gap_few_even
    else:
        width = rules.early_gap
    return _certain_and_wide(gap(a, b), belief, rules.early_certainty, width, rules)


def _certain_and_wide(steps: float, belief: Certainty, sure: float, width: float, rules: Rules) -> bool:
    # Ranks and means can point in opposite directions; then neither may be called higher.
    same_direction = belief.mu * steps > 0
    return (
        same_direction
        and at_least(abs(steps), width)
        and at_least(belief.of_difference(rules.difference), sure)
    )
