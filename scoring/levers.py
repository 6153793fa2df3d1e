"""How one input of an account can still move: from its present value to its best, never past it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scoring.columns import REMAINING, metric_columns
from scoring.model import Dimension, LinearCurve, Metric, ScoreModel, StateCurve, Unit
from scoring.one import Score
from scoring.rollup import Part

__all__ = ["EPS", "Lever", "Stop", "levers", "listed", "missing_inputs"]

EPS = 5e-10
"""Points that sums of decimals may miss; half of what rounding half-up forgives."""

# Steps in which people set and read a value: whole per cents, tenths of a login a week.
_PER_UNIT = {"fraction": 100, "change": 100, "per_week": 10, "per_month": 10, "csat": 10}

# Typed dimensions: their points, their best, their unit.
_Typed = tuple[LinearCurve, float, Unit]
_RATING: _Typed = (LinearCurve(points=((0.0, 0.0), (5.0, 100.0))), 5.0, "rating")
_POINTS: _Typed = (LinearCurve(points=((0.0, 0.0), (100.0, 100.0))), 100.0, "points")


class Stop(NamedTuple):
    """Where a move ends: the value, and the points (0–100 of the input) from the start to it."""

    value: float | str
    points: float


@dataclass(frozen=True, slots=True)
class Lever:
    """An input that is not at its best.

    Attributes:
        key: metric or typed dimension.
        name, unit: as people read them, the name as in the header row: ``Usage score``.
        worth: what one of its points adds to the sum that moves are to raise.
        start: points 0–100 now.
        value: raw value now; None for a state, whose word the record holds.
        best: raw value at the near end of the healthy range, or the best word.
        room: points from now to the best.
        curve: raw value → points.
    """

    key: str
    name: str
    unit: Unit
    worth: float
    start: float
    value: float | None
    best: float | str
    room: float
    curve: LinearCurve | StateCurve

    @property
    def gain(self) -> float:
        """What the sum wins when it moves all the way."""
        return self.worth * self.room

    @property
    def full(self) -> Stop:
        """The move all the way."""
        return Stop(self.best, self.room)

    def at(self, value: float) -> Stop:
        """The move to a raw value between the present one and the best."""
        assert isinstance(self.curve, LinearCurve)
        return Stop(value, _points(self.curve, value) - self.start)

    def next_word(self) -> Stop:
        """The move of a state to the next better word."""
        assert isinstance(self.curve, StateCurve)
        better = [(y, word) for word, y in self.curve.points if y > self.start + EPS]
        y, word = min(better, key=lambda pair: pair[0])
        return Stop(word, y - self.start)

    def least(self, points: float) -> Stop:
        """The smallest move that wins so many points, at most ``room``, in steps people use."""
        wanted = self.start + min(points, self.room)
        if isinstance(self.curve, StateCurve):
            enough = [(y, word) for word, y in self.curve.points if y >= wanted - EPS]
            y, word = min(enough, key=lambda pair: pair[0])
            return Stop(word, y - self.start)
        value = self._on_grid(self.curve, wanted)
        return Stop(value, _points(self.curve, value) - self.start)

    def _on_grid(self, curve: LinearCurve, wanted: float) -> float:
        assert self.value is not None
        assert isinstance(self.best, float)
        exact = _first_with(curve, wanted, self.value, self.best)
        per_unit, up = _PER_UNIT.get(self.unit, 1), self.best > self.value
        # A billionth of a step is what decimals lose, not a step to take.
        near = exact * per_unit + (-1e-9 if up else 1e-9)
        value = float(math.ceil(near) if up else math.floor(near)) / per_unit
        value = min(value, self.best) if up else max(value, self.best)
        return value if _points(curve, value) >= wanted - EPS else exact


def _points(curve: LinearCurve, x: float) -> float:
    """Points of a raw value; level outside the curve's breakpoints."""
    pairs = curve.points
    if x <= pairs[0][0]:
        return pairs[0][1]
    for (x0, y0), (x1, y1) in pairwise(pairs):
        if x <= x1:
            return y0 + (y1 - y0) * ((x - x0) / (x1 - x0))
    return pairs[-1][1]


