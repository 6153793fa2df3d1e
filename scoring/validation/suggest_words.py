"""What recommendations say, and the weights that they list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from scoring.groups import SEGMENT_LABELS
from scoring.model import SEGMENTS, ScoreModel
from scoring.units import MINUS
from scoring.validation.held_out import Gain
from scoring.validation.new_weights import NewWeights
from scoring.validation.records import Change, Interval, Recommendation
from scoring.validation.reweigh import Sample

__all__ = [
    "Kind",
    "kept_weights",
    "moved_most",
    "points",
    "refused",
    "sample_words",
    "seen_words",
    "share",
    "signed",
    "stays",
    "weight_changes",
    "weights_reason",
    "without_inputs",
]

Kind = Literal["weights", "tiers", "metrics"]
_WHAT: dict[Kind, str] = {
    "weights": "other weights",
    "tiers": "other tier cuts",
    "metrics": "dropping metrics",
}
_MEASURES: dict[Kind, str] = {"weights": "AUC", "tiers": "churn explained", "metrics": "AUC"}


def share(value: float) -> float:
    """A share without the noise of its sum: what a document holds reads 0.28."""
    return round(value, 6)


def signed(gain: float) -> str:
    """``+0.031``, ``−0.004``, ``0.000``."""
    return f"{gain:+.3f}".replace("-", MINUS) if round(gain, 3) else "0.000"


def points(gain: float) -> str:
    """A share as points of 100: ``+2.4``, ``0.0``."""
    return f"{100 * gain:+.1f}".replace("-", MINUS) if round(100 * gain, 1) else "0.0"


def stays(
    kind: Kind, gain: Gain | None, needed: int, *, headline: str, reason: str
) -> Recommendation:
    """Nothing to do: because it gains nothing, or because nobody can tell yet.

    Args:
        kind: of the recommendation.
        gain: measured; None where nothing was.
        needed: churned cases more that could decide it; 0 where it is decided.
        headline: where it is decided.
        reason: either way.
    """
    if needed:
        headline = f"Not enough evidence for {_WHAT[kind]}: {needed:,} churned cases more needed"
    return Recommendation(
        kind=kind,
        verdict="not enough evidence" if needed else "no gain",
        headline=headline,
        reason=reason,
        measure=_MEASURES[kind],
        gain=_told(gain) if gain else Interval(),
        needed_churned=needed or None,
    )


def _told(gain: Gain) -> Interval:
    """With its interval; without, where nothing was moved: a sure 0 would claim too much."""
    return gain.interval if gain.error else Interval(value=gain.value)


def refused(kind: Kind, needed: int, lost: int, stayed: int, least: int) -> Recommendation:
    """Too few accounts to try anything."""
    reason = (
        f"{lost} accounts churned and {stayed} stayed; nothing is tried below {least} of each. "
        f"About {needed:,} churned cases more could decide it."
    )
    return stays(kind, None, needed, headline="", reason=reason)


def without_inputs(kind: Kind, cases: int) -> Recommendation:
    """More of such cases would not help, so no number of them is named."""
    return Recommendation(
        kind=kind,
        verdict="not enough evidence",
        headline=f"Not enough evidence for {_WHAT[kind]}: 0 of {cases:,} cases have inputs",
        reason=(
            f"The {cases:,} cases have scores only. Give a history with metrics or dimension "
            "scores to try it."
        ),
        measure=_MEASURES[kind],
        gain=Interval(),
    )


def sample_words(sample: Sample, days: int) -> str:
    """``412 cases, 96 churned, scored 60 days before.`` and what could not be scored again."""
    told = (
        f"{len(sample):,} cases, {int(sample.churned.sum()):,} churned, scored {days} days before."
    )
    if sample.left_out:
        told += f" {sample.left_out:,} more have a score but no inputs to weigh anew."
    return told


def seen_words(needed: int, size: str) -> str:
    """Whether a gain of some size would have been seen."""
    if needed:
        return f"A gain of {size} would show with {needed:,} churned cases more."
    return f"A gain of {size} would have shown."


def moved_most(changes: Sequence[Change]) -> str:
    """What rises and what falls most, of dimensions where any moves: ``Usage up 7 points, …``."""
    told = []
    outer = [c for c in changes if not c.of and "." not in c.key]
    inner = [c for c in changes if c.of]
    moved = outer if any(c.current != c.proposed for c in outer) else inner
    for way, word in ((1.0, "up"), (-1.0, "down")):
        best = max(moved, key=lambda c: way * (c.proposed - c.current))
        size = abs(best.proposed - best.current)
        told.append(f"{best.name} {word} {100 * size:.0f} points")
    return ", ".join(told)


def weights_reason(
    told: str, found: NewWeights, model: ScoreModel, new: ScoreModel, capped: Collection[str] = ()
) -> str:
    """How the weights came about, what stays, and which leave their source's range.

    Args:
        told: of the cases.
        found: the weights.
        model: as it is.
        new: with them.
        capped: as `Sample.capped`.
    """
    loss = f"{-found.loss.value:+.3f}".replace("-", MINUS)
    moved = "Weights of dimensions and of metrics move"
    if not found.choice.metrics:
        moved = "Weights of metrics stay: moving them gained no more"
    text = (
        f"{told} Fitted near today's weights in whole per cents; each fifth of the accounts was "
        f"scored with weights fitted to the others: log loss {loss}. {moved}."
    )
    return " ".join([text, *_settings(model), *_outside(new), *_capped(model, capped)])


def kept_weights(sample: Sample) -> str:
    """Said of cases whose weights are not fitted."""
    young = int((sample.setting == len(SEGMENT_LABELS) + 1).sum())
    if not young:
        return ""
    return f"{young:,} of them had onboarding weights, which are not fitted."


def _settings(model: ScoreModel) -> list[str]:
    told = []
    own = [label for s, label in SEGMENT_LABELS.items()
           if any(s in d.segment_weights for d in model.dimensions)]  # fmt: skip
    if own:
        told.append(f"Own weights of {', '.join(own)} move by the same factors.")
    if any(d.onboarding_weight is not None for d in model.dimensions):
        told.append("Onboarding weights stay.")
    return told


def _capped(model: ScoreModel, keys: Collection[str]) -> list[str]:
    names = [m.name for m in model.metrics if m.key in keys]
    if not names:
        return []
    what = "may only be known because accounts were leaving"
    return [f"{', '.join(names)} {what}, so no weight of theirs or their dimension's was raised."]


def _outside(new: ScoreModel) -> list[str]:
    told = []
    for d in new.dimensions:
        if d.weight_range and not d.weight_range[0] <= d.weight <= d.weight_range[1]:
            low, high = d.weight_range
            told.append(f"{d.name} leaves the {low:g} to {high:g} that its source calls typical.")
    return told


def weight_changes(model: ScoreModel, new: ScoreModel, *, metrics: bool) -> tuple[Change, ...]:
    """All weights of two models of the same dimensions, as shares; those of metrics if asked.

    Segments' own weights follow those of the dimensions.
    """
    rows: list[Change] = []
    for segment in (None, *SEGMENTS):
        if segment and not any(segment in d.segment_weights for d in model.dimensions):
            continue
        shares = zip(model.dimensions, model.weights(segment), new.weights(segment), strict=True)
        for d, was, now in shares:
            key = f"{d.key}.{segment}" if segment else d.key
            name = f"{d.name}, {SEGMENT_LABELS[segment]}" if segment else d.name
            rows.append(Change(key=key, name=name, current=share(was), proposed=share(now)))
    for old, changed in zip(model.dimensions, new.dimensions, strict=True) if metrics else ():
        before, after = (sum(m.weight for m in d.metrics) for d in (old, changed))
        rows += [
            Change(key=m.key, name=m.name, current=share(m.weight / before),
                   proposed=share(x.weight / after), of=old.name)
            for m, x in zip(old.metrics, changed.metrics, strict=True)
        ]  # fmt: skip
    return tuple(rows)
