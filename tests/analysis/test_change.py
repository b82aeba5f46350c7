"""From one round to the next: what moved, what stands still, and when to stop asking."""

import pytest

from surveyapp.analysis.change import NotComparable, changes
from surveyapp.analysis.disclosure import TooFewAnswers
from tests.analysis.count_tables import table

LOW, MIDDLE, HIGH = [20, 20, 2, 0], [0, 21, 21, 0], [0, 2, 20, 20]


def change(earlier, later, **options):
    """One group, one factor."""
    kinds = {"kinds": {"city": "organisations"}}
    old, new = (table({"f1": {"city": counts}}, **kinds, **options) for counts in (earlier, later))
    return changes(old, new)["f1"]["city"]


@pytest.mark.parametrize(
    ("earlier", "later", "label", "direction"),
    [
        (LOW, HIGH, "moved", "up"),
        (HIGH, LOW, "moved", "down"),
        ([0, 300, 0, 0], [0, 150, 150, 0], "moved", "up"),  # just half a step
        ([0, 300, 0, 0], [0, 151, 149, 0], "cannot_tell", None),
        ([5, 5, 2, 0], [1, 4, 4, 3], "early_sign", "up"),
        ([2, 2, 2, 0], [0, 1, 2, 3], "early_sign", "up"),
        (MIDDLE, MIDDLE, "stable", None),
        ([0, 4, 4, 0], [0, 3, 5, 0], "stable", None),  # certain to .802
        ([0, 9, 6, 0], [0, 6, 9, 0], "cannot_tell", None),  # certain to .799
    ],
)
def test_a_change_is_told_only_as_far_as_it_is_certain(earlier, later, label, direction):
    told = change(earlier, later)
    assert (told.label, told.direction) == (label, direction)


def test_three_organisations_can_move_too():
    told = change([4, 0, 0, 0], [0, 0, 0, 4], threshold=3)
    assert (told.label, told.gap) == ("moved", None)


def test_numbers_are_later_minus_earlier_and_as_coarse_as_the_smaller_round():
    told = change(LOW, HIGH)
    assert (told.delta, told.gap, told.certainty) == (1.0, 1.9, None)
    many = change([200, 200, 20, 0], [0, 20, 200, 200])
    assert (many.delta, many.gap, many.certainty) == (0.95, 1.86, 1.0)
    mixed = change([4, 4, 2, 0], HIGH)
    assert (mixed.delta, mixed.gap) == (None, 1.5)
    small = change([3, 3, 0, 0], HIGH)
    assert (small.delta, small.gap) == (None, 2.0)


@pytest.mark.parametrize(
    ("counts", "consensus", "settled"),
    [
        ([0, 10, 30, 0], True, True),  # just three quarters on one side
        ([0, 30, 10, 0], True, True),
        ([0, 26, 74, 0], False, False),
        ([20, 0, 0, 20], False, True),  # a split that lasts is a result
        ([10, 10, 10, 10], False, True),
        ([4, 4, 20, 20], False, False),
    ],
)
def test_a_stable_consensus_and_a_stable_split_settle_a_question(counts, consensus, settled):
    told = change(counts, counts)
    assert told.label == "stable"
    assert (told.consensus, told.settled) == (consensus, settled)


def test_a_group_that_fell_apart_around_its_average_is_not_settled():
    told = change([0, 40, 40, 0], [40, 0, 0, 40])
    assert (told.label, told.settled) == ("stable", False)


def test_a_consensus_that_has_just_moved_is_not_settled():
    told = change(LOW, HIGH)
    assert (told.consensus, told.settled) == (True, False)


def test_groups_are_compared_only_where_both_rounds_can_show_them():
    hidden = TooFewAnswers("not_enough_answers")
    assert change([0, 2, 2, 0], MIDDLE) == hidden
    assert change(MIDDLE, [0, 2, 2, 0]) == hidden
    assert change(([0, 1, 1, 0], 8), MIDDLE) == hidden
    assert change([0, 0, 0, 0], MIDDLE) == TooFewAnswers("no_answers")


def test_other_questions_and_other_scales_are_never_compared():
    earlier = table({"f1": {"city": MIDDLE}, "f2": {"city": MIDDLE}})
    later = table({key: {"city": MIDDLE} for key in ("f1", "f2", "f3")})
    told = changes(earlier, later, reworded=["f2"])
    assert [told[key]["city"].label for key in ("f1", "f2", "f3")] == [
        "stable",
        "not_comparable",
        "not_comparable",
    ]
    five = table({"f1": {"city": [0, 10, 20, 10, 0]}})
    assert changes(earlier, five) == {"f1": {"city": NotComparable()}}
