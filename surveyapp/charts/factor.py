"""One key factor, whole: what its page on the web and its pages in the report both show."""

from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.analysis.findings import FactorFindings
from surveyapp.benchmark.model import Benchmark
from surveyapp.charts.agenda import Point, point
from surveyapp.charts.bars import RAMPS, column, position
from surveyapp.charts.drivers import Answers, OfGroup, answered, driving, of_groups
from surveyapp.charts.matrix import Cell, row


@dataclass(frozen=True)
class FactorView:
    point: Point
    cells: tuple[Cell, ...]
    """One per group, in group order."""
    asked: tuple[OfGroup, ...]
    """The concrete questions of all groups."""
    driving: tuple[OfGroup, ...]
    """Those of them that stand behind the finding."""
    uncovered: tuple[int, ...]
    """Numbers, from 1, of the guide questions that nothing asked in this round stands for."""
    examples: tuple[int, ...]
    """Numbers, from 1, of the examples from other places."""
    scale: int

    @property
    def key(self) -> str:
        return self.point.factor

    @property
    def driving_keys(self) -> frozenset[str]:
        return frozenset(item.key for _, items in self.driving for item in items)

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(cell.group for cell in self.cells)

    @property
    def shades(self) -> tuple[str, ...]:
        """Classes of the steps, lowest first."""
        return RAMPS[self.scale]

    @property
    def column(self) -> int:
        """Width of one step on the axis of positions."""
        return column(self.scale)

    @property
    def standing(self) -> tuple[tuple[Cell, int], ...]:
        """Cells whose middle answer may be told, each with its place on the axis."""
        return tuple(
            (cell, position(cell.view.median, self.scale))
            for cell in self.cells
            if cell.view and cell.view.median is not None
        )


def factor_view(
    found: FactorFindings, short: frozenset[str], benchmark: Benchmark, answers: Answers
) -> FactorView:
    """`short` names the groups with the short form."""
    factor, told = benchmark.factor(found.factor), point(found)
    asked = answered(factor.key, found.groups, short, benchmark, answers)
    return FactorView(
        point=told,
        cells=row(found, benchmark).cells,
        asked=of_groups(asked),
        driving=of_groups(driving(told, asked)),
        uncovered=_uncovered(benchmark, factor.key, found.groups, short),
        examples=tuple(range(1, len(factor.examples) + 1)),
        scale=benchmark.scale.size,
    )


def _uncovered(
    benchmark: Benchmark, factor: str, groups: Iterable[str], short: frozenset[str]
) -> tuple[int, ...]:
    long_form = tuple(group for group in groups if group not in short)
    open_ = set(benchmark.uncovered(factor, long_form)) & set(
        benchmark.uncovered(factor, tuple(short), short=True)
    )
    return tuple(
        number for number, guide in enumerate(benchmark.factor(factor).guide_questions, 1) if guide in open_
    )
