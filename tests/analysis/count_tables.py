"""Short ways to write count tables, and strategies that draw them."""

from hypothesis import strategies as st

from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.distribution import Distribution
from surveyapp.analysis.findings import findings

GROUPS = ["city", "providers", "migrant_orgs", "employers", "learners"]


def table(factors, **options):
    """`{"f1": {"city": [0, 1, 4, 3], "learners": ([0, 1, 4, 3], 2)}}`: bare counts, or counts and don't knows."""
    rows = {
        factor: {group: row(counts) for group, counts in groups.items()} for factor, groups in factors.items()
    }
    first = next(counts["counts"] for groups in rows.values() for counts in groups.values())
    named = [group for group in GROUPS if any(group in groups for groups in rows.values())]
    return CountTable.from_json({"scale": len(first), "groups": named, "factors": rows} | options)


def row(counts):
    counts, dont_know = counts if isinstance(counts, tuple) else (counts, 0)
    return {"counts": counts, "dont_know": dont_know}


def factor(groups, **options):
    """Public findings of a table with one factor."""
    return findings(table({"f1": groups}, **options)).factors["f1"]


def ratings(*counts):
    return Distribution.of(counts)


def distributions(scale, most=60):
    counts = st.lists(st.integers(0, most), min_size=scale, max_size=scale)
    return counts.filter(any).map(lambda counts: Distribution.of(tuple(counts)))


scales = st.integers(3, 7)
pairs = scales.flatmap(lambda scale: st.tuples(distributions(scale), distributions(scale)))


@st.composite
def tables(draw, scale=None, people=None):
    """Whole rounds: two to five groups of every size, one to three factors, with don't knows."""
    scale = scale or draw(scales)
    groups = GROUPS[: draw(st.integers(2, 5))]
    size = people or st.sampled_from([1, 3, 8, 40, 200])
    cell = size.flatmap(
        lambda most: st.fixed_dictionaries(
            {
                "counts": st.lists(st.integers(0, most), min_size=scale, max_size=scale),
                "dont_know": st.integers(0, most),
            }
        )
    )
    factors = st.dictionaries(
        st.sampled_from(["f1", "f2", "f3"]), st.fixed_dictionaries(dict.fromkeys(groups, cell)), min_size=1
    )
    return {
        "scale": scale,
        "groups": groups,
        "self": draw(st.sampled_from([None, *groups])),
        "kinds": draw(st.dictionaries(st.sampled_from(groups), st.just("organisations"))),
        "factors": draw(factors),
    }
