"""The strongest and the weakest factors, as an order built from what is published."""

from surveyapp.analysis.findings import findings
from surveyapp.analysis.overview import by_strength, strongest_and_weakest
from tests.analysis.count_tables import table

STRONG, MIDDLE, WEAK = [0, 4, 18, 18], [0, 20, 20, 0], [18, 18, 4, 0]


def told(factors, **options):
    return findings(table(factors, **options))


def both(counts):
    return {"city": counts, "learners": counts}


def test_factors_are_ordered_by_the_mean_of_the_groups_not_of_the_people():
    mixed = {"city": STRONG, "learners": [count * 100 for count in WEAK]}
    order = by_strength(told({"weak": both(WEAK), "mixed": mixed, "strong": both(STRONG)}))
    assert order == ("strong", "mixed", "weak")


def test_equal_factors_keep_the_order_of_the_benchmark():
    order = by_strength(told({"b": both(MIDDLE), "a": both(MIDDLE), "c": both(STRONG)}))
    assert order == ("c", "b", "a")


def test_the_three_words_of_a_small_group_stand_for_a_quarter_a_half_and_three_quarters():
    small = {"city": [0, 0, 3, 3], "learners": MIDDLE}  # (75 + 50) / 2
    just_above = {"city": [0, 14, 26, 0], "learners": [0, 14, 26, 0]}  # 65
    just_below = {"city": [0, 16, 24, 0], "learners": [0, 16, 24, 0]}  # 60
    assert by_strength(told({"1": just_below, "2": small, "3": just_above})) == ("3", "2", "1")


def test_hidden_groups_and_groups_from_the_outside_have_no_part_in_it():
    hidden = {"city": MIDDLE, "employers": MIDDLE, "learners": [0, 0, 0, 4]}
    outside = {"city": MIDDLE, "employers": MIDDLE, "learners": STRONG}
    factors = {"f1": both(MIDDLE), "f2": hidden, "f3": outside}
    assert by_strength(told(factors, proxy={"f3": ["learners"]})) == ("f1", "f2", "f3")
    assert by_strength(told(factors)) == ("f3", "f1", "f2")


def test_one_group_alone_does_not_place_a_factor():
    factors = {
        "f1": both(MIDDLE),
        "f2": {"city": STRONG},
        "f3": {"city": STRONG, "learners": ([1, 1, 0, 0], 9)},
    }
    assert by_strength(told(factors)) == ("f1",)


def test_the_ends_of_the_order_are_named_from_the_outside_in():
    levels = {f"f{place}": both([0, 40 - 4 * place, 4 * place, 0]) for place in range(1, 10)}
    strongest, weakest = strongest_and_weakest(told(levels))
    assert strongest == ("f9", "f8", "f7")
    assert weakest == ("f1", "f2", "f3")
    assert strongest_and_weakest(told(levels), most=1) == (("f9",), ("f1",))


def test_no_factor_is_both_and_the_middle_is_neither():
    factors = {"f1": both(WEAK), "f2": both(MIDDLE), "f3": both(STRONG)}
    assert strongest_and_weakest(told(factors)) == (("f3",), ("f1",))


def test_where_all_are_alike_none_is_a_strength():
    assert strongest_and_weakest(told({"f1": both(STRONG), "f2": both(STRONG)})) == ((), ())


def test_without_visible_groups_there_is_no_order():
    assert strongest_and_weakest(told({"f1": {"city": [0, 1, 0, 0]}})) == ((), ())
