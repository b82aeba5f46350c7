"""The questions behind a factor's finding, chosen from published values only."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.benchmark.model import Benchmark, Question
from surveyapp.charts.agenda import Point
from surveyapp.charts.bars import track

View = Perspective | Choice | TooFewAnswers
Answers = Mapping[tuple[str, str], View]
"""Published views by (group, question key)."""

MOST_PER_GROUP = 2


@dataclass(frozen=True, slots=True)
class Answered:
    """A question as one group answered it."""

    group: str
    question: Question
    view: View

    @property
    def key(self) -> str:
        return self.question.key

    @property
    def width(self) -> int | None:
        """Of the bar of the share in place; none where a group of persons is so small that words must do."""
        view = self.view
        if not isinstance(view, Perspective) or view.in_place is None or view.chart is None:
            return None
        return track(view.in_place)


OfGroup = tuple[str, tuple[Answered, ...]]
"""A group and its questions."""


def of_groups(items: Iterable[Answered]) -> tuple[OfGroup, ...]:
    """Items that stand in group order, put together by group."""
    return tuple((group, tuple(own)) for group, own in groupby(items, key=lambda item: item.group))


def answered(
    factor: str, groups: Iterable[str], short: frozenset[str], benchmark: Benchmark, answers: Answers
) -> tuple[Answered, ...]:
    """Everything the groups were asked about a factor, in group order; `short` names those with the short form."""
    return tuple(
        Answered(group, question, answers[group, question.key])
        for group in groups
        for question in benchmark.asked(factor, group, group in short)
    )


def driving(point: Point, asked: tuple[Answered, ...]) -> tuple[Answered, ...]:
    """Up to two questions of each group that gives the reason: those that pull it in the direction told.

    Of two that differ, the higher group's strongest and the lower group's weakest; of a split group, the
    questions on which it is split too; of one that cannot judge, those with the most don't knows. None
    where no group stands out.
    """
    difference = point.named
    chosen: list[Answered] = []
    for group in point.found.reason_groups:
        own = [item for item in asked if item.group == group]
        if difference:
            chosen += _first(own, _in_place, highest=group == difference.higher)
        elif point.reason in ("split_group", "possible_split"):
            chosen += [item for item in own if getattr(item.view, "label", None) == "split"][:MOST_PER_GROUP]
        elif point.reason in ("many_dont_know", "awareness_gap"):
            chosen += _first(own, _dont_know, highest=True)
    return tuple(chosen)


def _first(own: list[Answered], size: Callable[[View], float | None], highest: bool) -> list[Answered]:
    """The furthest in one direction, in the order they were asked; sorting is stable, so ties keep it too."""
    sized = [(told, item) for item in own if (told := size(item.view)) is not None]
    furthest = sorted(sized, key=lambda pair: pair[0], reverse=highest)[:MOST_PER_GROUP]
    kept = [item for _, item in furthest]
    return [item for item in own if item in kept]


def _in_place(view: View) -> float | None:
    return view.in_place.percent if isinstance(view, Perspective) and view.in_place else None


def _dont_know(view: View) -> float | None:
    return None if isinstance(view, TooFewAnswers) else view.dont_know.percent
