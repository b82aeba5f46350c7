"""The strongest and the weakest factors, as an order built from what is published."""

from surveyapp.analysis.findings import findings
from surveyapp.analysis.overview import by_strength, good_and_not_yet, mean_shares, strongest_and_weakest
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


def test_good_is_what_every_group_says_and_not_yet_what_most_say():
    three = ("city", "learners", "providers")
    rated = {
        "best": (STRONG, STRONG, STRONG),
        "good": (STRONG, STRONG, [0, 14, 26, 0]),
        "one says no": (STRONG, STRONG, WEAK),
        "one says yes": (STRONG, WEAK, WEAK),
        "half": (MIDDLE, MIDDLE, MIDDLE),
        "worst": (WEAK, WEAK, WEAK),
    }
    found = told(
        {key: dict(zip(three, counts, strict=True)) for key, counts in rated.items()}
    ).factors.values()
    assert good_and_not_yet(found) == (("best", "good"), ("worst", "one says yes"))
    assert good_and_not_yet(found, most=1) == (("best",), ("worst",))


def test_good_of_one_group_counts_only_where_no_other_was_asked():
    hidden = told({"f1": {"city": STRONG, "learners": [0, 0, 0, 2]}}).factors.values()
    assert good_and_not_yet(hidden) == ((), ())
    assert good_and_not_yet(told({"f1": {"city": STRONG}}).factors.values()) == (("f1",), ())


def test_the_mean_of_shown_shares_is_a_whole_percentage_and_no_word_enters_it():
    large = [0, 100, 100, 0]
    shares = {
        "f1": {"city": large, "learners": [0, 88, 112, 0]},  # 50 % and 56 %: 53
        "f2": {"city": large, "learners": [0, 90, 110, 0]},  # 50 % and 55 %: 52.5 goes towards the half
        "f3": {"city": large, "learners": [0, 110, 90, 0]},  # 50 % and 45 %: 47.5 goes towards the half
        "f4": {"city": large, "learners": [0, 3, 3, 0]},  # a word
        "f5": {"city": large},  # one group
        "f6": {"city": [0, 0, 12, 0], "learners": [12, 0, 0, 0]},  # ends count where they are drawn
    }
    means = {key: share.text for key, share in mean_shares(told(shares)).items()}
    assert means == {"f1": "53 %", "f2": "52 %", "f3": "48 %", "f6": "50 %"}
