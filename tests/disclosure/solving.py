"""Figures as equations: what each number says of how many people are in a cell, and what all of them together leave."""

import csv
import io
import re
from collections.abc import Iterator, Mapping

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from surveyapp.analysis.counts import Counts
from surveyapp.charts.words import Words
from surveyapp.models import Round
from surveyapp.models.content import content
from tests.disclosure.outputs import Published

CATEGORIES = 4
RATED = np.array([1, 1, 1, 1, 0])
ANSWERED = np.array([1, 1, 1, 1, 1])
CELLS = np.eye(CATEGORIES + 1)

# Measure -> (people it counts, people it is a share of)
MEASURES = {
    "answered": (ANSWERED, None),
    "rated": (RATED, None),
    "dont_know": (CELLS[4], ANSWERED),
    "in_place": (CELLS[2] + CELLS[3], RATED),
    **{f"count_{code}": (CELLS[code], None) for code in range(CATEGORIES)},
    **{f"share_{code}": (CELLS[code], RATED) for code in range(CATEGORIES)},
}
WORDS = {"fewer_than_half": (0, 0.375), "about_half": (0.375, 0.625), "more_than_half": (0.625, 1)}

ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
ROW_HEADER = re.compile(r'<th[^>]*scope="row"[^>]*>\s*([^<]+?)\s*<')
SEGMENT = re.compile(r'class="seg [st]\d w(\d+)"')

Figure = tuple[str, str, str, str]
"""Factor, group, measure, value; the group is empty where the figure names none and so stands for all of them."""


def figures(round_: Round, told: Published) -> list[Figure]:
    """Every figure of the export, and every bar of the pages of factors."""
    lines = csv.DictReader(io.StringIO(told["figures.csv"]))
    found = [
        (line["factor"], line["group"], line["measure"], line["value"])
        for line in lines
        if not line["question"] and line["measure"] in MEASURES
    ]
    titles = {Words(content(round_), "en").group(group.key): group.key for group in round_.groups}
    for factor in round_.factors:
        found += _bars(factor, told[f"/factors/{factor} (viewer)"], titles)
    return found


def _bars(factor: str, page: str, titles: Mapping[str, str]) -> Iterator[Figure]:
    for row in ROW.findall(page):
        header, widths = ROW_HEADER.search(row), SEGMENT.findall(row)
        if header and len(widths) == CATEGORIES:
            for code, width in enumerate(reversed(widths)):  # the highest step stands first
                yield factor, titles.get(header[1], ""), f"share_{code}", f"{width} %"


def between(value: str) -> tuple[float, float]:
    """What a published value may have been before it was rounded; shares as parts of one."""
    if value in WORDS:
        return WORDS[value]
    if "-" in value:
        low, high = value.split("-")
        return int(low), int(high)
    if not value.endswith("%"):
        return float(value), float(value)
    percent = int(re.sub(r"\D", "", value))
    near = next(step / 2 for step in (10, 5, 1) if percent % step == 0)
    low = 0 if value.startswith("<=") else percent - near
    high = 100 if value.startswith(">=") else percent + near
    return low / 100, high / 100


def bounds(
    told: list[list[Figure]], factor: str, unknown: str, known: list[Mapping[str, Counts]], most: int
) -> list[tuple[int, int]]:
    """Fewest and most people in each cell of a group of which only this is known: it has at most so many answers.

    `told` and `known` hold one entry for each round in which the cells are the same.
    """
    equations = [LinearConstraint(ANSWERED, 0, most)]
    for published, others in zip(told, known, strict=True):
        rest = sum(np.array([*counts.counts, counts.dont_know]) for counts in others.values())
        equations += [
            equation
            for place, group, measure, value in published
            if place == factor and group in ("", unknown)
            for equation in _equations(measure, value, np.zeros(5) if group else rest)
        ]
    return [(_extreme(cell, equations, most, 1), _extreme(cell, equations, most, -1)) for cell in CELLS]


def _equations(measure: str, value: str, rest: np.ndarray) -> Iterator[LinearConstraint]:
    """`rest`: people of other groups who are counted too."""
    counted, of = MEASURES[measure]
    low, high = between(value)
    if of is None:
        yield LinearConstraint(counted, low - counted @ rest, high - counted @ rest)
        return
    for side, sign in ((low, 1), (high, -1)):
        row = sign * (counted - side * of)
        yield LinearConstraint(row, -row @ rest - 1e-9, np.inf)


def _extreme(cell: np.ndarray, equations: list[LinearConstraint], most: int, sign: int) -> int:
    found = milp(sign * cell, constraints=equations, integrality=np.ones(5), bounds=Bounds(0, most))
    assert found.success, "the figures contradict each other"
    return round(cell @ found.x)
