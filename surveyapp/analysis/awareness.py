"""Where one group can judge a factor and another cannot."""

from dataclasses import dataclass

from surveyapp.analysis.disclosure import Voice
from surveyapp.analysis.proportions import newcombe
from surveyapp.analysis.rounding import Precision, exact, share_of
from surveyapp.analysis.rules import Rules, above, at_least, below


@dataclass(frozen=True, slots=True)
class AwarenessGap:
    """All that is told of two groups of which one says "I don't know" far more often."""

    groups: tuple[str, str]
    higher: str
    """The group in which more people do not know."""
    difference: float | None
    """Between the two published shares, first minus second."""

    def as_json(self) -> dict[str, object]:
        return {"groups": list(self.groups), "higher": self.higher, "difference": self.difference}


@dataclass(frozen=True, slots=True)
class UnequalAwareness:
    """An awareness gap with its raw size, which picks the widest; only `told` may leave."""

    told: AwarenessGap
    size: float


def compare_awareness(x: Voice, y: Voice, rules: Rules) -> UnequalAwareness | None:
    """None unless the difference of the two don't-know shares is both large and beyond chance."""
    low, high = newcombe((x.dont_know, x.answered), (y.dont_know, y.answered), rules.awareness_z)
    difference = x.dont_know / x.answered - y.dont_know / y.answered
    beyond_chance = above(low, 0) or below(high, 0)
    if not (beyond_chance and at_least(abs(difference), rules.awareness_difference)):
        return None
    higher = x.group if difference > 0 else y.group
    return UnequalAwareness(
        AwarenessGap((x.group, y.group), higher, _difference_told(x, y, rules)), abs(difference)
    )


def _difference_told(x: Voice, y: Voice, rules: Rules) -> float | None:
    if min(x.precision, y.precision) < Precision.HALF_STEPS:
        return None
    first, second = (
        share_of(group.dont_know / group.answered, group.answered, group.precision, rules).percent
        for group in (x, y)
    )
    return exact((first - second) / 100)
