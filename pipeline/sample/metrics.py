"""Raw metric values that a given health would show, for the metrics of any model."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from scoring.model import LinearCurve, Metric, StateCurve

DECIMALS = {"fraction": 2, "change": 2, "per_week": 1, "per_month": 1, "csat": 1}


def raw_value(
    metric: Metric, points: float, caution: float, rng: np.random.Generator
) -> float | str:
    """A raw value worth about ``points`` (0–100) on the metric's curve, as its unit is written.

    Counts, days and survey answers come out whole, shares to a per cent; always within the
    metric's scale. ``caution`` (0–1) decides between two words of a state metric: 0.9 needs nine
    tenths of the way to the better word. Kept per account, it stops words from flickering.
    """
    curve = metric.curve
    if isinstance(curve, StateCurve):
        return _word(curve, points, caution)
    x = round(_inverse(curve, points, rng), DECIMALS.get(metric.unit, 0))
    low, high = metric.scale
    return float(np.clip(x, low, high)) + 0.0  # −0.0 would be written as −0%


def _word(curve: StateCurve, points: float, caution: float) -> str:
    rising = sorted(curve.points, key=lambda p: p[1])
    chosen = rising[0][0]
    for (_, y0), (word, y1) in pairwise(rising):
        if points >= y0 + caution * (y1 - y0):
            chosen = word
    return chosen


def _inverse(curve: LinearCurve, points: float, rng: np.random.Generator) -> float:
    """A raw value at which the curve has the points; any of several, at random."""
    pairs = curve.points
    ys = [y for _, y in pairs]
    if points >= max(ys) - 1.0:
        return _at_top(curve, rng)
    y = max(points, min(ys))
    found = [
        x0 + (x1 - x0) * (y - y0) / (y1 - y0)
        for (x0, y0), (x1, y1) in pairwise(pairs)
        if y0 != y1 and min(y0, y1) <= y <= max(y0, y1)
    ]
    return found[int(rng.integers(len(found)))]


def _at_top(curve: LinearCurve, rng: np.random.Generator) -> float:
    """A raw value with full points: between two of them, or past an open end of the curve."""
    pairs = curve.points
    best = max(y for _, y in pairs)
    xs = [x for x, y in pairs if y == best]
    past = rng.uniform(0, 0.3) * (pairs[-1][0] - pairs[0][0])
    if xs[0] == pairs[0][0]:
        return max(xs[0] - past, 0.0) if xs[0] > 0 else xs[0] - past
    if xs[-1] == pairs[-1][0] and len(xs) == 1:
        return xs[-1] + past
    return rng.uniform(xs[0], xs[-1])
