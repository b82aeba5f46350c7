"""What many cannot judge: factors on which a group says "I don't know" so often that it tells something."""

from dataclasses import dataclass

from surveyapp.analysis.perspective import Perspective
from surveyapp.charts.matrix import Cell, Row


@dataclass(frozen=True)
class Unsure:
    factor: str
    cells: tuple[Cell, ...]
    """The groups that can hardly judge it, in group order."""


def unsure(rows: tuple[Row, ...]) -> tuple[Unsure, ...]:
    """In the order of the benchmark."""
    found = [
        Unsure(row.factor, tuple(cell for cell in row.cells if _cannot_judge(cell.view))) for row in rows
    ]
    return tuple(one for one in found if one.cells)


def _cannot_judge(view: Perspective | None) -> bool:
    return view is not None and (view.many_dont_know or view.status == "not_enough_ratings")
