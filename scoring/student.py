"""Critical values of Student's t distribution, without a statistics library."""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from scoring.prepare import Floats

__all__ = ["t_critical"]


def t_critical(freedom: np.ndarray, level: float) -> Floats:
    """Value that |t| stays below with probability *level*, for each number of degrees of freedom.

    Args:
        freedom: (n,) whole numbers from 1 up.
        level: two-sided, between 0 and 1.

    Source: the exact distribution for whole degrees of freedom (Abramowitz and Stegun 26.7.3 and
    26.7.4), inverted by bisection; beyond 200 degrees the expansion 26.7.5.
    """
    found = {int(f): _critical(int(f), level) for f in np.unique(freedom)}
    return np.array([found[int(f)] for f in freedom], dtype=float)


@lru_cache(maxsize=1024)
def _critical(freedom: int, level: float) -> float:
    if freedom > 200:
        z = NormalDist().inv_cdf((1 + level) / 2)
        v = float(freedom)
        return float(z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v * v))
    low, high = 0.0, 1.0
    while _within(high, freedom) < level:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _within(middle, freedom) < level else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Probability that |t| is at most *t*."""
    angle = float(np.arctan(t / np.sqrt(freedom)))
    sine, cosine = float(np.sin(angle)), float(np.cos(angle))
    odd = freedom % 2 == 1
    term = cosine if odd else 1.0
    series = 0.0 if freedom == 1 else term
    for k in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (k - 1) / k
        series += term
    if odd:
        return 2 / np.pi * (angle + sine * series)
    return sine * series
