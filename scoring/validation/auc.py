"""Area under the ROC curve: how well points tell those that churned from those that stayed."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.intervals import Z95
from scoring.validation.records import Interval

__all__ = ["DRAWS", "auc", "auc_effect", "auc_interval", "auc_variance"]

DRAWS = 1000
"""Bootstrap draws of accounts."""
CHUNK = 2_000_000
"""Numbers held at once while drawing: 16 MB."""


def auc(points: Floats, churned: NDArray[np.bool_]) -> float | None:
    """Chance that a churned case has fewer points than one that stayed; ties count half.

    Args:
        points: (n,), NaN where there is none: such cases do not count.
        churned: (n,).

    Returns:
        0–1, or None where nobody churned or nobody stayed.
    """
    known = ~np.isnan(points)
    lost, kept = points[known & churned], points[known & ~churned]
    if not len(lost) or not len(kept):
        return None
    above, level = _placement(lost, kept)
    return float(np.mean(above + level / 2) / len(kept))


def auc_interval(
    points: Floats,
    churned: NDArray[np.bool_],
    accounts: NDArray[np.intp],
    *,
    seed: int,
    draws: int = DRAWS,
) -> Interval:
    """AUC with its 95 % interval over accounts.

    The bootstrap draws whole accounts and gives the standard error; the limits are those values
    whose own standard error would just reach the AUC found (a score interval), which keeps them
    inside 0–1 and wide enough where there are few cases or the AUC is near 1.

    Args:
        points: (n,), NaN where there is none: such cases do not count.
        churned: (n,).
        accounts: (n,) a number an account.
        seed: of the draws.
        draws: 0 takes the standard error from a formula (some 100 times as fast).

    Returns:
        All None where nobody churned or nobody stayed.

    Source: score interval, Newcombe 2006 (method 5) with Hanley and McNeil 1982; formula for
    several cases an account, Obuchowski 1997.
    """
    found = auc(points, churned)
    if found is None:
        return Interval()
    known = ~np.isnan(points)
    points, churned = points[known], churned[known]
    _, account = np.unique(accounts[known], return_inverse=True)
    if draws:
        variance = _bootstrap(points, churned, account, seed, draws)
    else:
        variance = _clustered(points, churned, account)
    lost = int(churned.sum())
    effect = _effect(variance, found, lost, account)
    low, high = (_limit(found, lost, len(points) - lost, effect, side) for side in (-1, 1))
    return Interval(value=found, low=low, high=high)


def auc_effect(points: Floats, churned: NDArray[np.bool_], accounts: NDArray[np.intp]) -> float:
    """How many cases weigh as much as an independent one, at least 1; by the formula.

    Args:
        points: (n,), NaN where there is none.
        churned: (n,).
        accounts: (n,) a number an account.
    """
    found = auc(points, churned)
    if found is None:
        return 1.0
    known = ~np.isnan(points)
    _, account = np.unique(accounts[known], return_inverse=True)
    variance = _clustered(points[known], churned[known], account)
    return _effect(variance, found, int(churned[known].sum()), account)


def _effect(variance: float, found: float, lost: int, account: NDArray[np.intp]) -> float:
    """A variance over that of independent cases, but not below 1 (ours).

    With few cases, and near AUC 1, those at hand vary less than others would: intervals from their
    own variance alone hold the truth too rarely.
    """
    base = auc_variance(found, lost, len(account) - lost)
    if variance > 0 and base > 0:
        return max(variance / base, 1.0)
    # Nothing varies (AUC 1), so no draw says how much accounts with several cases weigh.
    return len(account) / float(account.max() + 1)


def auc_variance(value: float, churned: int, stayed: int) -> float:
    """Variance of an AUC that truly has that value, with independent cases.

    Source: Hanley and McNeil 1982, with the mean of both numbers of cases (Newcombe 2006).
    """
    half = (churned + stayed) / 2 - 1
    alike = (1 - value) / (2 - value) + value / (1 + value)
    return value * (1 - value) * (1 + half * alike) / (churned * stayed)


def _limit(found: float, churned: int, stayed: int, effect: float, side: int) -> float:
    """The value on that side of *found* which is just 1.96 of its standard errors away."""
    near, far = found, 1.0 if side > 0 else 0.0
    for _ in range(60):
        middle = (near + far) / 2
        error = sqrt(effect * auc_variance(middle, churned, stayed))
        inside = abs(middle - found) <= Z95 * error
        near, far = (middle, far) if inside else (near, middle)
    return min(max(near, 0.0), 1.0)


def _placement(of: Floats, among: Floats) -> tuple[Floats, Floats]:
    """How many *among* lie above each *of*, and how many level with it."""
    ordered = np.sort(among)
    upto = np.searchsorted(ordered, of, side="right")
    below = np.searchsorted(ordered, of, side="left")
    return (len(among) - upto).astype(float), (upto - below).astype(float)


def _clustered(points: Floats, churned: NDArray[np.bool_], account: NDArray[np.intp]) -> float:
    """Variance of the AUC from the parts that each account has in it."""
    lost, kept = points[churned], points[~churned]
    above, level = _placement(lost, kept)
    over, same = _placement(kept, lost)
    one = (above + level / 2) / len(kept)
    other = (len(lost) - over - same / 2) / len(lost)
    part = np.empty(len(points))
    part[churned] = (one - one.mean()) / max(len(lost) - 1, 1)
    part[~churned] = (other - other.mean()) / max(len(kept) - 1, 1)
    clusters = np.bincount(account, weights=part)
    return float(np.sum(clusters**2))


def _bootstrap(
    points: Floats, churned: NDArray[np.bool_], account: NDArray[np.intp], seed: int, draws: int
) -> float:
    """Variance of the AUC over samples of as many accounts, drawn with replacement."""
    rng = np.random.default_rng(seed)
    count = int(account.max()) + 1
    order = np.argsort(points, kind="stable")
    points, churned, account = points[order], churned[order], account[order]
    starts = np.flatnonzero(np.append(True, points[1:] != points[:-1]))
    step = max(CHUNK // len(points), 1)
    values = []
    for first in range(0, draws, step):
        size = min(step, draws - first)
        times = _drawn(rng, size, count)[:, account]
        values.append(_weighted(times, churned, starts))
    drawn = np.concatenate(values)
    drawn = drawn[~np.isnan(drawn)]
    return float(drawn.var(ddof=1)) if len(drawn) > 1 else 0.0


def _drawn(rng: np.random.Generator, size: int, count: int) -> Floats:
    """(size, count) how often each account was drawn."""
    picks = rng.integers(0, count, (size, count)) + np.arange(size)[:, None] * count
    return np.bincount(picks.ravel(), minlength=size * count).reshape(size, count).astype(float)


def _weighted(times: Floats, churned: NDArray[np.bool_], starts: NDArray[np.intp]) -> Floats:
    """(b,) AUC with each case counted so many times; cases by rising points, *starts* of levels."""
    lost = np.add.reduceat(times * churned, starts, axis=1)
    kept = np.add.reduceat(times * ~churned, starts, axis=1)
    upto = np.cumsum(kept, axis=1)
    total = upto[:, -1]
    wins = np.sum(lost * (total[:, None] - upto + kept / 2), axis=1)
    pairs = lost.sum(axis=1) * total
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, wins / pairs, np.nan)
