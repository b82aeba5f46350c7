"""Who is heard, and how precisely: the privacy rules one by one."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.analysis.disclosure import PublicEdition, TooFewAnswers, top_coded
from surveyapp.analysis.findings import exact_findings, findings
from surveyapp.analysis.rounding import Precision, chart_of, decimal, share_of, steps_apart
from surveyapp.analysis.rules import RULES
from tests.analysis.count_tables import factor, ratings, table

PUBLIC = PublicEdition(RULES)
ORGANISATIONS = {"kinds": {"city": "organisations"}}


@pytest.mark.parametrize(
    ("group", "people", "threshold", "shown"),
    [
        ("city", 4, 5, False),
        ("city", 5, 5, True),
        ("employers", 3, 3, False),  # persons keep five
        ("employers", 5, 3, True),
        ("learners", 4, 3, False),
        ("city", 3, 3, True),  # organisations may go down to three
        ("city", 2, 3, False),
        ("city", 6, 7, False),  # a lead may raise the threshold for everybody
        ("employers", 6, 7, False),
        ("employers", 7, 7, True),
    ],
)
def test_the_threshold_depends_on_the_kind_of_group(group, people, threshold, shown):
    told = factor(
        {group: [0, people - 1, 1, 0]},
        threshold=threshold,
        kinds={"city": "organisations"} if group == "city" else {},
    )
    assert isinstance(told.groups[group], TooFewAnswers) is not shown


def test_an_exact_output_uses_the_promised_threshold_for_every_group():
    counts = table({"f1": {"employers": [0, 1, 1, 1]}}, threshold=3)
    assert isinstance(findings(counts).factors["f1"].groups["employers"], TooFewAnswers)
    assert exact_findings(counts).factors["f1"].groups["employers"].answered == 3


def test_a_group_with_too_few_people_in_the_round_is_hidden_whatever_a_table_holds():
    counts = dataclasses.replace(table({"f1": {"city": [0, 9, 3, 0]}}), people={"city": 4})
    assert findings(counts).factors["f1"].groups["city"] == TooFewAnswers("not_enough_answers")


def test_a_hidden_group_has_no_field_that_could_hold_a_number():
    assert [field.name for field in dataclasses.fields(TooFewAnswers)] == ["label"]
    assert TooFewAnswers("no_answers").as_json() == {"shown": False, "label": "no_answers"}


@pytest.mark.parametrize(
    ("people", "threshold", "told"),
    [
        (3, 3, "3-9"),
        (5, 5, "5-9"),
        (9, 5, "5-9"),
        (10, 5, "10-19"),
        (19, 5, "10-19"),
        (20, 5, 20),
        (8, 8, "8-9"),
        (12, 8, "10-19"),
        (9, 9, "9-19"),
        (19, 9, "9-19"),
        (15, 12, "12-19"),
        (20, 12, 20),
        (31, 25, 31),
    ],
)
def test_answers_are_told_in_bands_below_twenty(people, threshold, told):
    assert PUBLIC.answered(people, threshold) == told


@pytest.mark.parametrize(
    ("people", "persons", "organisations"),
    [
        (4, Precision.WORDS, Precision.WORDS),
        (5, Precision.WORDS, Precision.QUARTERS),
        (9, Precision.WORDS, Precision.QUARTERS),
        (10, Precision.HALF_STEPS, Precision.HALF_STEPS),
        (19, Precision.HALF_STEPS, Precision.HALF_STEPS),
        (20, Precision.ONE_DECIMAL, Precision.ONE_DECIMAL),
        (99, Precision.ONE_DECIMAL, Precision.ONE_DECIMAL),
        (100, Precision.TWO_DECIMALS, Precision.TWO_DECIMALS),
    ],
)
def test_precision_grows_with_the_group(people, persons, organisations):
    assert PUBLIC.precision(people, "persons") is persons
    assert PUBLIC.precision(people, "organisations") is organisations


@pytest.mark.parametrize(
    ("counts", "coded"),
    [
        ([9, 0, 0, 0], [8, 1, 0, 0]),
        ([0, 9, 0, 0], [0, 8, 1, 0]),
        ([0, 0, 9, 0], [0, 1, 8, 0]),
        ([0, 0, 0, 9], [0, 0, 1, 8]),
        ([0, 0, 9, 0, 0], [0, 1, 8, 0, 0]),  # the middle itself: its lower neighbour
        ([0, 9, 0], [1, 8, 0]),
        ([0, 0, 0, 299], [0, 0, 1, 298]),
        ([0, 0, 0, 300], [0, 0, 0, 300]),
        ([0, 0, 1, 8], [0, 0, 1, 8]),
        ([0, 7], [1, 6]),
    ],
)
def test_nobody_can_tell_that_all_chose_the_same(counts, coded):
    assert top_coded(tuple(counts), RULES) == tuple(coded)


def test_unanimity_and_one_dissent_give_the_same_output():
    told = [factor({"city": counts, "learners": [4, 9, 9, 4]}) for counts in ([0, 0, 40, 0], [0, 1, 39, 0])]
    assert repr(told[0]) == repr(told[1])
    assert told[0].groups["city"].chart[2].text == ">=95 %"


@pytest.mark.parametrize(
    ("share", "people", "told", "percent"),
    [
        (0.10, 10, "<=10 %", 10),
        (0.00, 39, "<=10 %", 10),
        (0.15, 20, "20 %", 20),  # halves round towards fifty
        (0.85, 20, "80 %", 80),
        (0.45, 20, "50 %", 50),
        (0.55, 20, "50 %", 50),
        (0.96, 39, ">=90 %", 90),
        (0.07, 40, "<=5 %", 5),
        (0.075, 40, "10 %", 10),
        (0.925, 40, "90 %", 90),
        (0.93, 99, ">=95 %", 95),
        (0.02, 100, "<=2 %", 2),
        (0.03, 299, "3 %", 3),
        (0.98, 299, ">=98 %", 98),
        (0.02, 300, "2 %", 2),
        (0.00, 300, "<=1 %", 1),
        (1.00, 300, ">=99 %", 99),
    ],
)
def test_percentages_are_rounded_on_a_grid_with_open_ends(share, people, told, percent):
    published = share_of(share, people, Precision.HALF_STEPS, RULES)
    assert (published.text, published.percent) == (told, percent)


@pytest.mark.parametrize(
    ("share", "word", "rank"),
    [
        (0.0, "fewer_than_half", 25),
        (0.374, "fewer_than_half", 25),
        (3 / 8, "about_half", 50),
        (5 / 8, "about_half", 50),
        (0.626, "more_than_half", 75),
        (1.0, "more_than_half", 75),
    ],
)
@pytest.mark.parametrize("precision", [Precision.WORDS, Precision.QUARTERS])
def test_below_ten_a_share_is_a_word(share, word, rank, precision):
    published = share_of(share, 8, precision, RULES)
    assert (published.text, published.percent) == (word, rank)


def test_small_organisations_get_a_chart_in_quarters():
    bars = chart_of(ratings(1, 7), Precision.QUARTERS, RULES)
    assert [(bar.text, bar.percent) for bar in bars] == [("some", 25), ("most", 75)]
    bars = chart_of(ratings(0, 3, 5, 0), Precision.QUARTERS, RULES)
    assert [bar.text for bar in bars] == ["few", "half", "half", "few"]
    bars = chart_of(ratings(0, 9, 1), Precision.QUARTERS, RULES)
    assert [(bar.text, bar.percent) for bar in bars] == [("few", 10), ("nearly_all", 90), ("few", 10)]


@pytest.mark.parametrize(
    ("value", "one", "two"),
    [
        (0.25, 0.3, 0.25),
        (-0.25, -0.3, -0.25),
        (0.3 - 0.05, 0.3, 0.25),
        (0.115, 0.1, 0.12),
        (-0.004, 0.0, 0.0),
        (1.0, 1.0, 1.0),
    ],
)
def test_decimals_round_halves_away_from_zero(value, one, two):
    assert decimal(value, Precision.ONE_DECIMAL) == one
    assert decimal(value, Precision.TWO_DECIMALS) == two
    assert decimal(value, Precision.HALF_STEPS) is None
    assert str(decimal(-0.004, Precision.ONE_DECIMAL)) == "0.0"


@pytest.mark.parametrize(
    ("x", "y", "gap"),
    [
        ([0, 0, 9, 3], [0, 12, 0, 0], 1.0),  # 3.25 falls to 3, towards the middle of the scale
        ([3, 9, 0, 0], [0, 0, 12, 0], -1.0),  # 1.75 rises to 2
        ([0, 9, 3, 0], [0, 0, 0, 12], -1.5),  # 2.25 rises to 2.5
        ([0, 0, 8, 4], [0, 12, 0, 0], 1.5),
    ],
)
def test_gaps_of_small_groups_come_from_means_in_half_steps(x, y, gap):
    assert steps_apart(ratings(*x), ratings(*y), Precision.HALF_STEPS) == gap
    assert steps_apart(ratings(*x), ratings(*y), Precision.QUARTERS) == gap
    assert steps_apart(ratings(*x), ratings(*y), Precision.WORDS) is None


def published(group):
    """Which kinds of numbers a group of this size lets out."""
    return (
        group.median is not None,
        group.dispersion is not None,
        group.chart is not None,
    )


@pytest.mark.parametrize(
    ("counts", "options", "numbers"),
    [
        ([0, 3, 3, 0], {}, (False, False, False)),
        ([0, 3, 3, 0], ORGANISATIONS, (True, False, True)),
        ([0, 2, 1, 0], ORGANISATIONS | {"threshold": 3}, (False, False, False)),
        ([0, 5, 5, 0], {}, (True, False, True)),
        ([0, 10, 10, 0], {}, (True, True, True)),
    ],
)
def test_a_small_group_lets_out_few_numbers(counts, options, numbers):
    assert published(factor({"city": counts}, **options).groups["city"]) == numbers


@given(data=st.data())
def test_no_public_share_is_finer_than_its_grid(data):
    people = data.draw(st.integers(10, 99))
    share = data.draw(st.integers(0, people)) / people
    step = 10 if people < 40 else 5
    told = share_of(share, people, PUBLIC.precision(people, "persons"), RULES)
    assert told.percent % step == 0
    assert step <= told.percent <= 100 - step
