"""Two groups against each other: when a difference is clear, when it is an early sign, and what is told of it."""

import pytest

from surveyapp.analysis.contrast import certainty
from surveyapp.analysis.pairs import HiddenPair, pair_label
from surveyapp.analysis.rules import RULES
from tests.analysis.count_tables import factor, ratings


def label(x, y):
    a, b = ratings(*x), ratings(*y)
    return pair_label(a, b, certainty(a, [b]), RULES)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([0, 40, 40, 0], [0, 80, 0, 0], "groups_disagree"),  # certain, and just half a step
        ([0, 41, 39, 0], [0, 80, 0, 0], "no_clear_difference"),  # certain, but a little less
        ([0, 0, 0, 12], [0, 6, 0, 6], "early_sign"),  # likely, and just one step
        ([0, 0, 1, 11], [0, 6, 0, 6], "no_clear_difference"),
        ([2, 0, 7, 5], [0, 11, 1, 0], "no_clear_difference"),  # likely, but .99 steps
        ([0, 0, 11, 3], [1, 29, 1, 9], "no_clear_difference"),  # certain to .937
        ([1, 1, 5, 3], [13, 1, 2, 4], "no_clear_difference"),  # more than a step, but certain to .789
        ([0, 1, 3, 3], [1, 4, 2, 0], "no_clear_difference"),  # 1.14 steps are too few for 7 on an even scale
        ([1, 2, 3, 3], [10, 7, 3, 0], "no_clear_difference"),  # 1.24 steps still are
        ([0, 2, 0, 6], [1, 4, 3, 0], "early_sign"),  # 1.25 are enough
        ([0, 1, 2, 3], [2, 2, 2, 0], "early_sign"),
        ([0, 3, 2, 0, 0], [0, 0, 3, 2, 0], "early_sign"),  # an odd scale: one step is enough
        ([0, 0, 2, 2], [20, 40, 19, 1], "no_clear_difference"),  # four people: 1.49 steps are too few
        ([0, 0, 2, 2], [5, 1, 3, 1], "early_sign"),  # 1.5 are enough
        ([0, 0, 0, 4], [4, 0, 0, 0], "early_sign"),  # and never clear
        ([0, 0, 4, 1], [5, 0, 0, 0], "groups_disagree"),  # five people can be clear
        ([10_000, 40_000, 40_000, 10_000], [15_000, 40_000, 35_000, 10_000], "no_clear_difference"),
    ],
)
def test_a_flag_needs_certainty_and_a_gap_as_wide_as_the_groups_are_small(x, y, expected):
    assert label(x, y) == expected
    assert label(y, x) == expected
    assert label(x[::-1], y[::-1]) == expected


def test_no_flag_when_ranks_and_means_point_in_opposite_directions():
    mostly_higher = [280, 0, 0, 0, 0, 0, 720]
    slightly_lower = [0, 0, 0, 0, 0, 1000, 0]
    a, b = ratings(*mostly_higher), ratings(*slightly_lower)
    belief = certainty(a, [b])
    assert belief.of_difference(RULES.difference) > 0.95
    assert a.mean < b.mean - 0.5
    assert label(mostly_higher, slightly_lower) == "no_clear_difference"


def test_the_higher_group_is_named_whichever_comes_first():
    high, low = [0, 2, 20, 20], [20, 20, 2, 0]
    for city, learners, higher in ((high, low, "city"), (low, high, "learners")):
        (pair,) = factor({"city": city, "learners": learners}).pairs
        assert pair.label == "groups_disagree"
        assert pair.higher == higher
        assert (pair.gap > 0) is (higher == "city")


def test_no_group_is_called_higher_without_a_flag():
    (pair,) = factor({"city": [0, 10, 20, 0], "learners": [0, 15, 15, 0]}).pairs
    assert pair.label == "no_clear_difference"
    assert pair.higher is None
    assert pair.gap == 0.2


def test_the_word_for_an_effect_follows_what_is_published():
    (large,) = factor({"city": [0, 2, 20, 20], "learners": [20, 20, 2, 0]}).pairs
    assert large.delta == 1.0
    assert large.effect == "large"
    (small,) = factor({"city": [0, 2, 3, 3], "learners": [20, 20, 2, 0]}).pairs
    assert small.delta is None
    assert small.effect is None


def test_a_pair_with_a_hidden_group_holds_no_number():
    (pair,) = factor({"city": [0, 1, 1, 0], "learners": [0, 15, 15, 0]}).pairs
    assert pair == HiddenPair(("city", "learners"))
    assert pair.as_json() == {"groups": ["city", "learners"], "label": "not_enough_answers"}
