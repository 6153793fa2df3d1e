"""What counts as healthy, in words."""

from __future__ import annotations

from scoring.model import Metric, ScoreModel, StateCurve
from workbook_templates.drawing.theme import UNIT_FORMAT
from workbook_templates.typed import typing

_TAILS = {"days": " days", "per_week": " a week", "per_month": " a month"}


def healthy_words(model: ScoreModel, i: int) -> str:
    """Healthy range of an input: metrics first, then typed dimensions."""
    return healthy_range(model.metrics[i]) if i < len(model.metrics) else typing(model).healthy


def healthy_range(metric: Metric) -> str:
    """Healthy range of a metric with its unit: ``≥ 25%``, ``≤ 90 days``, ``Active``."""
    if isinstance(metric.curve, StateCurve):
        return metric.curve.words[0]
    low, high = metric.healthy_range
    if low is not None and high is not None:
        low_words, high_words = value_words(low, metric.unit), value_words(high, metric.unit)
        return low_words if low == high else f"{low_words} to {high_words}"
    if low is not None:
        return f"≥ {value_words(low, metric.unit)}"
    if high is None:
        return "any"
    # Nothing lies below the end of a scale: "0", not "≤ 0".
    sign = "" if high == metric.scale[0] else "≤ "
    return f"{sign}{value_words(high, metric.unit)}"


def rule_words(model: ScoreModel, i: int) -> str:
    """How an input's value becomes points: ``0% → 0, 25% → 80, 50% → 100``, ``Yes 100, No 0``."""
    if i >= len(model.metrics):
        return typing(model).scale
    metric = model.metrics[i]
    if isinstance(metric.curve, StateCurve):
        return ", ".join(f"{word} {points:g}" for word, points in metric.curve.points)
    steps = (f"{value_words(x, metric.unit)} → {y:g}" for x, y in metric.curve.points)
    return ", ".join(steps)


def value_words(x: float, unit: str) -> str:
    """A raw value with its unit, short."""
    if UNIT_FORMAT.get(unit, "").endswith("%"):
        return f"{x * 100:g}%".replace("-", "−")
    return f"{x:g}{_TAILS.get(unit, '')}".replace("-", "−")
