"""When a pooled number may stand beside the groups (P3): subtraction must not give away a hidden group."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Remainder:
    hidden: tuple[str, ...]
    """Groups not shown, in group order: those below the threshold, and those that give them cover."""
    pooled_shown: bool
    """False when even hiding every group leaves the hidden ones too easy to work out."""


def groups_below(answered: Mapping[str, int], threshold: int) -> tuple[str, ...]:
    """Groups with some answers but fewer than the threshold. `answered`: group -> answers, in group order."""
    return tuple(group for group, people in answered.items() if 0 < people < threshold)


def remainder(answered: Mapping[str, int], threshold: int) -> Remainder:
    """Which groups to hide so that a pooled number can be published (Hundepool et al. 2012, ch. 4).

    With mixed thresholds pass the largest. The smallest shown group, the first of equals, joins the hidden
    ones until there are two of them with `threshold` answers together; groups without answers give no
    cover.
    """
    hidden = set(groups_below(answered, threshold))
    shown = sorted(
        (group for group, people in answered.items() if people >= threshold), key=answered.__getitem__
    )
    while hidden and (len(hidden) < 2 or sum(answered[group] for group in hidden) < threshold):
        if not shown:
            return Remainder(tuple(group for group in answered if group in hidden), pooled_shown=False)
        hidden.add(shown.pop(0))
    return Remainder(tuple(group for group in answered if group in hidden), pooled_shown=True)
