"""What a snapshot of an account looked like, in the words that every face has for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from scoring.drivers import rank
from scoring.judgement.phrases import tenths, whole
from scoring.metric_phrase import metric_phrase, short_name, typed_phrase
from scoring.model import ScoreModel, StateCurve
from scoring.portfolio_texts import LEAST_LOST
from scoring.prepare import Floats
from scoring.validation.snapshots import Snapshots

__all__ = [
    "Grid",
    "day_at",
    "drivers_at",
    "input_name",
    "input_phrase",
    "largest_first",
    "score_at",
]

_DRIVERS = 3
"""Drivers told of a snapshot: as many as a reader keeps in mind (ours)."""


@dataclass(frozen=True, eq=False)
class Grid:
    """The inputs of all snapshots as plain arrays: rows are read by the thousand.

    Attributes:
        snapshots: n of them. columns: ``model.inputs`` → place.
        values, lost: (n, m + k) as in `Snapshots`.
        levels: (n, m + k) points 0–100 of each input, NaN where it is not known. What a person
            typed for a dimension is its points; without, its metrics tell of it.
        stale: (n, m).
    """

    snapshots: Snapshots
    columns: dict[str, int]
    values: Floats
    lost: Floats
    levels: Floats
    stale: NDArray[np.bool_]

    @classmethod
    def of(cls, snapshots: Snapshots) -> Grid:
        """The arrays of some snapshots; without any, of no rows."""
        model = snapshots.model
        inputs, metrics = list(model.inputs), [m.key for m in model.metrics]
        n = len(snapshots)
        if not n:
            nothing = np.empty((0, len(inputs)))
            stale = np.empty((0, len(metrics)), dtype=bool)
            return cls(snapshots, _places(inputs), nothing, nothing, nothing, stale)
        values = snapshots.values[inputs].to_numpy(float)
        scale = 20.0 if model.typed == "rating" else 1.0
        points = snapshots.points[metrics].to_numpy(float).reshape(n, len(metrics))
        levels = np.concatenate([points, values[:, len(metrics) :] * scale], axis=1)
        lost = snapshots.lost[inputs].to_numpy(float)
        stale = snapshots.stale[metrics].to_numpy(bool).reshape(n, len(metrics))
        return cls(snapshots, _places(inputs), values, lost, levels, stale)


def day_at(snapshots: Snapshots, place: int) -> date:
    """Day of the snapshot at a position."""
    found: date = snapshots.day[place].astype(object)
    return found


def score_at(snapshots: Snapshots, place: int) -> str:
    """Score and tier as shown, ``58 Amber``; "" where there is no score."""
    total = float(snapshots.total[place])
    if total != total:
        return ""
    return f"{whole(total)} {snapshots.model.tier_label(str(snapshots.tier[place]))}".strip()


def drivers_at(grid: Grid, place: int, count: int = _DRIVERS) -> tuple[str, ...]:
    """What cost a snapshot most points of its score: ``Seats active 41%, 12.5 lost``."""
    values, lost = grid.values[place], grid.lost[place]
    model = grid.snapshots.model
    told = np.where(np.isnan(values) | ~(lost >= LEAST_LOST), 0.0, lost)
    return tuple(
        f"{input_phrase(model, model.inputs[i], float(values[i]))}, {tenths(float(lost[i]))} lost"
        for i in rank(told.tolist())[:count]
    )


def input_phrase(model: ScoreModel, key: str, value: float, way: str = "") -> str:
    """An input and its value in a few words.

    Args:
        model: knows the input.
        key: one of ``model.inputs``.
        value: as in `Snapshots.values`: raw, of a word its points. Words of equal points cannot
            be told apart, so that all are named.
        way: as for `metric_phrase`.
    """
    metric = next((m for m in model.metrics if m.key == key), None)
    if metric is None:
        dimension = next(d for d in model.dimensions if d.key == key)
        return typed_phrase(model, dimension, value, way)
    if isinstance(metric.curve, StateCurve):
        return metric_phrase(metric, _words(metric.curve, value))
    return metric_phrase(metric, value, way)


def input_name(model: ScoreModel, key: str) -> str:
    """Name of one of ``model.inputs``, without scale and period: it stands in a sentence."""
    return _names(model)[key]


@lru_cache(maxsize=8)
def _names(model: ScoreModel) -> dict[str, str]:
    metrics = {m.key: short_name(m.name) for m in model.metrics}
    return metrics | {d.key: d.name for d in model.dimensions}


def largest_first(arr: Floats, currency: Sequence[str], account: Sequence[str]) -> NDArray[np.intp]:
    """(n,) order by falling ARR, unknown last, then by account.

    Amounts in several currencies are not compared: those of the most frequent one come first.
    """
    often = Counter(currency)

    def key(i: int) -> tuple[bool, int, str, float, str]:
        size = float(arr[i])
        unknown = size != size
        place = (0, "") if unknown else (-often[currency[i]], currency[i])
        return unknown, *place, 0.0 if unknown else -size, account[i]

    return np.array(sorted(range(len(arr)), key=key), dtype=np.intp)


def _words(curve: StateCurve, points: float) -> str:
    same = [word for word, y in curve.points if abs(y - points) < 1e-9]
    return " or ".join(same)


def _places(keys: Sequence[str]) -> dict[str, int]:
    return {key: place for place, key in enumerate(keys)}
