"""Groups of which one can judge a factor and another cannot."""

from tests.analysis.count_tables import factor

MIDDLE = [0, 15, 15, 0]


def gaps(**groups):
    return factor(groups).awareness_gaps


def test_a_quarter_more_dont_knows_beyond_chance_is_a_gap():
    (gap,) = gaps(city=MIDDLE, learners=(MIDDLE, 10))
    assert gap.groups == ("city", "learners")
    assert gap.higher == "learners"
    assert gap.difference == -0.15  # the shares are told as <=10 % and 25 %


def test_a_little_less_than_a_quarter_is_none():
    assert not gaps(city=[0, 200, 200, 0], learners=([0, 150, 151, 0], 99))


def test_the_difference_is_first_minus_second():
    (gap,) = gaps(city=(MIDDLE, 20), learners=MIDDLE)
    assert gap.higher == "city"
    assert gap.difference == 0.3


def test_a_large_difference_in_tiny_groups_may_be_chance():
    assert not gaps(city=[0, 3, 2, 0], learners=([0, 3, 2, 0], 2))
    assert not gaps(city=([0, 15, 15, 0], 10), employers=([0, 1, 1, 0], 3))
    assert gaps(city=[0, 3, 2, 0], learners=([0, 2, 2, 0], 3))


def test_below_ten_answers_the_gap_is_told_without_a_number():
    (gap,) = gaps(city=MIDDLE, learners=([0, 2, 3, 0], 4))
    assert gap.difference is None
    (gap,) = gaps(city=([0, 2, 3, 0], 4), learners=MIDDLE)
    assert gap.difference is None


def test_a_hidden_group_takes_no_part():
    assert not gaps(city=MIDDLE, learners=([0, 0, 0, 0], 4))
