"""Cases scored again under other weights, by the engine's own roll-up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from scoring.model import SEGMENTS, Dimension, ScoreModel, Segment
from scoring.prepare import Floats
from scoring.rollup import roll_up_total
from scoring.score import MANY
from scoring.validation.cases import Cases

__all__ = [
    "LEAST_PER_CENT",
    "Sample",
    "Weights",
    "current",
    "sample_of",
    "slices",
    "whole",
    "with_weights",
]

LEAST_PER_CENT = 1
"""A weight of nothing is no weight: whoever wants that drops the metric."""
_ONBOARDING = len(SEGMENTS) + 1


@dataclass(frozen=True)
class Weights:
    """Weights of a model of k dimensions and m metrics.

    Attributes:
        dimensions: (k,) shares that sum to 1.
        metrics: (m,) shares that sum to 1 in each dimension, in the order of ``model.metrics``.
    """

    dimensions: Floats
    metrics: Floats

    def rounded(self, model: ScoreModel, *, metrics: bool) -> Weights:
        """In whole per cents; without *metrics* only those of the dimensions."""
        inner = self.metrics.copy()
        if metrics:
            for part in slices(model):
                inner[part] = whole(inner[part])
        return Weights(whole(self.dimensions), inner)


@dataclass(frozen=True)
class Sample:
    """n cases with what their score was made of.

    Attributes:
        model: that scored them.
        values: m + k inputs as ``rollup.roll_up`` takes them, (n,) each.
        points: (m, n) points of the metrics; NaN where missing.
        typed: (k, n) dimension scores that a person typed; NaN where computed.
        weights: (k, n) dimension weights that counted, as shares.
        setting: (n,) whose weights these were: 0 the base, 1–3 a segment's, 4 onboarding's;
            −1 for none that the model has.
        dimensions: (k, n) scores.
        score: (n,) of the inputs alone, without overrides.
        followed: (n,) what the tier follows: the smoothed score where the model smooths.
        churned: (n,).
        accounts: (n,) a number an account.
        capped: keys of metrics that may only be known because an account was leaving: no fit may
            give them, or their dimensions, more weight.
        left_out: cases of the horizon whose inputs give no score: it was set or imported.
    """

    model: ScoreModel
    values: tuple[Floats, ...]
    points: Floats
    typed: Floats
    weights: Floats
    setting: NDArray[np.intp]
    dimensions: Floats
    score: Floats
    followed: Floats
    churned: NDArray[np.bool_]
    accounts: NDArray[np.intp]
    left_out: int
    capped: frozenset[str] = frozenset()

    def __len__(self) -> int:
        return len(self.score)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Sample:
        """Some of the cases."""
        return replace(
            self,
            values=tuple(v[rows] for v in self.values),
            points=self.points[:, rows],
            typed=self.typed[:, rows],
            weights=self.weights[:, rows],
            setting=self.setting[rows],
            dimensions=self.dimensions[:, rows],
            score=self.score[rows],
            followed=self.followed[rows],
            churned=self.churned[rows],
            accounts=self.accounts[rows],
        )

    def under(self, model: ScoreModel) -> Floats:
        """(n,) scores by the same inputs under other weights.

        Args:
            model: `Sample.model` with other weights, or without some of its metrics.
        """
        table = np.array(_table(model))
        place = {key: n for n, key in enumerate(self.model.inputs)}
        left = {d.key for d in model.dimensions}
        kept = [n for n, d in enumerate(self.model.dimensions) if d.key in left]
        weights = np.where(self.setting >= 0, table[self.setting].T, self.weights[kept])
        values = [self.values[place[key]] for key in model.inputs]
        score = roll_up_total(model, values, list(weights), MANY)
        return np.asarray(score, dtype=float)


def sample_of(
    cases: Cases, days: int, *, capped: Collection[str] = (), imported: bool = False
) -> Sample:
    """The cases that have a score *days* before the outcome, and what it was made of.

    Args:
        cases: joined.
        days: before the outcome.
        capped: as `Sample.capped`.
        imported: whether a score counts that no inputs give, which is enough for tiers; one that
            a person set never does.
    """
    found = cases.at.get(days)
    at = cases.lead(days) if found is None else found
    past, model = cases.snapshots, cases.snapshots.model
    known = np.flatnonzero(at >= 0)
    rows = at[known]
    m = len(model.metrics)
    inputs = past.values.reindex(columns=list(model.inputs)).to_numpy(float)[rows].T
    weights = past.weights.to_numpy(float)[rows].T
    score = np.asarray(roll_up_total(model, list(inputs), list(weights), MANY), dtype=float)
    own = past.model_total[rows]
    if imported:
        own = np.where(past.overridden[rows], own, past.total[rows])
        score = np.where(np.isnan(score), own, score)
    use = ~np.isnan(score) & ~np.isnan(own)
    rows, score, inputs, weights = rows[use], score[use], inputs[:, use], weights[:, use]
    smoothed = past.smoothed[rows]
    return Sample(
        model=model,
        values=tuple(inputs),
        points=past.points.reindex(columns=[x.key for x in model.metrics]).to_numpy(float)[rows].T,
        typed=inputs[m:] * (20.0 if model.typed == "rating" else 1.0),
        weights=weights,
        setting=_settings(model, weights),
        dimensions=past.dimensions.to_numpy(float)[rows].T,
        score=score,
        followed=np.where(np.isnan(smoothed), score, smoothed),
        churned=cases.churned[known][use],
        accounts=cases.accounts[known][use],
        left_out=int((~use).sum()),
        capped=frozenset(capped),
    )


def current(model: ScoreModel) -> Weights:
    """The weights that a model has."""
    inner = np.array([x.weight for x in model.metrics], dtype=float)
    for part in slices(model):
        inner[part] /= inner[part].sum()
    return Weights(np.array(model.weights()), inner)


def slices(model: ScoreModel) -> list[slice]:
    """Where each dimension's metrics stand among ``model.metrics``; those without have none."""
    ends = [0, *accumulate(len(d.metrics) for d in model.dimensions)]
    return [slice(a, b) for a, b in pairwise(ends) if b > a]


