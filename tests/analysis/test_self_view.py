"""The city against everybody else: blind spots, hidden strengths, and what both sides see alike."""

import pytest

from surveyapp.analysis.findings import exact_findings
from surveyapp.analysis.self_view import SelfView
from tests.analysis.count_tables import factor, table

LOW, HIGH = [8, 20, 2, 0], [0, 2, 20, 8]
MIDDLE = [0, 15, 15, 0]


def view(city, *others, **options):
    groups = dict(zip(("providers", "employers", "learners"), others, strict=False))
    return factor({"city": city} | groups, self="city", **options).self_view


@pytest.mark.parametrize(
    ("city", "others", "label"),
    [
        (HIGH, LOW, "more_positive"),
        (LOW, HIGH, "more_critical"),
        ([0, 12, 3, 5], [6, 12, 2, 0], "more_positive"),  # certain to .912
        ([2, 0, 3, 5], [8, 7, 5, 0], "possibly_more_positive"),  # certain to .891
        ([0, 2, 4, 3], [2, 10, 7, 1], "possibly_more_positive"),
        ([3, 4, 2, 0], [1, 7, 10, 2], "possibly_more_critical"),
        ([0, 8, 12, 0], [0, 8, 12, 0], "shared_strength"),  # just 60 % in place
        ([0, 13, 19, 0], [0, 13, 19, 0], "no_clear_difference"),
        ([0, 12, 8, 0], [0, 12, 8, 0], "shared_need"),  # just 40 %
        ([0, 19, 13, 0], [0, 19, 13, 0], "no_clear_difference"),
        ([3, 1, 2, 6], [3, 6, 1, 0], "no_clear_difference"),  # 1.1 steps, but certain to .746 only
        ([0, 9, 11, 0], [0, 8, 12, 0], "no_clear_difference"),
        (MIDDLE, MIDDLE, "no_clear_difference"),
    ],
)
def test_the_label_says_how_the_city_sees_itself(city, others, label):
    assert view(city, others, others).label == label


def test_a_certain_difference_of_less_than_half_a_step_is_no_flag():
    narrow = view([0, 502, 498, 0], [0, 1000, 0, 0], [0, 1000, 0, 0])
    assert narrow.gap == 0.5  # rounded up from .498
    assert narrow.certainty > 0.9
    assert narrow.label == "no_clear_difference"


def test_half_a_step_that_is_certain_is_a_flag():
    assert view([0, 500, 500, 0], [0, 1000, 0, 0], [0, 1000, 0, 0]).label == "more_positive"


def test_the_others_weigh_equally_however_many_they_are():
    few_and_low, many_and_high = [0, 40, 0, 0], [0, 0, 4000, 0]
    told = exact_findings(
        table({"f1": {"city": MIDDLE, "employers": few_and_low, "learners": many_and_high}}, self="city")
    )
    assert told.factors["f1"].self_view.gap == 0.0


def test_without_a_self_group_there_is_no_self_view():
    assert factor({"city": HIGH, "employers": LOW, "learners": LOW}).self_view is None


def test_it_takes_the_city_and_two_others():
    unavailable = SelfView("not_available")
    assert view(HIGH, LOW) == unavailable
    assert view([0, 1, 1, 0], LOW, LOW) == unavailable
    assert view(HIGH, LOW, [1, 1, 1, 0]) == unavailable


def test_the_numbers_follow_the_smallest_group_of_all():
    assert view([0, 2, 6, 3], LOW, LOW).gap is None
    assert view(HIGH, LOW, [3, 6, 2, 0]).gap is None
    told = view(HIGH, LOW, LOW)
    assert told.gap == 1.4
    assert told.certainty is None
    assert view([0, 40, 400, 160], [160, 400, 40, 0], [160, 400, 40, 0]).certainty == 1.0


def test_the_group_furthest_from_all_others_is_named_on_a_flagged_factor():
    flagged = factor({"city": [0, 4, 14, 10], "employers": [2, 8, 14, 4], "learners": LOW})
    assert flagged.reason == "clear_difference"
    assert flagged.stands_apart == "learners"


def test_of_two_groups_neither_stands_apart():
    flagged = factor({"city": HIGH, "learners": LOW})
    assert flagged.reason == "clear_difference"
    assert flagged.stands_apart is None


def test_nobody_stands_apart_where_no_pair_is_flagged():
    assert factor({"city": MIDDLE, "employers": MIDDLE, "learners": MIDDLE}).stands_apart is None


def test_of_two_that_stand_equally_far_apart_the_first_is_named():
    flagged = factor({"city": HIGH, "employers": MIDDLE, "learners": LOW})
    assert flagged.stands_apart == "city"
