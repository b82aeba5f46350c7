"""What a number of answers can show: drawn with a fixed seed, labelled by the rules of real rounds."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from surveyapp.analysis import planning
from surveyapp.analysis.contrast import certainty
from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.findings import findings
from surveyapp.analysis.pairs import pair_label
from surveyapp.analysis.planning import HIGH, LOW, found_in_ten
from tests.analysis.count_tables import ratings

SIZES = (3, 4, 5, 6, 8, 10, 15, 25, 60)


def test_groups_below_the_threshold_find_nothing():
    assert found_in_ten(4, 100) == found_in_ten(100, 4) == found_in_ten(0, 0) == 0
    assert found_in_ten(7, 100, threshold=8) == 0 < found_in_ten(8, 100, threshold=8)


def test_persons_keep_their_floor():
    assert found_in_ten(4, 100, "persons", threshold=3) == 0
    assert found_in_ten(5, 100, "persons", threshold=3) == found_in_ten(5, 100, "organisations", threshold=3)


def test_three_or_four_answers_are_shown_and_are_never_clear():
    assert found_in_ten(4, 100, threshold=3) == 0


def test_a_wider_net_finds_more():
    table = {(a, b): found_in_ten(a, b) for a in SIZES for b in SIZES}
    for other in SIZES:
        for fewer, more in pairwise(SIZES):
            assert table[fewer, other] <= table[more, other], (fewer, more, other)
            assert table[other, fewer] <= table[other, more], (other, fewer, more)
    assert table[5, 5] < table[10, 10] < table[25, 25] == table[60, 60] == 10


def test_the_same_question_has_the_same_answer():
    first = found_in_ten(6, 12)
    found_in_ten.cache_clear()
    random.seed(99)
    assert found_in_ten(6, 12) == first


def found_by_findings(answers: int, others: int, rounds: int) -> float:
    """The same question put to the whole analysis, with people drawn in another way."""
    chance, found = random.Random(20261123), 0
    for _ in range(rounds):
        pair = [LOW, HIGH]
        chance.shuffle(pair)
        counts = {}
        for group, shares, people in zip("xy", pair, (answers, others), strict=True):
            said = chance.choices(range(4), shares, k=people)
            counts[group] = Counts(tuple(said.count(category) for category in range(4)))
        table = CountTable(scale=4, groups=("x", "y"), factors={"f1": counts})
        found += findings(table).factors["f1"].label == "groups_disagree"
    return found / rounds


@pytest.mark.parametrize(("answers", "others"), [(5, 5), (6, 10), (10, 12), (6, 100), (30, 30)])
def test_a_larger_simulation_with_the_whole_analysis_agrees(answers, others):
    assert abs(found_in_ten(answers, others) - 10 * found_by_findings(answers, others, 2000)) < 1


def test_the_figures_follow_the_rules(monkeypatch):
    """Figures of their own would still be there when the rules have changed."""
    stricter = replace(planning.RULES, clear_people=12)
    monkeypatch.setattr(planning, "RULES", stricter)
    found_in_ten.cache_clear()
    assert found_in_ten(11, 40) == 0 < found_in_ten(12, 40)
    found_in_ten.cache_clear()


def test_middle_answers_lie_two_steps_apart():
    low, high = (
        ratings(*(round(100 * share) for share in LOW)),
        ratings(*(round(100 * share) for share in HIGH)),
    )
    assert sum(LOW) == pytest.approx(1) == sum(HIGH)
    assert (low.counts.index(max(low.counts)), high.counts.index(max(high.counts))) == (0, 2)
    assert high.mean - low.mean == pytest.approx(1.5)
    assert pair_label(low, high, certainty(low, [high]), planning.RULES) == "groups_disagree"


def test_outcomes_that_are_alike_are_labelled_once(monkeypatch):
    """A page with five groups waits for these figures."""
    labelled = []

    def counting(*pair):
        labelled.append(pair)
        return pair_label(*pair)

    monkeypatch.setattr(planning, "pair_label", counting)
    found_in_ten.cache_clear()
    found_in_ten(5, 10)
    assert len(labelled) < planning.ROUNDS / 2
    before = len(labelled)
    found_in_ten(5, 10)
    assert len(labelled) == before
