"""The overview: one cell for every factor and group, with five ways of being empty that never look alike."""

from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.findings import FactorFindings, Findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.benchmark.model import Benchmark
from surveyapp.charts.agenda import Sureness, differences
from surveyapp.charts.bars import Segment, ink, stacked, track

Empty = Literal["not_asked", "traces", "too_few", "cannot_judge", "no_answers"]
Mark = Literal["clear", "early", "dk"]

EMPTY_STATES: tuple[Empty, ...] = ("not_asked", "traces", "too_few", "cannot_judge", "no_answers")

WORDS_FOR_SHARES = ("fewer_than_half", "about_half", "more_than_half")


@dataclass(frozen=True, slots=True)
class Cell:
    """How one group sees one factor."""

    group: str
    empty: Empty | None
    view: Perspective | None
    """None where nothing may be told; with `cannot_judge` it holds the share of don't knows only."""
    partial: bool
    """The group sees only part of what the factor is about."""
    mark: Mark | None

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The stacked bar; empty where words must do."""
        return stacked(self.view.chart) if self.view and self.view.chart else ()

    @property
    def in_place(self) -> int | None:
        """Width of the share in place. The words of a small group of persons are ranks, no lengths."""
        drawn = self.view and self.view.chart and self.view.in_place
        return track(drawn) if drawn else None

    @property
    def dont_know(self) -> int | None:
        """Width of the share of don't knows. Words below ten answers are drawn only where nothing else is told."""
        told = self.view and self.view.dont_know
        return track(told) if told and (self.empty or told.text not in WORDS_FOR_SHARES) else None


@dataclass(frozen=True, slots=True)
class Row:
    factor: str
    cells: tuple[Cell, ...]


def matrix(findings: Findings, benchmark: Benchmark) -> tuple[Row, ...]:
    """Rows in the order of the benchmark, cells in group order."""
    return tuple(row(found, benchmark) for found in findings.factors.values())


def row(found: FactorFindings, benchmark: Benchmark) -> Row:
    marks = _marks(found)
    parts = benchmark.factor(found.factor).groups
    cells = []
    for group, view in found.groups.items():
        part = parts.get(group)
        empty = _empty(part.fit if part else None, view)
        cells.append(
            Cell(
                group=group,
                empty=empty,
                view=view if isinstance(view, Perspective) and empty in (None, "cannot_judge") else None,
                partial=part is not None and part.fit == "partial",
                mark=marks.get(group) if empty is None else None,
            )
        )
    return Row(found.factor, tuple(cells))


def _empty(fit: str | None, view: Perspective | TooFewAnswers) -> Empty | None:
    if fit is None:
        return "not_asked"
    if fit == "proxy":
        return "traces"
    if isinstance(view, TooFewAnswers):
        return "no_answers" if view.label == "no_answers" else "too_few"
    return "cannot_judge" if view.status == "not_enough_ratings" else None


def _marks(found: FactorFindings) -> dict[str, Mark]:
    """The strongest mark of each group: clear before early before many don't knows."""
    marks: dict[str, Mark] = {}
    for group, view in found.groups.items():
        if isinstance(view, Perspective) and view.many_dont_know:
            marks[group] = "dk"
    sure: Sureness
    for sure, split in (("early", "possible_split"), ("clear", "split")):
        for group, view in found.groups.items():
            if isinstance(view, Perspective) and view.label == split:
                marks[group] = sure
        for difference in differences(found):
            if difference.sure == sure:
                marks |= {difference.higher: sure, difference.lower: sure}
    return marks


def empty_states(rows: tuple[Row, ...]) -> tuple[Empty, ...]:
    """The states that occur, for a key that explains no more than a reader meets."""
    met = {cell.empty for row in rows for cell in row.cells}
    return tuple(state for state in EMPTY_STATES if state in met)


def pattern(rows: tuple[Row, ...]) -> tuple[tuple[str, ...], ...]:
    """The matrix as shades alone, for the cover of the report: nothing that the cells do not say."""
    return tuple(tuple(_shade(cell) for cell in row.cells) for row in rows)


def _shade(cell: Cell) -> str:
    if cell.view is None:
        return "void"
    return ink(cell.view.in_place) if cell.view.in_place else "dk"
