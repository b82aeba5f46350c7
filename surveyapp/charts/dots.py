"""All groups of every factor on one axis: where they stand, and how far apart, the widest difference first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from surveyapp.analysis.findings import Findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.charts.agenda import STEPS_APART, Difference, Point, StepsApart, Sureness, point
from surveyapp.charts.bars import column, position
from surveyapp.charts.matrix import Row

WIDEST_FIRST: tuple[StepsApart | None, ...] = (*(word for _, word in STEPS_APART), None)


@dataclass(frozen=True, slots=True)
class Dot:
    """A group whose middle answer may be told."""

    number: int
    """From 1, in group order: it stands in the mark, so that no group needs a colour."""
    view: Perspective
    place: int
    """Of the middle answer on the axis, in per cent."""
    sure: Sureness | None
    """How sure it is that this group differs from another."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A dot on its line."""

    dot: Dot
    space: int
    """Width from the dot before it, or from the start of the axis; in per cent."""
    reach: Sureness | None
    """Set where this space is the difference between the two."""


Line = tuple[Placed, ...]


@dataclass(frozen=True)
class Standing:
    """How the groups stand on one factor."""

    point: Point
    difference: Difference | None
    """The widest of the surest."""
    lines: tuple[Line, ...]
    """As many as it takes for no dot to cover another."""
    in_words: tuple[Perspective, ...]
    """Small groups of persons: how many say it is in place, without a level."""

    @property
    def factor(self) -> str:
        return self.point.factor

    @property
    def dots(self) -> tuple[Dot, ...]:
        return tuple(
            sorted((placed.dot for line in self.lines for placed in line), key=lambda dot: dot.number)
        )


@dataclass(frozen=True)
class DotPlot:
    scale: int
    standings: tuple[Standing, ...]

    @property
    def column(self) -> int:
        """Width of one step on the axis."""
        return column(self.scale)

    @property
    def in_words(self) -> bool:
        return any(standing.in_words for standing in self.standings)


def dot_plot(findings: Findings, rows: Iterable[Row], scale: int) -> DotPlot:
    """One standing for every row of the matrix: by the words for its difference, clear before early; without one, and
    among equals, in agenda order."""
    by_factor = {row.factor: _standing(point(findings.factors[row.factor]), row, scale) for row in rows}
    in_order = [by_factor[factor] for factor in findings.agenda]
    return DotPlot(scale, tuple(sorted(in_order, key=_narrowness)))


def _narrowness(standing: Standing) -> tuple[int, bool]:
    told = standing.difference
    return (
        (len(WIDEST_FIRST), False) if told is None else (WIDEST_FIRST.index(told.steps), told.sure == "early")
    )


def _standing(told: Point, row: Row, scale: int) -> Standing:
    sure: dict[str, Sureness] = {}
    for difference in reversed(told.differences):  # the surest come first
        sure |= dict.fromkeys((difference.higher, difference.lower), difference.sure)
    rated = [
        (number, cell.view)
        for number, cell in enumerate(row.cells, 1)
        if cell.view is not None and cell.empty is None
    ]
    dots = [
        Dot(
            number,
            view,
            position(view.median, scale),
            sure.get(view.group),
        )
        for number, view in rated
        if view.median is not None
    ]
    widest = _widest(told.differences)
    return Standing(
        point=told,
        difference=widest,
        lines=_lines(dots, widest),
        in_words=tuple(view for _, view in rated if view.median is None),
    )


def _widest(differences: Sequence[Difference]) -> Difference | None:
    """Of equals the first, which is the one that gives the reason."""
    return min(
        differences, key=lambda told: (told.sure == "early", WIDEST_FIRST.index(told.steps)), default=None
    )


def _lines(dots: Sequence[Dot], difference: Difference | None) -> tuple[Line, ...]:
    """The pair that differs on the first line, with nothing between the two; every other dot on the first line that
    has room at its place."""
    pair = _pair(dots, difference)
    lines = [pair] if pair else []
    for dot in sorted(dots, key=lambda dot: (dot.place, dot.number)):
        if dot in pair:
            continue
        free = next((line for line in lines if _has_room(line, dot, pair)), None)
        if free is None:
            lines.append(free := [])
        free.append(dot)
    sure = difference.sure if difference and pair else None
    return tuple(_placed(line, sure if line is pair else None, pair) for line in lines)


def _pair(dots: Sequence[Dot], difference: Difference | None) -> list[Dot]:
    """The two that differ, by their place; empty where one of them is told in words, or both stand at one place."""
    ends = (difference.higher, difference.lower) if difference else ()
    pair = sorted((dot for dot in dots if dot.view.group in ends), key=lambda dot: dot.place)
    return pair if len({dot.place for dot in pair}) == 2 else []


def _has_room(line: list[Dot], dot: Dot, pair: list[Dot]) -> bool:
    if line is pair and pair[0].place <= dot.place <= pair[1].place:
        return False
    return all(other.place != dot.place for other in line)


def _placed(line: Iterable[Dot], sure: Sureness | None, pair: list[Dot]) -> Line:
    placed, before = [], 0
    for dot in sorted(line, key=lambda dot: dot.place):
        placed.append(Placed(dot, dot.place - before, sure if sure and dot is pair[1] else None))
        before = dot.place
    return tuple(placed)
