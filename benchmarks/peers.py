"""The same score as others would write it: numpy, polars, DuckDB; the total alone, reweighted."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scoring.model import LinearCurve, Metric, ScoreModel, StateCurve

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


def numpy_total(columns: NDArray[np.float64], model: ScoreModel) -> Floats:
    """(metrics, n) inputs, words as points → (n,) totals, whole arrays at a time."""
    total, weight = np.zeros(columns.shape[1]), np.zeros(columns.shape[1])
    rows = iter(columns)
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        earned, seen = np.zeros_like(total), np.zeros_like(total)
        for metric in dimension.metrics:
            x = next(rows)
            points = x
            if isinstance(metric.curve, LinearCurve):
                xs, ys = zip(*metric.curve.points, strict=True)
                points = np.interp(x, xs, ys)
            known = ~np.isnan(x)
            earned += np.where(known, points * metric.weight, 0.0)
            seen += known * metric.weight
        with np.errstate(all="ignore"):
            score = earned / seen
        total += np.where(seen > 0, score * share, 0.0)
        weight += (seen > 0) * share
    with np.errstate(all="ignore"):
        out: Floats = total / weight
    return out


def polars_total(model: ScoreModel) -> pl.Expr:
    """The total as one expression over the metrics' columns; null is missing."""
    import polars as pl

    total, weight = pl.lit(0.0), pl.lit(0.0)
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        earned, seen = pl.lit(0.0), pl.lit(0.0)
        for metric in dimension.metrics:
            points = _polars_points(metric)
            earned += (points * metric.weight).fill_null(0.0)
            seen += points.is_not_null() * metric.weight
        score = pl.when(seen > 0).then(earned / seen)
        total += (score * share).fill_null(0.0)
        weight += score.is_not_null() * share
    return (total / weight).alias("score")


def _polars_points(metric: Metric) -> pl.Expr:
    import polars as pl

    x = pl.col(metric.key)
    if isinstance(metric.curve, StateCurve):
        return x.replace_strict(dict(metric.curve.points), return_dtype=pl.Float64)
    ends = metric.curve.points
    out: Any = pl.when(x <= ends[0][0]).then(pl.lit(float(ends[0][1])))
    for (x0, y0), (x1, y1) in pairwise(ends):
        out = out.when(x <= x1).then(y0 + (x - x0) * ((y1 - y0) / (x1 - x0)))
    points: pl.Expr = out.when(x.is_not_null()).then(pl.lit(float(ends[-1][1]))).otherwise(None)
    return points


def duckdb_total(model: ScoreModel) -> str:
    """The total as an SQL expression over the metrics' columns; NULL is missing."""
    totals, weights = [], []
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        points = [(_sql_points(m), m.weight) for m in dimension.metrics]
        earned = " + ".join(f"coalesce({p} * {w}, 0.0)" for p, w in points)
        names = [m.key for m in dimension.metrics]
        seen = " + ".join(
            f"({n} IS NOT NULL)::INT * {w}" for n, (_, w) in zip(names, points, strict=True)
        )
        totals.append(f"coalesce({share} * ({earned}) / nullif({seen}, 0), 0.0)")
        weights.append(f"(({seen}) > 0)::INT * {share}")
    return f"({' + '.join(totals)}) / nullif({' + '.join(weights)}, 0)"


def _sql_points(metric: Metric) -> str:
    x, curve = metric.key, metric.curve
    if isinstance(curve, StateCurve):
        words = " ".join(f"WHEN '{word}' THEN {float(y)}" for word, y in curve.points)
        return f"(CASE {x} {words} END)"
    ends: Any = curve.points
    cases = [f"WHEN {x} <= {ends[0][0]} THEN {float(ends[0][1])}"]
    for (x0, y0), (x1, y1) in pairwise(ends):
        cases.append(f"WHEN {x} <= {x1} THEN {y0} + ({x} - {x0}) * {(y1 - y0) / (x1 - x0)!r}")
    cases.append(f"WHEN {x} IS NOT NULL THEN {float(ends[-1][1])}")
    return f"(CASE {' '.join(cases)} END)"
