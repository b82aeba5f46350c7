"""The city against the others: how far only where it is told, else the direction and nothing that could be measured."""

from dataclasses import replace

import pytest

from surveyapp.analysis.findings import Findings
from surveyapp.analysis.self_view import SelfLabel, SelfView
from surveyapp.charts.own_view import OTHERS, OwnView, own_views
from tests.charts.test_agenda import ALIKE, HIGH, LOW, told

EVEN = (4, 16, 16, 4, 0)


def with_views(**views: SelfView | None) -> Findings:
    found = told(**{factor: {"city": ALIKE} for factor in views})
    factors = {key: replace(found.factors[key], self_view=view) for key, view in views.items()}
    return replace(found, factors=factors)


def test_a_published_gap_becomes_a_length() -> None:
    # Means 3.65 and 2.5: 1.15 steps, told as 1.2 and drawn as 1.2 / 2 of the 44 per cent on a side.
    [view] = own_views(told(f1={"city": HIGH, "providers": EVEN, "learners": EVEN}))
    assert view == OwnView("f1", "more_positive", "one", "clear", 76)
    assert view.reach == 26


def test_few_answers_give_a_direction_without_a_length() -> None:
    few = (2, 6, 1, 0, 0)
    [view] = own_views(told(f1={"city": (0, 0, 1, 7, 0), "providers": few, "learners": few}))
    assert (view.steps, view.place, view.reach) == (None, 83, 0)


@pytest.mark.parametrize(
    ("label", "gap", "place", "reach"),
    [
        ("more_critical", -1.0, 28, 22),
        ("possibly_more_critical", None, 17, 0),
        ("more_positive", 3.0, 94, 44),
        ("shared_need", 0.4, OTHERS, 0),
        ("no_clear_difference", -0.4, OTHERS, 0),
        ("not_available", None, None, 0),
    ],
)
def test_the_mark_stands_on_its_side(
    label: SelfLabel, gap: float | None, place: int | None, reach: int
) -> None:
    views = own_views(with_views(f1=SelfView(label, gap), f2=SelfView("shared_strength")))
    [view] = [view for view in views if view.factor == "f1"]
    assert (view.place, view.reach) == (place, reach)


def test_from_the_most_positive_to_the_most_critical() -> None:
    views = own_views(
        with_views(
            f1=SelfView("not_available"),
            f2=SelfView("more_critical", -1.0),
            f3=SelfView("no_clear_difference", 0.1),
            f4=SelfView("more_positive", 0.6),
            f5=SelfView("more_positive", 1.4),
            f6=SelfView("possibly_more_critical", -0.7),
        )
    )
    assert [view.factor for view in views] == ["f5", "f4", "f3", "f6", "f2", "f1"]


def test_nothing_to_draw_without_a_view_that_can_be_compared() -> None:
    assert own_views(with_views(f1=None)) == ()
    assert own_views(told(f1={"city": HIGH, "learners": LOW})) == (), "one other group is no others"
