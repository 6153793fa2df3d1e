"""Metrics to drop, with what that costs on held-out accounts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoring.model import Metric, ScoreModel
from scoring.validation.drops import MARGIN, NO_POWER, Drops, find_drops, without
from scoring.validation.records import Change, Power, Recommendation, Verdict
from scoring.validation.reweigh import Sample
from scoring.validation.suggest_words import sample_words, share, signed, stays

__all__ = ["suggest_drops"]


def suggest_drops(
    sample: Sample,
    powers: Sequence[Power],
    *,
    days: int,
    seed: int,
    verdict: Verdict | None = None,
) -> Recommendation:
    """Drop metrics that tell nothing and cost nothing; only with enough evidence of both.

    Where the score itself does not foretell churn, dropping anything costs nothing, so that all
    metrics would go: nothing is tried then.

    Args:
        sample: the cases.
        powers: a metric that foretells at any time before, or is rarely there, is kept.
        days: before the outcome, of the scores.
        seed: of the folds.
        verdict: whether the score foretells churn; None where nobody asked.
    """
    if verdict is not None and verdict.key != "evidence":
        return _pointless(sample_words(sample, days), verdict)
    keep = {
        p.key
        for p in powers
        if p.kind == "metric" and (p.verdict in ("predicts", "too few values") or p.timing)
    }
    found = find_drops(sample, keep, seed=seed)
    told, gain = sample_words(sample, days), found.gain
    low, churned = gain.interval.low, int(sample.churned.sum())
    if found.keys and low is not None and low > -MARGIN:
        return _dropped(sample, found, told)
    if found.keys:
        needed = gain.needed(MARGIN, churned)
        names = _names(_gone(sample.model, found.keys))
        why = f"Without {names} AUC might fall by more than {MARGIN}."
    else:
        needed = _to_know(found, churned)
        why = f"No metric's AUC is known to lie below {NO_POWER}."
        if needed:
            why = (
                f"{len(found.open)} of {len(found.powers)} metrics may tell something or nothing: "
                f"the interval of their AUC reaches beyond {NO_POWER}."
            )
    return stays(
        "metrics",
        gain if found.keys else None,
        needed,
        headline="0 metrics to drop: each tells something or costs AUC",
        reason=f"{told} {why}",
    )


def _pointless(told: str, verdict: Verdict) -> Recommendation:
    return stays(
        "metrics",
        None,
        verdict.needed_churned,
        headline="0 metrics to drop: the score foretells no churn that they could cost",
        reason=f"{told} Nothing is lost without a metric where the score foretells nothing with "
        "it, so what to drop cannot be told.",
    )


def _to_know(found: Drops, churned: int) -> int:
    """Churned cases more after which a metric that tells nothing would be known to."""
    powers = [found.powers[key] for key in found.open]
    widths = [(p.high - p.low) / 2.0 for p in powers if p.low is not None and p.high is not None]
    if not widths:
        return 0
    ratio = max(widths) / (NO_POWER - 0.5)
    return max(0, math.ceil(churned * ratio * ratio) - churned)


def _dropped(sample: Sample, found: Drops, told: str) -> Recommendation:
    gone = _gone(sample.model, found.keys)
    reason = (
        f"{told} No power: {', '.join(_weakness(sample, found, m) for m in gone)}. On held-out "
        f"accounts the score loses less than {MARGIN} AUC without; the gain is less to collect. "
        "Measured with today's weights."
    )
    wrong = [m for m in gone if (found.powers[m.key].high or 1.0) < 0.5]
    if wrong:
        reason += f" Wrong way round: {_names(wrong)}; look at its curve first."
    return Recommendation(
        kind="metrics",
        verdict="recommended",
        headline=_headline(gone, found.gain.value),
        reason=reason,
        measure="AUC",
        gain=found.gain.interval,
        changes=_changes(sample.model, found.keys),
    )


def _headline(gone: Sequence[Metric], gain: float) -> str:
    """Say which metrics may go, and what that costs or gains where it was held out."""
    if round(gain, 3) > 0:
        cost = f"{signed(gain)} AUC without {'it' if len(gone) == 1 else 'them'}"
    else:
        cost = f"{max(-gain, 0.0):.3f} AUC lost"
    if len(gone) == 1:
        return f"{gone[0].name} can go: {cost} on held-out accounts"
    return f"{len(gone)} metrics can go, {cost} on held-out accounts: {_names(gone)}"


def _weakness(sample: Sample, found: Drops, metric: Metric) -> str:
    points = sample.points[sample.model.metrics.index(metric)]
    observed, value = 1.0 - float(np.isnan(points).mean()), found.powers[metric.key].value
    auc = "" if value is None else f", AUC {value:.2f}"
    return f"{metric.name} (observed in {observed:.0%} of cases{auc})"


def _changes(model: ScoreModel, keys: Sequence[str]) -> tuple[Change, ...]:
    """The dropped metrics at 0, then the weights that others get."""
    new = without(model, keys)
    left = {d.key: d for d in new.dimensions}
    now = dict(zip(left, new.weights(), strict=True))
    gone: list[Change] = []
    others: list[Change] = []
    for d, was in zip(model.dimensions, model.weights(), strict=True):
        if share(was) != share(now.get(d.key, 0.0)):
            others.append(_change(d.key, d.name, was, now.get(d.key, 0.0)))
        if not any(m.key in keys for m in d.metrics):
            continue
        before = sum(m.weight for m in d.metrics)
        after = {m.key: m.weight / 100.0 for m in left[d.key].metrics} if d.key in left else {}
        for m in d.metrics:
            row = _change(m.key, m.name, m.weight / before, after.get(m.key, 0.0), d.name)
            (gone if m.key in keys else others).append(row)
    return (*gone, *others)


def _change(key: str, name: str, was: float, now: float, of: str = "") -> Change:
    return Change(key=key, name=name, current=share(was), proposed=share(now), of=of)


def _gone(model: ScoreModel, keys: Sequence[str]) -> list[Metric]:
    return [m for m in model.metrics if m.key in keys]


def _names(metrics: Sequence[Metric]) -> str:
    return ", ".join(m.name for m in metrics)
