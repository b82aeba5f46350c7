"""Random rounds under attack: what is hidden cannot be learned, and the attacker finds it where it can."""

import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.disclosure import leaks
from tests.disclosure.attack import (
    Attack,
    compare,
    compare_two_rounds,
    compare_unanimity,
    enumerate_tables,
    solve,
    solve_two_rounds,
    subtract_editions,
)
from tests.disclosure.outputs import Publish, Town, published

ATTACKS = (compare, compare_two_rounds, compare_unanimity, subtract_editions, solve, solve_two_rounds)
EXAMPLES = 3
ENUMERATED = 8

steady = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate]
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
@steady
@given(seed=st.integers(0, 2**32))
def test_nothing_is_learned_of_what_is_hidden(town: Town, attack: Attack, seed: int) -> None:
    assert attack(published, town, random.Random(seed)) is None


def test_at_least_three_tables_fit_a_small_group_and_never_only_unanimous_ones(town: Town) -> None:
    learned = [enumerate_tables(published, town, random.Random(seed)) for seed in range(ENUMERATED)]
    found = [one for one in learned if one is not None]
    assert not any("all chose the same" in one for one in found)
    assert len(found) <= ENUMERATED // 20, found


@pytest.mark.parametrize(
    ("attack", "leak"),
    [
        (compare, leaks.number_of_a_hidden_group),
        (compare, leaks.hash_of_the_counts),
        (compare, leaks.comments_by_number),
        (compare_two_rounds, leaks.pooled_total),
        (compare_unanimity, leaks.word_for_unanimity),
        (compare_unanimity, leaks.bar_of_raw_shares),
        (subtract_editions, leaks.more_in_the_internal_edition),
        (solve, leaks.pooled_total),
        (solve, leaks.bar_of_a_hidden_group),
        (solve_two_rounds, leaks.pooled_total),
        (enumerate_tables, leaks.bar_of_raw_shares),
        (enumerate_tables, leaks.mean_in_a_title),
    ],
    ids=lambda one: one.__name__,
)
def test_the_attacker_finds_a_leak(town: Town, attack: Attack, leak: Publish) -> None:
    assert any(attack(leak, town, random.Random(seed)) for seed in range(8))
