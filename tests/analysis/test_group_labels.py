"""One opinion, two camps, or neither: the labels of a single group, at and beside every threshold."""

import pytest

from surveyapp.analysis.perspective import many_dont_know, spread_label
from surveyapp.analysis.rules import RULES
from tests.analysis.count_tables import factor, ratings


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ([0, 4, 4, 0], "agreement"),
        ([0, 5, 0, 0], "agreement"),
        ([0, 4, 3, 3], "agreement"),  # D is .60, the most an agreement may have
        ([1, 3, 3, 3], "mixed"),
        ([12, 0, 0, 3], "mixed"),  # 3 of 15 are no camp: a quarter would be 3.75
        ([3, 3, 3, 3], "split"),  # the whole scale in use
        ([5, 0, 0, 0, 0, 5], "split"),
        ([0, 6, 0, 2, 0, 8], "split"),  # D is .775 at n = 16, the least a split may have
        ([0, 6, 0, 3, 0, 7], "mixed"),
        ([2, 3, 0, 4], "possible_split"),  # D is .889
        ([2, 3, 0, 3], "mixed"),  # D is .875
        ([8, 0, 0, 1], "agreement"),  # one dissenter
        ([30, 0, 0, 10], "split"),  # just a quarter
        ([76, 0, 0, 25], "mixed"),  # a little less than a quarter
    ],
)
def test_an_even_scale_has_no_middle_so_a_split_must_be_wide(counts, label):
    assert spread_label(ratings(*counts), RULES) == label


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ([9, 0, 0, 0, 1], "agreement"),
        ([0, 1, 2, 2, 5], "agreement"),  # D is .55, the most an agreement may have
        ([1, 1, 2, 1, 5], "mixed"),
        ([0, 5, 2, 2, 1], "mixed"),  # D is .55 as well, but the second camp outnumbers the middle
        ([0, 5, 5, 5, 0], "agreement"),
        ([0, 5, 1, 5, 0], "split"),  # close together, but hardly anyone between the camps
        ([0, 4, 2, 4, 0], "mixed"),  # a middle half as large as a camp stands between them
        ([0, 3, 0, 8, 0], "mixed"),  # 3 of 11 are a camp, but not the 30 % that a hollow middle asks for
        ([3, 3, 4, 3, 3], "split"),
        ([0, 3, 1, 6, 0], "split"),  # just 30 % in the smaller camp of a hollow middle
        ([0, 30, 10, 61, 0], "mixed"),
        ([10, 20, 30, 30, 10], "split"),  # D is .63 at n = 100, the least a split may have
        ([10, 21, 31, 28, 10], "mixed"),  # D is .6295
        ([0, 2, 2, 4, 2], "mixed"),  # D is .56
        ([3, 0, 0, 0, 1], "mixed"),  # D is .75 as a split of four needs, but one dissenter is no camp
        ([4, 1, 0, 0, 4], "possible_split"),
        ([0, 3, 0, 3, 0], "mixed"),
        ([3, 1, 1, 0, 2], "possible_split"),  # D is .735 at n = 7, where .713 is enough
        ([2, 2, 1, 1, 2], "possible_split"),
        ([7, 0, 2], "mixed"),
        ([9, 0, 1], "agreement"),
    ],
)
def test_an_odd_scale_lets_people_sit_between_the_camps(counts, label):
    assert spread_label(ratings(*counts), RULES) == label


@pytest.mark.parametrize(
    ("dont_know", "answered", "many"),
    [
        (12, 40, True),  # exactly 30 %
        (11, 40, False),
        (3, 10, False),  # 30 % too, but of too few people to be sure of a fifth
        (4, 10, True),
        (2, 5, False),
        (2, 4, True),
        (6, 19, False),  # at least .1985, with 80 % certainty
        (5, 15, True),  # at least .2008
        (3, 5, True),
        (1, 1, False),  # one person is never many
        (0, 30, False),
    ],
)
def test_many_dont_know_means_a_large_share_that_is_not_chance(dont_know, answered, many):
    assert many_dont_know(dont_know, answered, RULES) is many


def test_only_dont_knows_are_told_as_such_and_rate_nothing():
    city = factor({"city": ([0, 0, 0, 0], 6), "learners": [0, 8, 4, 0]}).groups["city"]
    assert city.label == city.status == "not_enough_ratings"
    assert city.many_dont_know
    assert city.dont_know.text == "more_than_half"
    assert (city.median, city.in_place, city.dispersion, city.chart) == (None, None, None, None)


def test_a_shown_group_says_so():
    assert factor({"city": [0, 8, 4, 0]}).groups["city"].status == "shown"
