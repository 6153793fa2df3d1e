"""What to change in the model, and what it gains on accounts it was not fitted to."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from scoring.validation.cases import Cases
from scoring.validation.drops import MARGIN
from scoring.validation.held_out import LEAST_CHURNED, Gain
from scoring.validation.new_weights import find_weights
from scoring.validation.records import Change, Power, Recommendation, Verdict
from scoring.validation.reweigh import Sample, sample_of, with_weights
from scoring.validation.suggest_drops import suggest_drops
from scoring.validation.suggest_words import (
    Kind,
    kept_weights,
    moved_most,
    points,
    refused,
    sample_words,
    seen_words,
    signed,
    stays,
    weight_changes,
    weights_reason,
    without_inputs,
)
from scoring.validation.tier_cuts import LEAST_SHARE, cuts_of, find_cuts

__all__ = ["WORTH", "recommendations_of"]

WORTH = 0.03
"""A gain that is worth a new model version: in AUC, or in churn's deviance explained (ours)."""
_LEAST = 0.005
"""A smaller gain is no reason for a new version, however sure it is (ours)."""
_PLANNED: dict[Kind, tuple[float, float]] = {
    "weights": (0.16, WORTH),
    "tiers": (0.27, WORTH),
    "metrics": (0.06, MARGIN),
}
"""Standard error of each gain with one churned case, about, from simulated companies (ours), and
the gain that is to be seen."""


def recommendations_of(
    cases: Cases,
    powers: Sequence[Power],
    *,
    days: int,
    seed: int,
    verdict: Verdict | None = None,
) -> tuple[Recommendation, ...]:
    """Weights, tier cuts and metrics to drop, in this order; always all three, with a verdict.

    Each is measured alone, against the model as it is.

    Args:
        cases: joined.
        powers: what each metric foretold: none that foretells is dropped.
        days: before the outcome, of the scores.
        seed: of the folds.
        verdict: whether the score foretells churn; without that no metric is dropped.
    """
    sample = sample_of(cases, days, capped=[p.key for p in powers if p.suspicious])
    scored = sample_of(cases, days, imported=True)
    no_inputs = len(scored) if not len(sample) else 0
    return (
        _refused("weights", sample, no_inputs) or _weights(sample, days, seed),
        _refused("tiers", scored)
        or _upside_down(scored, days, verdict)
        or _tiers(scored, days, seed),
        _refused("metrics", sample, no_inputs)
        or suggest_drops(sample, powers, days=days, seed=seed, verdict=verdict),
    )


def _refused(kind: Kind, sample: Sample, no_inputs: int = 0) -> Recommendation | None:
    """Why nothing is tried on these cases; None where it is.

    Args:
        kind: of the recommendation.
        sample: the cases.
        no_inputs: cases with a score, where none of them has inputs.
    """
    if no_inputs:
        return without_inputs(kind, no_inputs)
    lost = len(np.unique(sample.accounts[sample.churned]))
    stayed = len(np.unique(sample.accounts[~sample.churned]))
    if lost >= LEAST_CHURNED and stayed >= LEAST_CHURNED:
        return None
    error, worth = _PLANNED[kind]
    seen = max(lost, 1)
    needed = Gain(0.0, error / math.sqrt(seen)).needed(worth, seen)
    needed = max(needed, LEAST_CHURNED - lost, 1)
    return refused(kind, needed, lost, stayed, LEAST_CHURNED)


def _weights(sample: Sample, days: int, seed: int) -> Recommendation:
    found = find_weights(sample, seed=seed)
    told, gain, model = sample_words(sample, days), found.auc, sample.model
    if found.weights is not None and _shows(gain):
        new = with_weights(model, found.weights)
        changes = weight_changes(model, new, metrics=found.choice.metrics)
        return Recommendation(
            kind="weights",
            verdict="recommended",
            headline=f"{signed(gain.value)} AUC: {moved_most(changes)}",
            reason=weights_reason(told, found, model, new, sample.capped),
            measure="AUC",
            gain=gain.interval,
            changes=changes,
        )
    needed = _needed(gain, int(sample.churned.sum()), found.least_error)
    tried = "Weights fitted to four fifths of the accounts were tried on the others."
    seen = seen_words(needed, f"{WORTH} AUC")
    return stays(
        "weights",
        gain,
        needed,
        headline=f"{signed(gain.value)} AUC: other weights do no better on held-out accounts",
        reason=" ".join(filter(None, [told, tried, seen, kept_weights(sample)])),
    )


def _shows(gain: Gain) -> bool:
    """Whether a gain is one, and large enough for a new version."""
    return (gain.interval.low or 0.0) > 0.0 and gain.value >= _LEAST


def _needed(gain: Gain, churned: int, least: float) -> int:
    """Churned cases more that could decide it; 0 where a gain worth having would have shown."""
    needed = gain.needed(WORTH, churned, least)
    low, high = gain.interval.low or 0.0, gain.interval.high or 0.0
    if not needed and low <= 0.0 and high >= WORTH and gain.value > 0.0:
        # It may be worth having yet, and what was found would show with more cases.
        needed = max(1, gain.needed(gain.value, churned, least))
    return needed


def _upside_down(sample: Sample, days: int, verdict: Verdict | None) -> Recommendation | None:
    """No cuts help where churn rises with the score, however much of it they would explain."""
    if verdict is None or verdict.key != "wrong way":
        return None
    return stays(
        "tiers",
        None,
        0,
        headline="0 tier cuts help: churn rises with the score",
        reason=f"{sample_words(sample, days)} Turn the metrics' directions round first.",
    )


def _tiers(sample: Sample, days: int, seed: int) -> Recommendation:
    found, now = find_cuts(sample, seed=seed), cuts_of(sample.model)
    gain, names = found.gain, [t.label for t in sample.model.tiers]
    told = (
        f"{sample_words(sample, days)} Tiers at {now[0]} and {now[1]} explain "
        f"{max(found.explained, 0.0):.1%} of churn's deviance. Cuts chosen on four fifths of the "
        "accounts were tried on the others."
    )
    if found.cuts != now and _shows(gain):
        cuts = f"{names[0]} from {found.cuts[0]}, {names[1]} from {found.cuts[1]}"
        rule = (
            f"Each tier keeps at least {LEAST_SHARE:.0%} of the cases, and churn falls from tier "
            "to tier. Measured with today's weights."
        )
        pairs = zip(sample.model.tiers[:2], now, found.cuts, strict=True)
        return Recommendation(
            kind="tiers",
            verdict="recommended",
            headline=f"{points(gain.value)} points of churn explained: {cuts}",
            reason=f"{told} {rule}",
            measure="churn explained",
            gain=gain.interval,
            changes=tuple(
                Change(key=t.key, name=t.label, current=a, proposed=b) for t, a, b in pairs
            ),
        )
    needed = _needed(gain, int(sample.churned.sum()), found.least_error)
    return stays(
        "tiers",
        gain,
        needed,
        headline=f"{points(gain.value)} points of churn explained: other cuts do no better",
        reason=f"{told} {seen_words(needed, f'{WORTH:.0%} of it')}",
    )
