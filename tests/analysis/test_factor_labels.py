"""Which label a factor carries when several hold, and which groups are named as its reason."""

import pytest

from surveyapp.analysis.findings import exact_findings, findings
from tests.analysis.count_tables import GROUPS, factor, table

HIGH, LOW = [0, 2, 20, 20], [20, 20, 2, 0]
TOGETHER = [0, 12, 12, 0]
APART = [12, 0, 0, 12]
SPREAD = [4, 8, 8, 4]
FEW_APART = [3, 1, 1, 3]
FEW_HIGH, FEW_LOW = [0, 1, 2, 3], [2, 2, 2, 0]


def why(groups, **options):
    told = factor(groups, **options)
    return told.label, told.tier, told.reason, told.reason_groups


@pytest.mark.parametrize(
    ("groups", "label", "tier", "reason", "named"),
    [
        (
            {"city": HIGH, "employers": APART, "learners": LOW},
            "groups_disagree",
            1,
            "clear_difference",
            ("city", "learners"),
        ),
        (
            {"city": APART, "employers": TOGETHER, "learners": APART},
            "split",
            2,
            "split_group",
            ("city", "learners"),
        ),
        ({"city": APART}, "split", 2, "split_group", ("city",)),
        (
            {"city": FEW_HIGH, "employers": FEW_LOW, "learners": FEW_APART},
            "early_sign",
            3,
            "early_sign",
            ("city", "employers"),
        ),
        ({"city": FEW_APART, "learners": TOGETHER}, "early_sign", 3, "possible_split", ("city",)),
        ({"city": FEW_APART}, "early_sign", 3, "possible_split", ("city",)),
        (
            {"city": (TOGETHER, 20), "employers": TOGETHER, "learners": ([0, 1, 1, 0], 4)},
            "dont_know",
            4,
            "many_dont_know",
            ("city", "learners"),
        ),
        (
            {"city": ([0, 30, 30, 0], 23), "employers": TOGETHER, "learners": (TOGETHER, 1)},
            "dont_know",
            4,
            "awareness_gap",
            ("city", "employers"),
        ),
        ({"city": TOGETHER, "learners": [0, 2, 1, 0]}, "not_enough_groups", 5, "not_enough_groups", ()),
        (
            {"city": SPREAD, "employers": TOGETHER, "learners": SPREAD},
            "mixed",
            5,
            "mixed_group",
            ("city", "learners"),
        ),
        ({"city": TOGETHER, "learners": TOGETHER}, "broad_agreement", 6, "similar_answers", ()),
        ({"city": TOGETHER, "learners": [0, 4, 5, 0]}, "broad_agreement", 6, "few_answers", ()),
        ({"city": [0, 1, 3, 3], "learners": [1, 4, 2, 0]}, "no_clear_pattern", 5, "no_clear_pattern", ()),
    ],
)
def test_the_first_label_that_holds_is_the_factors(groups, label, tier, reason, named):
    assert why(groups) == (label, tier, reason, named)


def test_broad_agreement_leaves_no_serious_doubt_about_any_pair():
    assert why({"city": [4, 14, 1, 1], "learners": [15, 0, 5, 0]})[0] == "broad_agreement"  # .590
    assert why({"city": [0, 1, 9, 2], "learners": [0, 5, 0, 15]})[0] == "no_clear_pattern"  # .609


def test_ten_answers_are_no_longer_few():
    assert factor({"city": TOGETHER, "learners": [0, 5, 5, 0]}).reason == "similar_answers"


def test_an_awareness_gap_names_the_widest_pair():
    told = factor(
        {"city": ([0, 60, 60, 0], 20), "employers": ([0, 120, 120, 0], 100), "learners": [0, 60, 60, 0]}
    )
    assert told.reason == "awareness_gap"
    assert told.reason_groups == ("employers", "learners")


def test_of_equally_sure_pairs_the_first_is_named():
    certain = {"city": HIGH, "providers": LOW, "employers": HIGH, "learners": LOW}
    assert factor(certain).reason_groups == ("city", "providers")


def test_equal_averages_of_unlike_opinions_are_the_reason_and_leave_the_label():
    close_together = [0, 0, 300, 0, 0]
    wide = {"employers": [2, 11, 14, 11, 2], "learners": [4, 10, 12, 10, 4]}
    told = why({"city": close_together, "employers": wide["employers"]})
    assert told == ("broad_agreement", 6, "same_average", ("city", "employers"))
    told = why({"city": close_together} | wide)
    assert told == ("mixed", 5, "same_average", ("city", "learners"))


@pytest.mark.parametrize(
    ("wide", "crosses"),
    [
        ([1, 6, 6, 6, 1], True),
        ([1, 6, 5, 6, 1], False),  # 19 people
        ([20, 108, 145, 109, 20], False),  # .739 steps away
        ([10, 81, 129, 160, 20], True),  # .2475 of a step higher on average
        ([10, 80, 130, 160, 20], False),  # a quarter
    ],
)
def test_crossing_opinions_need_people_distance_and_equal_averages(wide, crosses):
    told = factor({"city": [0, 0, 300, 0, 0], "employers": wide})
    assert (told.reason == "same_average") is crosses


def test_crossing_opinions_do_not_displace_a_sharper_label():
    told = factor({"city": [0, 0, 300, 0, 0], "employers": [15, 0, 10, 0, 15]})
    assert told.reason == "split_group"


def test_spread_is_told_only_when_every_visible_group_has_twenty_ratings():
    assert factor({"city": TOGETHER, "learners": [0, 10, 9, 0]}).within is None
    told = factor({"city": TOGETHER, "learners": [0, 10, 10, 0]})
    assert (told.within, told.between, told.total) == (0.3, 0.0, 0.3)
    told = factor({"city": [0, 20, 80, 0], "learners": [20, 80, 0, 0]})
    assert (told.within, told.between, told.total) == (0.22, 0.23, 0.45)


def test_a_group_alone_has_spread_within_and_none_between():
    told = factor({"city": TOGETHER, "learners": [0, 1, 1, 0]})
    assert (told.within, told.between, told.total) == (0.3, None, None)


def test_nobody_visible_leaves_nothing_to_tell():
    told = factor({"city": [1, 1, 1, 0]})
    assert (told.within, told.between, told.total) == (None, None, None)
    assert told.label == "not_enough_groups"


def test_a_negative_between_share_is_shown_as_zero_and_printed_exactly():
    counts = table({"f1": {"city": [5, 10, 10, 5], "learners": [5, 10, 10, 5]}})
    assert findings(counts).factors["f1"].between == 0.0
    told = exact_findings(counts).factors["f1"]
    assert told.between < 0
    assert told.total == pytest.approx(told.within + told.between, abs=2e-9)


def test_every_group_and_pair_is_listed_in_group_order():
    told = factor(dict.fromkeys(reversed(GROUPS), TOGETHER))
    assert list(told.groups) == GROUPS
    assert [pair.groups for pair in told.pairs][:5] == [
        ("city", "providers"),
        ("city", "migrant_orgs"),
        ("city", "employers"),
        ("city", "learners"),
        ("providers", "migrant_orgs"),
    ]
