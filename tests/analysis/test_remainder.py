"""A pooled number beside the groups must not give a hidden one away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.analysis.remainder import Remainder, groups_below, remainder
from tests.analysis.count_tables import GROUPS


def answered(*people):
    return dict(zip(GROUPS, people, strict=True))


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ((8, 15, 6, 3, 300), ("migrant_orgs", "employers")),
        ((8, 15, 2, 3, 300), ("migrant_orgs", "employers")),
        ((8, 15, 1, 2, 300), ("city", "migrant_orgs", "employers")),
        ((5, 5, 5, 5, 5), ()),
        ((8, 15, 0, 3, 300), ("city", "employers")),  # an empty group gives no cover
        ((6, 6, 6, 3, 300), ("city", "employers")),  # the first of equals
        ((8, 15, 1, 4, 300), ("migrant_orgs", "employers")),  # five together are enough
        ((0, 0, 0, 0, 0), ()),
    ],
)
def test_hidden_groups_get_cover_from_the_smallest_shown(people, hidden):
    assert remainder(answered(*people), 5) == Remainder(hidden, pooled_shown=True)


def test_without_cover_the_pooled_number_is_hidden_too():
    assert remainder(answered(0, 0, 0, 3, 0), 5) == Remainder(("employers",), pooled_shown=False)
    assert remainder(answered(0, 0, 2, 2, 0), 5) == Remainder(
        ("migrant_orgs", "employers"), pooled_shown=False
    )


@given(st.lists(st.integers(0, 12), min_size=5, max_size=5), st.integers(3, 8))
def test_the_difference_of_pooled_and_shown_never_isolates_a_small_group(people, threshold):
    counts = answered(*people)
    found = remainder(counts, threshold)
    assert set(groups_below(counts, threshold)) <= set(found.hidden)
    if found.hidden and found.pooled_shown:
        assert len(found.hidden) >= 2
        assert sum(counts[group] for group in found.hidden) >= threshold
