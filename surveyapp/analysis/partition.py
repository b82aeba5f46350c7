"""Spread within groups and between them, every group weighing the same (M5)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.analysis.distribution import Distribution


@dataclass(frozen=True, slots=True)
class Partition:
    """W and B on the scale of D. B is free of small-sample bias and may fall below 0; None for one group."""

    within: float | None
    between: float | None


def partition(groups: Sequence[Distribution]) -> Partition:
    """Ordinal partition (Reardon 2009), equal group weights (Brunner, Konietschke, Bathke & Pauly 2021).

    A group with fewer than two ratings says nothing about spread and stays out.
    """
    groups = [group for group in groups if group.n > 1]
    if not groups:
        return Partition(None, None)
    size, unit = len(groups), 4 / (groups[0].scale - 1)
    noise = [math.fsum(f * (1 - f) for f in group.cumulative) / (group.n - 1) for group in groups]
    within = unit * math.fsum(group.n * v for group, v in zip(groups, noise, strict=True)) / size
    if size == 1:
        return Partition(within, None)
    apart = 0.0
    for column in zip(*(group.cumulative for group in groups), strict=True):
        centre = math.fsum(column) / size
        apart += math.fsum((f - centre) ** 2 for f in column) / size
    return Partition(within, unit * (apart - (1 - 1 / size) * math.fsum(noise) / size))
