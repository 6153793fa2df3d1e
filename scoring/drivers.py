"""Drivers of one account: what lost points of its score, most first. No numpy, no pandas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from scoring.columns import Column, metric_columns
from scoring.model import ScoreModel
from scoring.one import Score

__all__ = ["Driver", "drivers", "rank"]

_LEAST = 1e-9
"""Points below which a loss is the noise of sums."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A metric, or a dimension that a person typed, with the points of the total that it lost.

    Attributes:
        column: what the header row calls it, its key and unit.
        dimension: name of the dimension that it belongs to.
        value: as given: a number in the column's unit, or a word.
        points: 0–100.
        available: the most it could have given, in points of the total.
        lost: available less given.
    """

    column: Column
    dimension: str
    value: float | str
    points: float
    available: float
    lost: float

    @property
    def key(self) -> str:
        """As in ``model.inputs``."""
        return self.column.key

    @property
    def name(self) -> str:
        """Of the metric; of a typed dimension as its column has it, ``Engagement rating``."""
        return self.column.name


def drivers(score: Score) -> tuple[Driver, ...]:
    """What lost points, most first; inputs that are missing or stale are no drivers.

    Together with what missing inputs lost (only where the model counts them as zero or neutral)
    the points lost sum to 100 less the rolled-up score, before lifecycle and overrides.
    """
    model, rolled = score.model, score.rolled
    # Rolled points end with the metrics; the points of a typed dimension are its score.
    points = [*rolled.points, *rolled.dimensions]
    out = []
    for i, (column, dimension) in enumerate(_columns(model)):
        x, most = score.values[i], rolled.available[i]
        if x == x:
            value = str(score.record[column.key]).strip() if column.words else x
            lost = most - rolled.contributions[i]
            out.append(Driver(column, dimension, value, points[i], most, lost))
    return tuple(out[i] for i in rank([d.lost for d in out]))


def rank(lost: Sequence[float]) -> list[int]:
    """Positions of what lost points, most first; equal losses keep their order."""
    losers = [i for i, points in enumerate(lost) if points > _LEAST]
    return sorted(losers, key=lambda i: -round(lost[i], 9))


@lru_cache(maxsize=64)
def _columns(model: ScoreModel) -> tuple[tuple[Column, str], ...]:
    """Column and name of the dimension of each of ``model.inputs``."""
    by_key = {c.key: c for c in metric_columns(model)}
    metrics = [(by_key[m.key], d.name) for d in model.dimensions for m in d.metrics]
    return (*metrics, *((by_key[d.key], d.name) for d in model.dimensions))
