"""A small table of sample accounts under any model, so that a person can try the pane at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from scoring.model import LinearCurve, Metric, ScoreModel, Unit

__all__ = ["SampleTable", "sample_table"]

Cell = str | float | None

# Points that each account earns today and a week before, about which its metrics vary.
_LEVELS = (("Sample Account 1", 88, 86), ("Sample Account 2", 71, 66), ("Sample Account 3", 49, 68))
_DAYS_BEFORE = 7
_SPREAD = (0, -18, 9, -6, 14, -11, 5, -3)
# The last account lacks two metrics, so that bounds and coverage have something to say.
_LACKING = (3, 6)
_SERIAL_ZERO = date(1899, 12, 30)
_FORMATS: dict[Unit, str] = {"fraction": "0%", "change": "+0%;-0%;0%"}
_DIGITS: dict[Unit, int] = {"fraction": 2, "change": 2, "csat": 1, "per_week": 1, "per_month": 1}


@dataclass(frozen=True, slots=True)
class SampleTable:
    """Rows under a header row, dates as day numbers, and a number format a column."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    formats: tuple[str, ...]


def sample_table(model: ScoreModel, day: date) -> SampleTable:
    """Three accounts on two days under *model*: a Green, an Amber and one that fell."""
    metrics = list(_columns(model))
    earlier = day - timedelta(days=_DAYS_BEFORE)
    rows = [
        (name, float((when - _SERIAL_ZERO).days), *_values(metrics, level, lacking=fell))
        for name, now, before in _LEVELS
        for when, level, fell in ((day, now, now < before), (earlier, before, False))
    ]
    return SampleTable(
        headers=("Account", "Date", *(name for name, _ in metrics)),
        rows=tuple(rows),
        formats=("@", "yyyy-mm-dd", *(_format(metric) for _, metric in metrics)),
    )


def _columns(model: ScoreModel) -> Iterator[tuple[str, Metric | None]]:
    """Header and metric of each column; a dimension without metrics is rated by a person."""
    for dimension in model.dimensions:
        if not dimension.metrics:
            yield dimension.name, None
        for metric in dimension.metrics:
            yield metric.name, metric


def _values(
    metrics: list[tuple[str, Metric | None]], level: int, *, lacking: bool
) -> Iterator[Cell]:
    for number, (_, metric) in enumerate(metrics):
        points = min(max(level + _SPREAD[number % len(_SPREAD)], 0), 100)
        if lacking and number in _LACKING:
            yield None
        elif metric is None:
            yield float(round(1 + 0.04 * points))
        else:
            yield _raw(metric, points)


def _raw(metric: Metric, points: float) -> Cell:
    """A raw value that earns about so many points."""
    if not isinstance(metric.curve, LinearCurve):
        return min(metric.curve.points, key=lambda word: abs(word[1] - points))[0]
    pairs = metric.curve.points
    low, high = metric.scale
    for (x0, y0), (x1, y1) in pairwise(pairs):
        if y0 != y1 and min(y0, y1) <= points <= max(y0, y1):
            x = round(x0 + (points - y0) * (x1 - x0) / (y1 - y0), _DIGITS.get(metric.unit, 0))
            return min(max(x, x if low is None else low), x if high is None else high)
    return pairs[0][0]


def _format(metric: Metric | None) -> str:
    return _FORMATS.get(metric.unit, "General") if metric else "0"