def _first_with(curve: LinearCurve, wanted: float, start: float, end: float) -> float:
    """First raw value on the way from start to end whose points are enough; else the end."""
    inner = [x for x, _ in curve.points if min(start, end) < x < max(start, end)]
    way: list[float] = [start, *(inner if end > start else reversed(inner)), end]
    for a, b in pairwise(way):
        ya, yb = _points(curve, a), _points(curve, b)
        if yb >= wanted:
            return a + (b - a) * ((wanted - ya) / (yb - ya)) if yb > ya else a
    return end


def levers(score: Score) -> list[list[Lever]]:
    """What can move, by dimension, in the model's order; ``worth`` is in points of the dimension.

    A value that is missing or stale cannot move, for nobody knows from where. Nor can what is
    healthy already, the metrics of a dimension that a person typed, or the days that are left to
    a date: they pass by themselves.
    """
    return [
        _typed_lever(score.model, dimension, typed)
        if part.typed
        else [
            lever
            for metric, x, share in zip(dimension.metrics, values, part.shares, strict=True)
            if share and (lever := _metric_lever(metric, x, share / part.used))
        ]
        for dimension, part, values, typed in _dimensions(score)
    ]


def missing_inputs(score: Score) -> list[str]:
    """Names of what has no value that counts: metrics, or the dimension where all are missing.

    A dimension without weight for the account's segment is not missed.
    """
    names: list[str] = []
    values, dimensions = iter(score.values), score.model.dimensions
    unknown = [[m.name for m in d.metrics if (x := next(values)) != x] for d in dimensions]
    # What a person typed follows the metrics.
    for d, own, weight, typed in zip(dimensions, unknown, score.weights, values, strict=True):
        if weight and typed != typed:
            names += [d.name] if len(own) == len(d.metrics) else own
    return names


def listed(names: Sequence[str]) -> str:
    """The first three names and how many more there are."""
    more = len(names) - 3
    # Names of metrics have commas of their own.
    return "; ".join(names[:3]) + (f" and {more} more" if more > 0 else "")


def _dimensions(score: Score) -> Iterator[tuple[Dimension, Part, tuple[float, ...], float]]:
    """Each dimension with its part of the score, the values of its metrics, the typed value."""
    model, slot = score.model, 0
    typed = score.values[len(model.metrics) :]
    for dimension, part, own in zip(model.dimensions, score.rolled.parts, typed, strict=True):
        end = slot + len(dimension.metrics)
        yield dimension, part, score.values[slot:end], own
        slot = end


def _typed_lever(model: ScoreModel, dimension: Dimension, value: float) -> list[Lever]:
    curve, best, unit = _RATING if model.typed == "rating" else _POINTS
    start = _points(curve, value)
    room = 100.0 - start
    if room <= EPS:
        return []
    name = _column_names(model)[dimension.key]
    return [Lever(dimension.key, name, unit, 1.0, start, value, best, room, curve)]


@lru_cache(maxsize=64)
def _column_names(model: ScoreModel) -> Mapping[str, str]:
    return {c.key: c.name for c in metric_columns(model)}


def _metric_lever(metric: Metric, x: float, worth: float) -> Lever | None:
    if x != x or metric.key in REMAINING:
        return None
    curve = metric.curve
    if isinstance(curve, StateCurve):
        word, top = max(curve.points, key=lambda pair: pair[1])
        ends: tuple[float, float | None, float | str] = (x, None, word)
    else:
        nearest = _nearest_healthy(metric, x)
        top = _points(curve, nearest)
        ends = (_points(curve, x), x, nearest)
    start, value, best = ends
    room = top - start
    if room <= EPS:
        return None
    return Lever(metric.key, metric.name, metric.unit, worth, start, value, best, room, curve)


def _nearest_healthy(metric: Metric, x: float) -> float:
    """The healthy value closest to a raw one, on the metric's scale."""
    return _within(_within(x, metric.healthy_range), metric.scale)


def _within(x: float, ends: tuple[float | None, float | None]) -> float:
    low, high = ends
    x = x if low is None else max(x, low)
    return x if high is None else min(x, high)
