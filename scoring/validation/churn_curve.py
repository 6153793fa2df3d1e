"""A probability that does not rise with the score: fitted to cases, given for 101 whole scores."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.intervals import Z95

__all__ = ["SCORES", "SHAPES", "Shape", "curve", "curve_interval", "logit"]

Shape = Literal["logistic", "isotonic", "blend"]
SHAPES: tuple[Shape, ...] = ("logistic", "isotonic", "blend")
SCORES: Floats = np.arange(101, dtype=float)
"""Displayed whole scores."""

Cases = NDArray[np.bool_]
_UNIT = 10.0
"""Points that a coefficient is for, so that its size is near 1."""
_MILD = 100.0
"""Inverse of the ridge: next to none, but complete separation stays finite."""
_DRAWS = 100


def curve(score: Floats, hit: Cases, shape: Shape = "logistic") -> Floats:
    """The share that is hit at each whole score, (101,): never rising, never 0 or 1.

    Args:
        score: (n,) displayed whole scores; outside their range the edge value goes on.
        hit: (n,) at least one.
        shape: a logistic curve whose slope is at most 0; isotonic steps; the mean of the two.
    """
    at = np.clip(SCORES, score.min(), score.max())
    if shape == "logistic":
        found = _logistic(score, hit, at)
    elif shape == "isotonic":
        found = _isotonic(score, hit, at)
    else:
        found = (_logistic(score, hit, at) + _isotonic(score, hit, at)) / 2
    edge = max(0.001, 0.5 / (len(hit) + 1))
    return np.asarray(np.clip(found, edge, 1 - edge))


def _logistic(score: Floats, hit: Cases, at: Floats) -> Floats:
    middle, slope = _coefficients(score, hit)
    return np.asarray(1 / (1 + np.exp(-(middle + slope * (at - score.mean()) / _UNIT))))


def _coefficients(score: Floats, hit: Cases) -> tuple[float, float]:
    """Log odds at the mean score, and for each `_UNIT` points more; the latter never above 0."""
    if not hit.all() and hit.any() and np.ptp(score) > 0:
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=_MILD, tol=1e-8)
        model.fit(((score - score.mean()) / _UNIT)[:, None], hit)
        if model.coef_[0, 0] < 0:
            return float(model.intercept_[0]), float(model.coef_[0, 0])
    # No slope that falls: the plain share, kept off 0 and 1.
    return logit((int(hit.sum()) + 0.5) / (len(hit) + 1)), 0.0


def _isotonic(score: Floats, hit: Cases, at: Floats) -> Floats:
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(increasing=False, out_of_bounds="clip")
    return np.asarray(model.fit(score, hit.astype(float)).predict(at))


def curve_interval(
    score: Floats, hit: Cases, group: NDArray[np.intp], shape: Shape, seed: int
) -> tuple[Floats, Floats]:
    """The 95 % interval of `curve` at each whole score, low and high, (101,) each.

    Cases of one account hang together: the logistic curve's errors are the sandwich estimate by
    account (Liang and Zeger 1986), the other shapes are drawn by whole accounts.

    Args:
        score: as for `curve`.
        hit: likewise.
        group: (n,) a number an account.
        shape: likewise.
        seed: of the draws.
    """
    if shape == "logistic":
        return _by_sandwich(score, hit, group)
    return _by_draws(lambda rows: curve(score[rows], hit[rows], shape), group, seed)


def _by_sandwich(score: Floats, hit: Cases, group: NDArray[np.intp]) -> tuple[Floats, Floats]:
    middle, slope = _coefficients(score, hit)
    x = np.column_stack([np.ones(len(score)), (score - score.mean()) / _UNIT])
    p = 1 / (1 + np.exp(-(x @ np.array([middle, slope]))))
    bread = np.linalg.pinv(x.T @ (x * (p * (1 - p))[:, None]))
    pull = np.zeros((int(group.max()) + 1, 2))
    np.add.at(pull, group, x * (hit - p)[:, None])
    spread = bread @ (pull.T @ pull) @ bread
    at = np.clip(SCORES, score.min(), score.max())
    wanted = np.column_stack([np.ones(len(at)), (at - score.mean()) / _UNIT])
    error = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", wanted, spread, wanted), 0.0))
    odds = wanted @ np.array([middle, slope])
    return 1 / (1 + np.exp(-(odds - Z95 * error))), 1 / (1 + np.exp(-(odds + Z95 * error)))


def _by_draws(
    fit: Callable[[NDArray[np.intp]], Floats], group: NDArray[np.intp], seed: int
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(int(group.max()) + 2))
    rows = [order[a:b] for a, b in pairwise(ends) if b > a]
    drawn = [
        fit(np.concatenate([rows[i] for i in rng.integers(0, len(rows), len(rows))]))
        for _ in range(_DRAWS)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    return low, high


def logit(share: float) -> float:
    """Log odds of a share between 0 and 1."""
    return float(np.log(share / (1 - share)))
