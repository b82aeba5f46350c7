"""From findings of counts one can check by hand to what a page says first."""

import pytest

from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.findings import Findings, findings
from surveyapp.charts.agenda import agenda, differences, steps_apart

GROUPS = ("city", "providers", "migrant_orgs", "employers", "learners")


def told(**factors: dict[str, tuple[int, ...]]) -> Findings:
    """Counts from lowest to highest step, then don't knows; every group had 40 people or its largest number."""
    table = {
        factor: {group: Counts(counts[:-1], counts[-1]) for group, counts in groups.items()}
        for factor, groups in factors.items()
    }
    return findings(
        CountTable(
            scale=4,
            groups=GROUPS,
            factors=table,
            kinds=dict.fromkeys(GROUPS, "organisations"),
            people=dict.fromkeys(GROUPS, 40),
            self_group="city",
        )
    )


HIGH, LOW = (0, 2, 10, 28, 0), (20, 12, 6, 2, 0)
ALIKE = (0, 4, 32, 4, 0)
SPLIT = (18, 2, 2, 18, 0)


@pytest.mark.parametrize(
    ("gap", "words"),
    [(0.0, None), (0.2, None), (0.5, "half"), (-0.7, "half"), (1, "one"), (-1.2, "one"), (1.5, "one_and_half"),
     (2, "two"), (-3, "more")],
)  # fmt: skip
def test_gaps_are_told_in_words(gap: float, words: str | None) -> None:
    assert steps_apart(gap) == words


def test_a_clear_difference_names_the_higher_group_whatever_the_order_of_the_pair() -> None:
    [point] = agenda(told(f1={"city": LOW, "learners": HIGH})).talk
    assert point.reason == "clear_difference"
    assert point.named is not None
    assert (point.named.higher, point.named.lower, point.named.sure) == ("learners", "city", "clear")
    assert point.groups == ("city", "learners")


def test_the_pair_that_gives_the_reason_comes_first() -> None:
    found = told(f1={"city": HIGH, "providers": (4, 16, 16, 4, 0), "learners": LOW}).factors["f1"]
    first, *others = differences(found)
    assert {first.higher, first.lower} == set(found.reason_groups)
    assert others


def test_every_factor_stands_in_exactly_one_place() -> None:
    found = told(
        f1={"city": HIGH, "learners": LOW},
        f2={"city": ALIKE, "learners": ALIKE},
        f3={"city": SPLIT, "learners": ALIKE},
        f4={"city": ALIKE},
        f5={"city": (4, 14, 14, 8, 0), "learners": (4, 14, 14, 8, 0)},
        f6={"city": ALIKE, "learners": (2, 6, 8, 4, 20)},
    )
    sorted_in = agenda(found)
    placed = [
        [point.factor for point in points] for points in (sorted_in.talk, sorted_in.agreement, sorted_in.calm)
    ]
    assert placed[0] == ["f1", "f3", "f6", "f4"]
    assert placed[1:] == [["f2"], ["f5"]]
    assert sorted_in.missing == ("providers", "migrant_orgs", "employers")


def test_the_citys_own_view_is_told_apart_from_what_is_shared() -> None:
    found = told(
        f1={"city": HIGH, "providers": LOW, "learners": LOW},
        f2={"city": ALIKE, "providers": ALIKE, "learners": ALIKE},
        f3={"city": (20, 18, 2, 0, 0), "providers": (20, 18, 2, 0, 0), "learners": (20, 18, 2, 0, 0)},
        f4={"city": LOW, "providers": HIGH, "learners": HIGH},
    )
    sorted_in = agenda(found)
    assert (sorted_in.self_higher, sorted_in.self_lower) == (("f1",), ("f4",))
    assert (sorted_in.shared_strengths, sorted_in.shared_needs) == (("f2",), ("f3",))


def test_few_answers_are_said_where_the_reason_does_not_say_it_already() -> None:
    small = (1, 2, 2, 1, 0)
    [mixed] = agenda(told(f1={"city": small, "learners": small})).calm
    [clear] = agenda(told(f1={"city": (0, 0, 0, 9, 0), "learners": LOW})).talk
    assert mixed.few
    assert not clear.few
