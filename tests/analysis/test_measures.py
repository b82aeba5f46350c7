"""The measures on tables one can check by hand, and the laws they obey on any table."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.analysis.contrast import (
    certainty,
    cliffs_delta,
    earth_movers_distance,
    effect_size,
    gap,
    superiority,
)
from surveyapp.analysis.distribution import (
    Camps,
    Distribution,
    camps,
    dispersion,
    in_place,
    mean_difference,
    median,
)
from surveyapp.analysis.experts import agreement_a, consensus
from surveyapp.analysis.partition import Partition, partition
from tests.analysis.count_tables import distributions, pairs, ratings, scales

close = {"abs": 1e-9}


def reverse(x):
    return Distribution.of(x.counts[::-1])


@pytest.mark.parametrize(
    ("counts", "middle"),
    [
        ([5, 0, 0, 5], 2.5),
        ([0, 4, 4, 0], 2.5),
        ([4, 0, 4, 0], 2.0),
        ([1, 1, 1, 1], 2.5),
        ([0, 0, 7, 0], 3.0),
        ([3, 0, 0, 2], 1.0),
        ([1, 2, 0, 3], 3.0),
        ([0, 0, 0, 1], 4.0),
    ],
)
def test_the_median_lies_between_the_two_middle_people(counts, middle):
    assert median(ratings(*counts)) == middle


def test_the_mean_counts_categories_from_one():
    assert ratings(1, 0, 0, 1).mean == 2.5
    assert ratings(0, 0, 3).mean == 3


@pytest.mark.parametrize(
    ("counts", "sides"),
    [
        ([1, 2, 3], Camps(1, 2, 3)),
        ([1, 2, 3, 4], Camps(3, 0, 7)),
        ([1, 2, 3, 4, 5], Camps(3, 3, 9)),
        ([1, 2, 3, 4, 5, 6], Camps(6, 0, 15)),
        ([1, 2, 3, 4, 5, 6, 7], Camps(6, 4, 18)),
    ],
)
def test_camps_lie_on_either_side_of_the_middle(counts, sides):
    assert camps(ratings(*counts)) == sides
    assert in_place(ratings(*counts)) == sides.high / sum(counts)


def test_spread_of_the_extreme_tables():
    assert dispersion(ratings(0, 9, 0, 0)) == 0
    assert dispersion(ratings(4, 0, 0, 4)) == 1
    assert dispersion(ratings(3, 3, 3, 3)) == pytest.approx(5 / 6, **close)


def test_mean_difference_needs_two_people():
    assert mean_difference(ratings(0, 1, 0)) is None
    assert mean_difference(ratings(1, 0, 1)) == pytest.approx(2, **close)


def test_people_without_ratings_have_no_distribution():
    with pytest.raises(ZeroDivisionError):
        ratings(0, 0, 0)


def test_agreement_a_of_the_textbook_patterns():
    assert agreement_a(ratings(0, 5, 0, 0)) == 1
    assert agreement_a(ratings(2, 2, 2, 2)) == 0
    assert agreement_a(ratings(5, 0, 0, 5)) == -1


def test_consensus_of_the_textbook_patterns():
    assert consensus(ratings(0, 5, 0, 0)) == 1
    assert consensus(ratings(5, 0, 0, 5)) == pytest.approx(0, **close)


def test_a_group_that_always_rates_higher_has_delta_one():
    x, y = ratings(0, 0, 2, 3), ratings(4, 1, 0, 0)
    assert cliffs_delta(x, y) == pytest.approx(1, **close)
    assert superiority(x, y) == pytest.approx(1, **close)
    assert gap(x, y) == pytest.approx(3.6 - 1.2, **close)
    assert earth_movers_distance(x, y) == pytest.approx(2.4, **close)


@pytest.mark.parametrize(
    ("delta", "word"),
    [
        (0, "negligible"),
        (0.146, "negligible"),
        (-0.147, "small"),
        (0.33, "medium"),
        (0.474, "large"),
        (-1, "large"),
    ],
)
def test_effect_words_start_at_their_bounds(delta, word):
    assert effect_size(delta) == word


def test_certainty_is_symmetric_when_nothing_points_anywhere():
    belief = certainty(ratings(0, 4, 4, 0), [ratings(0, 4, 4, 0)])
    assert belief.mu == pytest.approx(0, **close)
    assert 2 * belief.of_difference(0.33) + belief.of_likeness(0.33) == pytest.approx(1, **close)


def test_certainty_stays_finite_for_the_most_extreme_tables():
    belief = certainty(ratings(9, 0, 0, 0), [ratings(0, 0, 0, 9)])
    assert 0.99 < belief.of_difference(0.33) <= 1
    same = certainty(ratings(9, 0, 0, 0), [ratings(9, 0, 0, 0)])
    assert 0 <= same.of_difference(0.33) < 0.05


def test_more_answers_make_the_same_shares_more_certain():
    few = certainty(ratings(1, 3, 1, 0), [ratings(0, 1, 3, 1)])
    many = certainty(ratings(20, 60, 20, 0), [ratings(0, 20, 60, 20)])
    assert few.of_difference(0.33) < 0.9 < many.of_difference(0.33)


@given(scales.flatmap(distributions))
def test_spread_stays_between_none_and_two_equal_camps(x):
    assert 0 <= dispersion(x) <= 1 + 1e-12
    assert dispersion(reverse(x)) == pytest.approx(dispersion(x), **close)
    assert -1 - 1e-9 <= agreement_a(x) <= 1 + 1e-9
    assert -1e-9 <= consensus(x) <= 1 + 1e-9


@given(scales.flatmap(distributions))
def test_the_median_moves_with_the_scale(x):
    assert median(reverse(x)) == pytest.approx(x.scale + 1 - median(x), **close)


@given(pairs)
def test_differences_stay_in_their_bounds_and_change_sign_with_the_order(pair):
    x, y = pair
    assert abs(cliffs_delta(x, y)) <= 1 + 1e-12
    assert earth_movers_distance(x, y) >= abs(gap(x, y)) - 1e-9
    assert superiority(x, y) + superiority(y, x) == pytest.approx(1, **close)
    assert gap(x, y) == -gap(y, x)
    one, other = certainty(x, [y]), certainty(y, [x])
    assert one.mu == pytest.approx(-other.mu, **close)
    assert one.variance == pytest.approx(other.variance, **close)


@given(pairs)
def test_reversing_the_scale_flips_the_direction_and_nothing_else(pair):
    x, y = pair
    a, b = reverse(x), reverse(y)
    assert cliffs_delta(a, b) == pytest.approx(-cliffs_delta(x, y), **close)
    assert gap(a, b) == pytest.approx(-gap(x, y), **close)
    assert earth_movers_distance(a, b) == pytest.approx(earth_movers_distance(x, y), **close)
    assert partition([a, b]).between == between_or_none(partition([x, y]))
    if abs(cliffs_delta(x, y)) > 1e-6:
        sure, mirrored = certainty(x, [y]), certainty(a, [b])
        assert mirrored.of_difference(0.33) == pytest.approx(sure.of_difference(0.33), **close)


def between_or_none(parts):
    return None if parts.between is None else pytest.approx(parts.between, **close)


@given(pairs)
def test_certainties_are_probabilities(pair):
    belief = certainty(pair[0], [pair[1]])
    difference, likeness = belief.of_difference(0.33), belief.of_likeness(0.33)
    assert -1e-9 <= difference <= 1 + 1e-9
    assert -1e-9 <= likeness <= 1 + 1e-9
    assert difference + likeness <= 1 + 1e-9


@given(scales.flatmap(lambda scale: st.lists(distributions(scale), min_size=2, max_size=5)))
def test_spread_within_and_between_groups_adds_up_and_ignores_their_order(groups):
    parts, backwards = partition(groups), partition(groups[::-1])
    several = [group for group in groups if group.n > 1]
    if len(several) > 1:
        assert parts.within + parts.between == pytest.approx(total_spread(several), **close)
        assert parts.between == pytest.approx(backwards.between, **close)


def total_spread(groups):
    """T by its own road: how far two people of the equal-weight mixture lie apart, no person paired with herself."""
    steps = 0.0
    for i, x in enumerate(groups):
        for j, y in enumerate(groups):
            steps += mean_difference(x) if i == j else mean_distance(x, y)
    return 2 * steps / len(groups) ** 2 / (groups[0].scale - 1)


def mean_distance(x, y):
    return math.fsum(p * q * abs(i - j) for i, p in enumerate(x.shares) for j, q in enumerate(y.shares))


def test_groups_without_spread_stay_out_of_the_partition():
    assert partition([]) == Partition(None, None)
    assert partition([ratings(0, 1, 0)]) == Partition(None, None)
    alone = partition([ratings(2, 0, 2), ratings(0, 1, 0)])
    assert alone.within == pytest.approx(4 / 3, **close)
    assert alone.between is None
