"""Values from the literature and from other software, each with its source beside it in the data file."""

import json
import math
from pathlib import Path

import pytest

from surveyapp.analysis.contrast import certainty, cliffs_delta, earth_movers_distance, gap, superiority
from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.distribution import dispersion, mean_difference
from surveyapp.analysis.experts import agreement_a, consensus
from surveyapp.analysis.findings import exact_findings, findings
from surveyapp.analysis.partition import partition
from surveyapp.analysis.proportions import newcombe, wilson
from surveyapp.analysis.remainder import groups_below, remainder
from tests.analysis.count_tables import ratings, table

VECTORS = json.loads(
    Path(__file__).with_name("data").joinpath("published_values.json").read_text(encoding="utf-8")
)
OTHER_MEASURES = {"leik_D", "krippendorff_alpha (optional)", "round_change_tvd (Scheibe 1975)"}
"""Kept with their sources in the data file, but the analysis does not use them."""

Z95 = 1.959964


def within(counts):
    x = ratings(*counts)
    return {
        "agreement_A": agreement_a(x),
        "consensus_cns": consensus(x),
        "lsquared_blair_lacy": 1 - dispersion(x),
        "D_dispersion_pop": dispersion(x),
    }


def between(x, y):
    x, y = ratings(*x), ratings(*y)
    return {
        "cliffs_delta": cliffs_delta(x, y),
        "vargha_delaney_A": superiority(x, y),
        "gap_steps(mean x - mean y)": gap(x, y),
        "emd_steps": earth_movers_distance(x, y),
    }


def pair_distance(counts):
    scale = len(counts)
    steps = mean_difference(ratings(*counts))
    return {"gmd_steps": steps, "D_unbiased": 2 * steps / (scale - 1)}


def posterior(x, y):
    belief = certainty(ratings(*x), [ratings(*y)])
    towards_mu, near = belief.of_difference(0.33), belief.of_likeness(0.33)
    sides = [1 - towards_mu - near, towards_mu]
    below, above = sides if belief.mu > 0 else sides[::-1]
    return {
        "posterior_mean_delta": belief.mu,
        "posterior_sd_delta": math.sqrt(belief.variance),
        "P(delta>+.33)": above,
        "P(delta<-.33)": below,
    }


def relative_effects(groups):
    groups = [ratings(*counts) for counts in groups]
    return [sum(superiority(own, other) for other in groups) / len(groups) for own in groups]


def equal_weight_partition(groups):
    parts = partition([ratings(*counts) for counts in groups])
    return {"W": parts.within, "B": parts.between, "T": parts.within + parts.between}


def group_label(counts, k):
    labels = {
        analyse(table({"f1": {"city": counts}}, threshold=k)).factors["f1"].groups["city"].label
        for analyse in (findings, exact_findings)
    }
    return labels.pop() if len(labels) == 1 else labels


def pair_label(x, y, k):
    told = findings(table({"f1": {"city": x, "providers": y}}, threshold=k))
    return told.factors["f1"].pairs[0].label


def many_dont_know(dont_know, answered, k):
    rated = [0, answered - dont_know, 0]
    told = findings(table({"f1": {"city": (rated, dont_know)}}, threshold=k))
    return told.factors["f1"].groups["city"].many_dont_know


def suppressed(answered_per_group, k, pooled_total_published):
    if pooled_total_published:
        return sorted(remainder(answered_per_group, k).hidden)
    return sorted(groups_below(answered_per_group, k))


MEASURES = {
    "agreement_A": lambda counts: agreement_a(ratings(*counts)),
    "consensus_cns": lambda counts: consensus(ratings(*counts)),
    "within_group": within,
    "mean_pair_distance_steps (Gini mean difference, U-statistic)": pair_distance,
    "between_pair": between,
    "brunner_munzel": lambda x, y: {"P(X<Y)+.5P(=)": superiority(ratings(*y), ratings(*x))},
    "posterior_delta (Dirichlet prior 1/K per category)": posterior,
    "relative_effect_vs_unweighted_mean (pseudo-ranks)": relative_effects,
    "partition_equal_group_weight": equal_weight_partition,
    "wilson_95": lambda dont_know, answered: list(wilson(dont_know, answered, Z95)),
    "newcombe_hybrid_95 (p1-p2)": lambda x1, n1, x2, n2: list(newcombe((x1, n1), (x2, n2), Z95)),
    "label_within": group_label,
    "label_pair": pair_label,
    "label_many_dont_know": many_dont_know,
    "suppressed_groups": suppressed,
}


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector["measure"] not in OTHER_MEASURES],
    ids=lambda vector: vector["id"],
)
def test_a_published_value_is_reproduced(vector):
    found = MEASURES[vector["measure"]](**vector["input"])
    expected, tolerance = vector["expected"], vector["tolerance"]
    if tolerance is None:
        assert found == expected
    elif isinstance(expected, dict):
        assert set(found) <= set(expected)
        for name, value in found.items():
            assert value == pytest.approx(expected[name], abs=tolerance_for(name, tolerance))
    else:
        assert found == pytest.approx(expected, abs=tolerance)


def tolerance_for(name, tolerance):
    if isinstance(tolerance, dict):
        return tolerance["probabilities" if name.startswith("P(") else "mean_sd"]
    return tolerance


def test_a_group_below_the_threshold_comes_back_as_a_type_of_its_own():
    counts = {"scale": 5, "groups": ["city"], "factors": {"f1": {"city": {"counts": [2, 0, 0, 0, 1]}}}}
    told = findings(CountTable.from_json(counts)).factors["f1"].groups["city"]
    assert told == TooFewAnswers("not_enough_answers")
    assert told.status == "not_enough_answers"
