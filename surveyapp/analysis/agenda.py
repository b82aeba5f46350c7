"""In which order a city should talk about its key factors."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.analysis.rules import largest


@dataclass(frozen=True, slots=True)
class Standing:
    """What ranks a factor: its tier, 1 first, then how far its groups lie apart: raw B, None without two."""

    factor: str
    tier: int
    between: float | None


def agenda_order(standings: Sequence[Standing]) -> tuple[str, ...]:
    """Factor keys, most urgent first. `standings` are in the order of the benchmark, which breaks ties."""
    left, order = list(standings), []
    while left:
        tier = min(standing.tier for standing in left)
        following = largest([standing for standing in left if standing.tier == tier], _distance)
        left.remove(following)
        order.append(following.factor)
    return tuple(order)


def _distance(standing: Standing) -> float:
    return -math.inf if standing.between is None else standing.between
