"""Lift, precision among the worst, Brier score and calibration curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.validation.intervals import share_interval, share_of
from scoring.validation.records import CalibrationPoint, LiftPoint, PrecisionPoint

__all__ = ["CURVE_CASES", "LIFT_SHARES", "brier", "churned_among", "curve_of", "lift_of",
           "precision_of"]  # fmt: skip

LIFT_SHARES = (0.05, 0.1, 0.2, 0.3)
"""Lowest-scored shares of the cases."""
WORST = (10, 20, 50)
"""The lowest-scored cases that a team could look at; the lowest tenth comes with them."""
TENTH = 0.1
CURVE_POINTS, CURVE_CASES = 10, 20
"""A calibration curve has at most so many points, each of at least so many cases (ours)."""


def churned_among(points: Floats, churned: NDArray[np.bool_], k: int) -> float:
    """Churned cases among the *k* with fewest points.

    Cases with equal points at the cut share its places: each counts with the same part.

    Args:
        points: (n,) known.
        churned: (n,).
        k: 0 to n.
    """
    if not k:
        return 0.0
    cut = np.partition(points, k - 1)[k - 1]
    below, level = points < cut, points == cut
    places = k - int(below.sum())
    return float(churned[below].sum() + places * churned[level].sum() / level.sum())


def lift_of(points: Floats, churned: NDArray[np.bool_]) -> tuple[LiftPoint, ...]:
    """How much more the lowest-scored shares churned than all did; empty without cases."""
    n, base = len(points), float(churned.mean()) if len(points) else 0.0
    out = []
    for share in LIFT_SHARES if n else ():
        k = _places(share, n)
        found = churned_among(points, churned, k)
        lift = found / k / base if base else None
        out.append(LiftPoint(share=share, cases=k, churned=_whole(found), lift=lift))
    return tuple(out)


def precision_of(points: Floats, churned: NDArray[np.bool_]) -> tuple[PrecisionPoint, ...]:
    """Churned cases among the lowest-scored, for fixed numbers and a tenth; fewest first."""
    n, total = len(points), int(churned.sum())
    sizes = sorted({*(k for k in WORST if k <= n), *([_places(TENTH, n)] if n else [])})
    out = []
    for k in sizes:
        found = _whole(churned_among(points, churned, k))
        out.append(PrecisionPoint(
            k=k, churned=found, precision=share_interval(found, k),
            recall=found / total if total else None,
        ))  # fmt: skip
    return tuple(out)


def brier(predicted: Floats, churned: NDArray[np.bool_]) -> float | None:
    """Mean squared distance of probabilities (n,) from what happened; None without cases."""
    return float(np.mean((predicted - churned) ** 2)) if len(predicted) else None


def curve_of(
    predicted: Floats, churned: NDArray[np.bool_], accounts: NDArray[np.intp]
) -> tuple[CalibrationPoint, ...]:
    """What happened to cases of like probability, lowest first.

    Equal probabilities are never parted, and neighbours are put together until a point holds a
    tenth of the cases, and at least `CURVE_CASES`; what remains joins the point before.

    Args:
        predicted: (n,) probabilities.
        churned: (n,).
        accounts: (n,) a number an account.
    """
    out = []
    for first, end in _parts(np.sort(predicted)):
        mine = np.argsort(predicted, kind="stable")[first:end]
        hit = churned[mine]
        out.append(CalibrationPoint(
            predicted=float(predicted[mine].mean()), cases=len(mine), churned=int(hit.sum()),
            observed=share_of(hit, accounts[mine]),
        ))  # fmt: skip
    return tuple(out)


def _parts(ordered: Floats) -> Sequence[tuple[int, int]]:
    """Positions from and to of each point of a curve, over rising probabilities."""
    n = len(ordered)
    if not n:
        return []
    least = max(CURVE_CASES, n / CURVE_POINTS)
    ends, first = [], 0
    for end in [*np.flatnonzero(np.diff(ordered) > 0) + 1, n]:
        if end - first >= least and (n - end >= least or end == n):
            ends.append(int(end))
            first = int(end)
    if not ends or ends[-1] != n:
        ends = [*ends[:-1], n] if ends and n - ends[-1] < least else [*ends, n]
    return list(zip([0, *ends[:-1]], ends, strict=True))


def _places(share: float, n: int) -> int:
    return max(1, _whole(share * n))


def _whole(x: float) -> int:
    return int(round_half_up(x))
