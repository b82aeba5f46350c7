"""The regularised incomplete beta function, so that no numerical library has to be installed."""

import math

CONVERGED = 1e-14


def incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b): the probability that a Beta(a, b) variable is at most x. Needs a, b > 0 and 0 < x < 1."""
    # The continued fraction converges fast only left of the mean; the other tail is its mirror image.
    if x > (a + 1) / (a + b + 2):
        return 1 - _lower_tail(b, a, 1 - x)
    return _lower_tail(a, b, x)


def _lower_tail(a: float, b: float, x: float) -> float:
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log_front) / a * _continued_fraction(a, b, x)


def _continued_fraction(a: float, b: float, x: float) -> float:
    """Two terms a turn, by the modified method of Lentz (Thompson & Barnett 1986)."""
    upper, lower = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    value = lower
    change = 0.0
    turn = 0
    while abs(change - 1) > CONVERGED:
        turn += 1
        place = a + 2 * turn
        even = turn * (b - turn) * x / ((place - 1) * place)
        odd = -(a + turn) * (a + b + turn) * x / (place * (place + 1))
        lower, upper = 1 / (1 + even * lower), 1 + even / upper
        value *= lower * upper
        lower, upper = 1 / (1 + odd * lower), 1 + odd / upper
        change = lower * upper
        value *= change
    return value
