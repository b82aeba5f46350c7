"""The same numbers from scipy, statsmodels and the matrix form of the text books."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc
from statsmodels.stats.nonparametric import rank_compare_2ordinal
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from surveyapp.analysis.beta import incomplete_beta
from surveyapp.analysis.contrast import certainty, superiority
from surveyapp.analysis.proportions import newcombe, wilson
from tests.analysis.count_tables import distributions, pairs

positive = st.floats(0.02, 5000)
answers = st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


def tail(z):
    """Two-sided probability outside +-z."""
    return math.erfc(z / math.sqrt(2))


@given(positive, positive, st.floats(0.01, 0.99))
def test_incomplete_beta_agrees_with_scipy(a, b, x):
    assert incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("people", [1e5, 1e7])
@pytest.mark.parametrize("x", [0.3349, 0.335, 0.3351])
def test_incomplete_beta_holds_for_very_large_groups(people, x):
    a, b = 0.335 * people, 0.665 * people
    assert incomplete_beta(a, b, x) == pytest.approx(betainc(a, b, x), abs=1e-6)


@pytest.mark.filterwarnings("ignore:invalid value encountered")  # its degrees of freedom without spread
@given(pairs)
def test_superiority_agrees_with_statsmodels(pair):
    x, y = pair
    witness = rank_compare_2ordinal(x.counts, y.counts)
    assert superiority(x, y) == pytest.approx(witness.prob1, abs=1e-9)


@given(answers, st.sampled_from([1.2816, 1.6449, 1.96]))
def test_wilson_agrees_with_statsmodels(part, z):
    low, high = proportion_confint(*part, alpha=tail(z), method="wilson")
    assert wilson(*part, z) == pytest.approx((low, high), abs=1e-9)


@given(answers, answers, st.sampled_from([1.6449, 1.96]))
def test_newcombe_agrees_with_statsmodels(first, second, z):
    witness = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff", alpha=tail(z))
    assert newcombe(first, second, z) == pytest.approx(witness, abs=1e-9)


@given(
    st.integers(3, 7).flatmap(
        lambda scale: st.tuples(distributions(scale), st.lists(distributions(scale), min_size=1, max_size=4))
    )
)
def test_certainty_agrees_with_its_matrix_form(case):
    own, others = case
    p, p_covariance = posterior(own)
    each = [posterior(other) for other in others]
    q = np.mean([shares for shares, _ in each], axis=0)
    q_covariance = np.sum([covariance for _, covariance in each], axis=0) / len(others) ** 2
    ranks = np.arange(own.scale)
    sign = np.sign(ranks[:, None] - ranks[None, :])
    variance = (
        (sign @ q) @ p_covariance @ (sign @ q)
        + (sign.T @ p) @ q_covariance @ (sign.T @ p)
        + np.trace(sign @ q_covariance @ sign.T @ p_covariance)
    )
    belief = certainty(own, others)
    assert belief.mu == pytest.approx(p @ sign @ q, abs=1e-9)
    assert belief.variance == pytest.approx(variance, abs=1e-9)
    theta = (1 + belief.mu) / 2
    weight = theta * (1 - theta) / (variance / 4) - 1
    a, b = theta * weight, (1 - theta) * weight
    higher, lower = 1 - betainc(a, b, 0.665), betainc(a, b, 0.335)
    assert belief.of_difference(0.33) == pytest.approx(lower if belief.mu < 0 else higher, abs=1e-7)
    assert belief.of_likeness(0.33) == pytest.approx(1 - higher - lower, abs=1e-7)


def posterior(ratings):
    shares = (np.array(ratings.counts) + 1 / ratings.scale) / (ratings.n + 1)
    return shares, (np.diag(shares) - np.outer(shares, shares)) / (ratings.n + 2)