def whole(shares: Floats, least: int = LEAST_PER_CENT) -> Floats:
    """Shares in whole per cents that sum to 1, none below *least*; largest remainders go up."""
    cents = np.maximum(100.0 * shares / shares.sum(), least)
    out = np.floor(cents + 1e-9)
    rest = cents - out
    while (missing := round(100 - out.sum())) != 0:
        if missing > 0:
            place = int(np.argmax(rest))
            out[place] += 1
            rest[place] -= 1
        else:
            # What the least ones were raised by comes from those that can spare it.
            place = int(np.argmax(np.where(out > least, out - cents + out / 100, -np.inf)))
            out[place] -= 1
    found: Floats = out / 100.0
    return found


def with_weights(model: ScoreModel, weights: Weights) -> ScoreModel:
    """The model with other weights, in per cents.

    Weights that a segment has of its own move by the same factors; those of onboarding stay.
    """
    was = current(model)
    factor = weights.dimensions / was.dimensions
    moved = not np.allclose(factor, 1.0, atol=1e-9)
    scale = 100.0 / sum(d.weight for d in model.dimensions)
    segments = [s for s in SEGMENTS if any(s in d.segment_weights for d in model.dimensions)]
    own: dict[Segment, Floats] = {}
    for segment in segments:
        shares = np.array(model.weights(segment)) * factor
        own[segment] = 100.0 * (whole(shares, 0) if moved else shares)
    inner = iter((100.0 * weights.metrics).tolist())
    parts: list[Dimension] = []
    for n, dimension in enumerate(model.dimensions):
        young = dimension.onboarding_weight
        parts.append(
            dimension.model_copy(
                update={
                    "weight": per_cent(100.0 * float(weights.dimensions[n])),
                    "segment_weights": {s: per_cent(float(own[s][n])) for s in segments},
                    "onboarding_weight": None if young is None else per_cent(young * scale),
                    "metrics": tuple(
                        x.model_copy(update={"weight": per_cent(next(inner))})
                        for x in dimension.metrics
                    ),
                }
            )
        )
    return model.model_copy(update={"dimensions": tuple(parts)})


def per_cent(weight: float) -> float:
    """28.000000000000004 is 28: a sheet shows what the model holds."""
    return round(weight, 9)


def _table(model: ScoreModel) -> list[list[float]]:
    return [
        model.weights(),
        *(model.weights(s) for s in SEGMENTS),
        model.weights(onboarding=True),
    ]


def _settings(model: ScoreModel, weights: Floats) -> NDArray[np.intp]:
    """Which of the model's sets of weights each case had; the first of those alike."""
    out = np.full(weights.shape[1], -1, dtype=np.intp)
    rows: Sequence[Sequence[float]] = _table(model)
    for code in range(_ONBOARDING, -1, -1):
        same = np.isclose(weights, np.array(rows[code])[:, None], atol=1e-9).all(axis=0)
        out[same] = code
    return out
