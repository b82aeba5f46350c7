"""The city's own view beside the others', factor by factor, from the most positive to the most critical."""

from dataclasses import dataclass

from surveyapp.analysis.findings import Findings
from surveyapp.analysis.self_view import SelfLabel, SelfView
from surveyapp.charts.agenda import StepsApart, Sureness, steps_apart

OTHERS = 50
"""Where the others stand on the axis, in per cent."""
DIRECTION_ONLY = 33
"""How far from them the city's mark stands where nobody may be told how far."""
WIDEST, ROOM = 2.0, 44
"""A gap of so many steps, or more, takes so much room on its side."""

DOWNWARDS: tuple[SelfLabel, ...] = (
    "more_positive",
    "possibly_more_positive",
    "shared_strength",
    "no_clear_difference",
    "shared_need",
    "possibly_more_critical",
    "more_critical",
    "not_available",
)
FLAGGED: dict[SelfLabel, tuple[int, Sureness]] = {
    "more_positive": (1, "clear"),
    "possibly_more_positive": (1, "early"),
    "more_critical": (-1, "clear"),
    "possibly_more_critical": (-1, "early"),
}


@dataclass(frozen=True, slots=True)
class OwnView:
    factor: str
    label: SelfLabel
    steps: StepsApart | None
    """How far apart, in words; None where there is no difference, or the smallest group does not allow to tell."""
    sure: Sureness | None
    place: int | None
    """Of the city's mark on the axis, in per cent; None where it cannot be compared."""

    @property
    def reach(self) -> int:
        """Length of the line between the city and the others: 0 where nobody may be told how far."""
        return abs(self.place - OTHERS) if self.place is not None and self.steps else 0


def own_views(findings: Findings) -> tuple[OwnView, ...]:
    """Empty where no group is marked as the city's own, or it can be compared on no factor."""
    told = [(key, found.self_view) for key, found in findings.factors.items() if found.self_view]
    if all(view.label == "not_available" for _, view in told):
        return ()
    told.sort(key=lambda item: (DOWNWARDS.index(item[1].label), -(item[1].gap or 0)))
    return tuple(_own_view(factor, view) for factor, view in told)


def _own_view(factor: str, view: SelfView) -> OwnView:
    if view.label not in FLAGGED:
        return OwnView(factor, view.label, None, None, None if view.label == "not_available" else OTHERS)
    side, sure = FLAGGED[view.label]
    if view.gap is None:
        return OwnView(factor, view.label, None, sure, OTHERS + side * DIRECTION_ONLY)
    far = round(ROOM * min(abs(view.gap), WIDEST) / WIDEST)
    return OwnView(factor, view.label, steps_apart(view.gap), sure, OTHERS + side * far)
