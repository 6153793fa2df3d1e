"""The dimensions and metrics of a history as columns of points, and what a test says of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.validation.cases import Cases
from scoring.validation.permutation import shuffle_test
from scoring.validation.snapshots import Places, Snapshots

__all__ = ["LEAST", "Column", "columns_of", "corrected", "enough", "p_values", "points_at"]

LEAST = 10
"""Churned, and stayed, cases with a value below which nothing is said of a metric (ours)."""
_MANY = 100
"""Churned, and stayed, cases from which dealing outcomes out anew only repeats the normal curve."""
_DEALS = 999
"""Outcomes dealt out anew so often, where there are fewer: p is a multiple of 0.001."""


@dataclass(frozen=True)
class Column:
    """A dimension or metric: what the model says of it, and all its points.

    Attributes:
        kind, key, name: which. dimension: key of its own or its metric's.
        weight: share 0–1 of the score, for accounts without a segment's own weights.
        leading: whether the model calls it so; None for a dimension.
        points: (N,) of all snapshots, NaN where there are none.
    """

    kind: Literal["dimension", "metric"]
    key: str
    name: str
    dimension: str
    weight: float
    leading: bool | None
    points: Floats


def columns_of(snapshots: Snapshots) -> list[Column]:
    """Dimensions, then metrics, in the model's order.

    Metrics of which no snapshot has any (all dimensions are typed), and dimensions without a
    score (only totals are recorded), are left out, each kind as a whole.
    """
    model = snapshots.model
    groups: list[Column] = []
    metrics: list[Column] = []
    for dimension, weight in zip(model.dimensions, model.weights(), strict=True):
        points = _column(snapshots.dimensions, dimension.key, len(snapshots))
        key = dimension.key
        groups.append(Column("dimension", key, dimension.name, key, weight, None, points))
        whole = sum(m.weight for m in dimension.metrics)
        for m in dimension.metrics:
            points = _column(snapshots.points, m.key, len(snapshots))
            share = weight * m.weight / whole
            metrics.append(Column("metric", m.key, m.name, key, share, m.leading, points))
    told = [kind for kind in (groups, metrics) if any((c.points == c.points).any() for c in kind)]
    return [column for kind in told for column in kind]


def points_at(columns: Sequence[Column], places: Places) -> Floats:
    """(n, k) points at some snapshots' positions, NaN where there is none."""
    out = np.full((len(places), len(columns)), np.nan)
    known = places >= 0
    for i, column in enumerate(columns):
        out[known, i] = column.points[places[known]]
    return out


def enough(points: Floats, churned: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(k,) whether at least `LEAST` cases that churned, and that stayed, have a value."""
    there = ~np.isnan(points)
    least = np.minimum(there[churned].sum(axis=0), there[~churned].sum(axis=0))
    return np.asarray(least >= LEAST, dtype=bool)


def p_values(points: Floats, cases: Cases, *, seed: int) -> tuple[Floats, Floats]:
    """Two-sided p of "no relation" of each column, by permutation over accounts; and its z.

    Where many cases churned and many stayed, the studentised difference follows the normal curve,
    and is held against it: for thousands of accounts and dozens of metrics dealing takes long.

    Args:
        points: (n, k), NaN where there is none.
        cases: of n.
        seed: of the permutation.

    Returns:
        (k,) each, NaN where nothing can be compared; z is above 0 where fewer points churned, and
        infinite where the two are wholly apart.
    """
    churned = cases.churned
    if not points.size or not churned.any() or churned.all():
        nothing = np.full(points.shape[1], np.nan)
        return nothing, nothing
    many = min(int(churned.sum()), int((~churned).sum())) >= _MANY
    draws = 1 if many else _DEALS
    found = shuffle_test(
        points, churned, cases.accounts, seed=seed, draws=draws, strata=cases.strata
    )
    if not many:
        return found.p, found.z
    # By the complement: however far out, no p is exactly 0 unless the two are wholly apart.
    p = [erfc(abs(z) / sqrt(2.0)) if z == z else np.nan for z in found.z.tolist()]
    return np.array(p), found.z


def corrected(p: Floats) -> Floats:
    """Benjamini and Hochberg's q of each p that is known, NaN of the others."""
    from scipy.stats import false_discovery_control

    out = np.full(len(p), np.nan)
    known = ~np.isnan(p)
    if known.any():
        out[known] = false_discovery_control(p[known])
    return out


def _column(frame: pd.DataFrame, key: str, n: int) -> Floats:
    return frame[key].to_numpy(float) if key in frame else np.full(n, np.nan)
