"""Metrics that tell nothing of churn: without them there is less to collect."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from scoring.model import SEGMENTS, Dimension, ScoreModel, Segment
from scoring.validation.auc import auc, auc_interval
from scoring.validation.held_out import FOLDS, REPEATS, Gain, auc_gain, folds
from scoring.validation.records import Interval
from scoring.validation.reweigh import Sample, per_cent, whole

__all__ = ["MARGIN", "NO_POWER", "Drops", "find_drops", "without"]

MARGIN = 0.01
"""AUC that may be lost at most: the interval must lie above minus this (ours)."""
NO_POWER = 0.58
"""A metric whose AUC's interval ends below tells nothing worth collecting (ours)."""
_EASY = 0.002
"""AUC that one more dropped metric may lose where it is chosen."""


@dataclass(frozen=True)
class Drops:
    """Metrics that may go, and what going without them cost where it was held out.

    Attributes:
        keys: in the model's order.
        gain: in AUC.
        powers: metric key → AUC of its points.
        open: keys of metrics of which it is not known whether they tell anything.
    """

    keys: tuple[str, ...]
    gain: Gain
    powers: dict[str, Interval]
    open: tuple[str, ...]


def find_drops(
    sample: Sample, keep: Collection[str], *, seed: int, repeats: int = REPEATS
) -> Drops:
    """Choose metrics on all cases, and in the same way without each fifth of accounts in turn.

    Args:
        sample: the cases.
        keep: keys that are not to go whatever these cases say.
        seed: of the folds.
        repeats: how often all accounts are held out.
    """
    powers = _powers(sample, 1.0)
    chosen = _choose(sample, powers, keep)
    unknown = tuple(
        k for k, p in powers.items()
        if k not in keep and p.low is not None and p.high is not None
        and p.low <= 0.5 and p.high >= NO_POWER
    )  # fmt: skip
    if not chosen:
        return Drops((), Gain(0.0, 0.0), powers, unknown)
    pairs = []
    for number in range(repeats):
        for test in folds(sample.churned, sample.accounts, FOLDS, seed + number):
            train, held = sample.take(~test), sample.take(test)
            # As wide as with all cases: else fewer accounts would choose more timidly.
            gone = _choose(train, _powers(train, len(train) / len(sample)), keep)
            after = held.under(without(sample.model, gone)) if gone else held.score
            # Where nothing else was known, no score is no loss of the metric's.
            after = np.where(np.isnan(after), np.nanmean(after), after)
            pairs.append((np.flatnonzero(test), held.score, after))
    gain = auc_gain(pairs, sample.churned, sample.accounts)
    return Drops(chosen, gain, powers, unknown)


def _powers(sample: Sample, share: float) -> dict[str, Interval]:
    """AUC of each metric's points, with the interval that all cases would give it."""
    out: dict[str, Interval] = {}
    for metric, points in zip(sample.model.metrics, sample.points, strict=True):
        found = auc_interval(points, sample.churned, sample.accounts, seed=0, draws=0)
        if found.value is None or found.low is None or found.high is None:
            out[metric.key] = found
            continue
        low, high = (found.value + (end - found.value) * share**0.5
                     for end in (found.low, found.high))  # fmt: skip
        out[metric.key] = Interval(value=found.value, low=low, high=high)
    return out


def _choose(sample: Sample, powers: dict[str, Interval], keep: Collection[str]) -> tuple[str, ...]:
    """Metrics that tell nothing and that the score does as well without; weakest first tried."""
    weak = [k for k, p in powers.items() if k not in keep and (p.high or 1.0) < NO_POWER]
    weak.sort(key=lambda k: powers[k].value or 0.0)
    gone: tuple[str, ...] = ()
    base = auc(sample.score, sample.churned) or 0.5
    for key in weak:
        tried = (*gone, key)
        if len(tried) == len(powers):
            break
        score = sample.under(without(sample.model, tried))
        # A case that only these metrics knew would have no score any more.
        if np.isnan(score).mean() > 0.01:
            continue
        value = auc(score, sample.churned) or 0.5
        if value >= base - _EASY:
            gone, base = tried, max(value, base)
    return tuple(k for k in powers if k in gone)


def without(model: ScoreModel, keys: Collection[str]) -> ScoreModel:
    """The model without some metrics; weights of what stays in whole per cents.

    A metric's weight goes to the others of its dimension in proportion; a dimension that is left
    empty goes, and its weight to the others, also those of segments and of onboarding.
    """
    parts: list[Dimension] = []
    for dimension in model.dimensions:
        left = tuple(m for m in dimension.metrics if m.key not in keys)
        if len(left) < len(dimension.metrics):
            if not left:
                continue
            shares = 100.0 * whole(np.array([m.weight for m in left]))
            left = tuple(
                m.model_copy(update={"weight": per_cent(w)})
                for m, w in zip(left, shares.tolist(), strict=True)
            )
        parts.append(dimension.model_copy(update={"metrics": left}))
    if len(parts) < len(model.dimensions):
        parts = _hundred(parts)
    return model.model_copy(update={"dimensions": tuple(parts)})


def _hundred(parts: list[Dimension]) -> list[Dimension]:
    """Weights of dimensions, also a segment's and those of onboarding, as whole per cents."""
    base = 100.0 * whole(np.array([d.weight for d in parts]))
    own: dict[Segment, list[float]] = {}
    for segment in SEGMENTS:
        if any(segment in d.segment_weights for d in parts):
            shares = np.array([d.segment_weights.get(segment, d.weight) for d in parts])
            own[segment] = (100.0 * whole(shares, 0)).tolist()
    young: list[float | None] = [None] * len(parts)
    if any(d.onboarding_weight is not None for d in parts):
        shares = np.array([d.weight if d.onboarding_weight is None else d.onboarding_weight
                           for d in parts])  # fmt: skip
        young = (100.0 * whole(shares, 0)).tolist()
    return [
        d.model_copy(
            update={
                "weight": per_cent(float(base[n])),
                "segment_weights": {s: per_cent(w[n]) for s, w in own.items()},
                "onboarding_weight": young[n],
            }
        )
        for n, d in enumerate(parts)
    ]
