"""Drivers of one account: what lost points of its score, most first. No numpy, no pandas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.model import ScoreModel, Unit
from scoring.one import Score

__all__ = ["Driver", "drivers", "rank"]

_LEAST = 1e-9
"""Points below which a loss is the noise of sums."""


@dataclass(frozen=True, slots=True)
class Driver:
    """A metric, or a dimension that a person typed, with the points of the total that it lost.

    Attributes:
        key: as in ``model.inputs``.
        name: of the metric, or of the dimension.
        dimension: name of the dimension that it belongs to.
        value: as given: a number in its ``unit``, or a word.
        unit: of the value; "rating" or "points" where a person typed the dimension.
        points: 0–100.
        available: the most it could have given, in points of the total.
        lost: available less given.
    """

    key: str
    name: str
    dimension: str
    value: float | str
    unit: Unit
    points: float
    available: float
    lost: float


def drivers(score: Score) -> tuple[Driver, ...]:
    """What lost points, most first; inputs that are missing or stale are no drivers.

    Together with what missing inputs lost (only where the model counts them as zero or neutral)
    the points lost sum to 100 less the rolled-up score, before lifecycle and overrides.
    """
    model, rolled = score.model, score.rolled
    names = _names(model)
    out = []
    for i, key in enumerate(model.inputs):
        x = score.values[i]
        if x != x:
            continue
        name, dimension, unit = names[i]
        typed = i >= len(model.metrics)
        points = rolled.dimensions[i - len(model.metrics)] if typed else rolled.points[i]
        value = str(score.record[key]).strip() if unit == "state" else x
        most = rolled.available[i]
        lost = most - rolled.contributions[i]
        out.append(Driver(key, name, dimension, value, unit, points, most, lost))
    return tuple(out[i] for i in rank([d.lost for d in out]))


def rank(lost: Sequence[float]) -> list[int]:
    """Positions of what lost points, most first; equal losses keep their order."""
    losers = [i for i, points in enumerate(lost) if points > _LEAST]
    return sorted(losers, key=lambda i: -round(lost[i], 9))


def _names(model: ScoreModel) -> list[tuple[str, str, Unit]]:
    """Name, dimension and unit of each of ``model.inputs``."""
    own: Unit = "rating" if model.typed == "rating" else "points"
    metrics = [(m.name, d.name, m.unit) for d in model.dimensions for m in d.metrics]
    return [*metrics, *((d.name, d.name, own) for d in model.dimensions)]
