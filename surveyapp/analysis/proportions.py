"""Shares of people who said "I don't know", with honest intervals for small groups (M4)."""

import math


def wilson(part: int, whole: int, z: float) -> tuple[float, float]:
    """Score interval of part/whole, both ends 0 to 1 (Wilson 1927; Brown, Cai & DasGupta 2001)."""
    share, square = part / whole, z * z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    reach = z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return middle - reach, middle + reach


def newcombe(first: tuple[int, int], second: tuple[int, int], z: float) -> tuple[float, float]:
    """Hybrid score interval of the first share minus the second; each is (part, whole) (Newcombe 1998)."""
    p, q = first[0] / first[1], second[0] / second[1]
    (p_low, p_high), (q_low, q_high) = wilson(*first, z), wilson(*second, z)
    difference = p - q
    return difference - math.hypot(p - p_low, q_high - q), difference + math.hypot(p_high - p, q - q_low)
