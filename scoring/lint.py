"""What deserves a second look in a score model. Findings only; nothing here changes a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose
from typing import Literal

from scoring.model import SEGMENTS, Dimension, LinearCurve, Metric, ScoreModel

__all__ = ["Finding", "Severity", "leading_share", "lint_model"]

MOST_METRICS = 10
"""004 Common health score pitfalls: 5 to 10 work better than 30."""
LEAST_LEADING = 0.70
"""001 Leading vs. Lagging Indicators: 70–80 % of the weight."""
MOST_OF_ONE = 0.50
"""003 Edge Cases: not a single metric alone; where that begins is ours."""

Severity = Literal["warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at in a model.

    Attributes:
        code: stable name of the rule.
        message: what was found, with its figures, one sentence.
        where: place in the model, such as ``dimensions[0].weight``.
        next_step: what to do about it, one sentence.
        severity: "warning" asks for a decision; "info" only tells.
    """

    code: str
    message: str
    where: str
    next_step: str
    severity: Severity = "warning"

    def __str__(self) -> str:
        return f"{self.where}: {self.message} {self.next_step}"


def lint_model(model: ScoreModel) -> list[Finding]:
    """Look through a model with every rule; warnings come first, else in order of the rules."""
    rules = (
        _too_many_metrics, _little_leading, _outside_typical, _not_a_hundred, _no_age_limit,
        _one_metric_rules, _outside_scale, _segments_without_weights, _ours,
    )  # fmt: skip
    findings = [finding for rule in rules for finding in rule(model)]
    return sorted(findings, key=lambda finding: finding.severity != "warning")


def leading_share(model: ScoreModel) -> float:
    """Share of the total weight, 0 to 1, on metrics marked as leading."""
    leading = {m.key for m in model.metrics if m.leading}
    return sum(share for key, share in _shares(model).items() if key in leading)


def _shares(model: ScoreModel) -> Mapping[str, float]:
    """Share of each metric in the total; a dimension without metrics is typed and has none."""
    shares: dict[str, float] = {}
    for dimension, weight in zip(model.dimensions, model.weights(), strict=True):
        total = sum(m.weight for m in dimension.metrics)
        shares |= {m.key: weight * m.weight / total for m in dimension.metrics}
    return shares


def _too_many_metrics(model: ScoreModel) -> Iterator[Finding]:
    count = len(model.metrics)
    if count > MOST_METRICS:
        yield Finding(
            "too-many-metrics",
            f"{count} metrics; a score of more than {MOST_METRICS} is hard to follow.",
            "dimensions",
            "Drop those that predict least, or keep them knowingly.",
        )


def _little_leading(model: ScoreModel) -> Iterator[Finding]:
    share = leading_share(model)
    if model.metrics and share < LEAST_LEADING - 1e-9:
        yield Finding(
            "little-leading",
            f"{share:.1%} of the weight is on leading metrics; 70–80 % predicts better.",
            "dimensions",
            "Move weight to metrics that fall before customers leave.",
        )


def _outside_typical(model: ScoreModel) -> Iterator[Finding]:
    for index, dimension in enumerate(model.dimensions):
        if dimension.weight_range is None:
            continue
        low, high = dimension.weight_range
        for setting, weight in _own_weights(dimension).items():
            if not low <= weight <= high:
                yield Finding(
                    "outside-typical-range",
                    f"{dimension.name} weighs {weight:g} ({setting}); "
                    f"its source calls {low:g} to {high:g} typical.",
                    f"dimensions[{index}].{_field(setting)}",
                    "Bring it into the range, or keep it knowingly.",
                )


def _not_a_hundred(model: ScoreModel) -> Iterator[Finding]:
    for setting in ("base", *SEGMENTS, "onboarding"):
        own = [_own_weights(d) for d in model.dimensions]
        if not any(setting in weights for weights in own):
            continue
        total = sum(weights.get(setting, weights["base"]) for weights in own)
        if not isclose(total, 100, abs_tol=1e-6):
            yield _sum_finding(f"The {setting} weights", total, f"dimensions.{_field(setting)}")
    for index, dimension in enumerate(model.dimensions):
        total = sum(m.weight for m in dimension.metrics)
        if dimension.metrics and not isclose(total, 100, abs_tol=1e-6):
            where = f"dimensions[{index}].metrics"
            yield _sum_finding(f"The metric weights of {dimension.name}", total, where)


def _sum_finding(subject: str, total: float, where: str) -> Finding:
    return Finding(
        "weights-not-100",
        f"{subject} sum to {total:g}, not 100.",
        where,
        "Scores count shares, so they are right; make the sum 100 to make the sheet readable.",
    )


def _no_age_limit(model: ScoreModel) -> Iterator[Finding]:
    for where, metric in _places(model):
        if metric.max_age_days is None:
            yield Finding(
                "no-age-limit",
                f"{metric.name} never gets too old, so a stale value counts for ever.",
                f"{where}.max_age_days",
                "Say after how many days a value is missing.",
            )


def _one_metric_rules(model: ScoreModel) -> Iterator[Finding]:
    shares = _shares(model)
    for where, metric in _places(model):
        if shares[metric.key] > MOST_OF_ONE + 1e-9:
            yield Finding(
                "one-metric-rules",
                f"{metric.name} alone carries {shares[metric.key]:.1%} of the score.",
                f"{where}.weight",
                "Spread the weight over more metrics.",
            )


def _outside_scale(model: ScoreModel) -> Iterator[Finding]:
    for where, metric in _places(model):
        if not isinstance(metric.curve, LinearCurve):
            continue
        low, high = metric.scale
        for x, _ in metric.curve.points:
            if (low is not None and x < low) or (high is not None and x > high):
                yield Finding(
                    "breakpoint-outside-scale",
                    f"{metric.name} has a breakpoint at {x:g}, which no valid value reaches.",
                    f"{where}.curve",
                    "Correct the breakpoint (48 % is 0.48) or the scale.",
                )


def _segments_without_weights(model: ScoreModel) -> Iterator[Finding]:
    own = {segment for d in model.dimensions for segment in d.segment_weights}
    lacking = [segment for segment in SEGMENTS if segment not in own]
    if lacking:
        yield Finding(
            "segment-without-weights",
            f"No weights of their own for {', '.join(lacking)}; the base weights count.",
            "dimensions.segment_weights",
            "Give these segments weights if their accounts differ.",
            "info",
        )


def _ours(model: ScoreModel) -> Iterator[Finding]:
    marked = [m.key for m in model.metrics if "ours:" in m.source]
    marked += [d.key for d in model.dimensions if "ours:" in d.source]
    if marked:
        yield Finding(
            "threshold-ours",
            f"Figures that no document gives ({len(marked)}): {', '.join(marked)}.",
            "source",
            "Set them from your own accounts once outcomes are known.",
            "info",
        )


def _own_weights(dimension: Dimension) -> dict[str, float]:
    """Weights that a dimension states itself, by setting."""
    weights: dict[str, float] = {"base": dimension.weight}
    weights |= {str(segment): weight for segment, weight in dimension.segment_weights.items()}
    if dimension.onboarding_weight is not None:
        weights["onboarding"] = dimension.onboarding_weight
    return weights


def _field(setting: str) -> str:
    special = {"base": "weight", "onboarding": "onboarding_weight"}
    return special.get(setting, f"segment_weights.{setting}")


def _places(model: ScoreModel) -> Iterator[tuple[str, Metric]]:
    for i, dimension in enumerate(model.dimensions):
        for j, metric in enumerate(dimension.metrics):
            yield f"dimensions[{i}].metrics[{j}]", metric
