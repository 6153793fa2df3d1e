"""Intervals of shares, also where some accounts have several cases."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.validation.records import Interval

__all__ = ["Z95", "design_effect", "share_interval", "share_of"]

Z95 = NormalDist().inv_cdf(0.975)
"""Normal quantile of a two-sided 95 % interval."""


def share_interval(count: float, of: float, *, effect: float = 1.0) -> Interval:
    """A share with its Wilson interval, 95 %.

    Args:
        count: hits, 0 to *of*.
        of: cases; 0 gives an empty interval.
        effect: `design_effect`: so many cases weigh as much as one independent case.

    Source: Wilson 1927, without continuity correction; the effective number of cases as in
    Korn and Graubard 1998.
    """
    if of <= 0:
        return Interval()
    share, n = count / of, of / max(effect, 1.0)
    z2 = Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if count <= 0 else max(middle - half, 0.0)
    high = 1.0 if count >= of else min(middle + half, 1.0)
    return Interval(value=share, low=low, high=high)


def design_effect(hit: NDArray[np.bool_], accounts: NDArray[np.intp]) -> float:
    """How much wider an interval of a share must be since cases of an account are alike.

    Args:
        hit: (n,) whether it happened.
        accounts: (n,) a number an account.

    Returns:
        Variance of the share between accounts over that of independent cases, at least 1; 1
        where every account has one case, or nothing varies.
    """
    _, code = np.unique(accounts, return_inverse=True)
    clusters = int(code.max()) + 1 if len(code) else 0
    share = float(hit.mean()) if len(hit) else 0.0
    if clusters < 2 or clusters == len(hit) or share in (0.0, 1.0):
        return 1.0
    rest = np.bincount(code, weights=hit - share)
    between = float(np.sum(rest**2)) * clusters / (clusters - 1)
    return max(between / (len(hit) * share * (1 - share)), 1.0)


def share_of(hit: NDArray[np.bool_], accounts: NDArray[np.intp]) -> Interval:
    """The share of hits with its interval, wider where cases of an account are alike; see above."""
    return share_interval(int(hit.sum()), len(hit), effect=design_effect(hit, accounts))
