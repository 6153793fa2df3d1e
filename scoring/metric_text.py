"""What a metric takes, in words: unit, scale and what is healthy."""

from __future__ import annotations

from scoring.model import Metric, StateCurve, Unit
from scoring.units import MINUS

__all__ = ["healthy_text", "range_text", "unit_text", "values_text"]

_UNIT: dict[Unit, str] = {
    "per_week": "per week",
    "per_month": "per month",
    "nps_index": "NPS",
    "nps_response": "NPS response",
    "csat": "survey mean",
    "state": "word",
}


def unit_text(unit: Unit) -> str:
    """A unit as people read it: ``fraction``, ``per week``, ``survey mean``."""
    return _UNIT.get(unit, unit)


def values_text(metric: Metric) -> str:
    """Valid values of a metric: ``0% to 100%``, ``0 or more``; the words of a state."""
    if isinstance(metric.curve, StateCurve):
        return ", ".join(metric.curve.words)
    return range_text(metric.scale, metric.unit)


def healthy_text(metric: Metric) -> str:
    """Healthy range of a metric as people read it: ``25% or more``, ``50% to 80%``, ``Active``."""
    if isinstance(metric.curve, StateCurve):
        return metric.curve.words[0]
    low, high = metric.healthy_range
    # Nothing lies beyond the ends of a scale: "0", not "0 or less".
    if low is None and high is not None and high == metric.scale[0]:
        low = high
    elif high is None and low is not None and low == metric.scale[1]:
        high = low
    return range_text((low, high), metric.unit)


def range_text(span: tuple[float | None, float | None], unit: Unit) -> str:
    """A range in words, open ends as None: ``0% to 100%``, ``90 or less``, ``any``, ``0``."""
    low, high = (None if end is None else _number(end, unit) for end in span)
    if low is None:
        return "any" if high is None else f"{high} or less"
    if high is None:
        return f"{low} or more"
    return low if low == high else f"{low} to {high}"


def _number(value: float, unit: Unit) -> str:
    if unit in ("fraction", "change"):
        text = f"{value * 100:{'+' if unit == 'change' and value else ''}.4g}%"
    else:
        text = f"{value:.6g}"
    return text.replace("-", MINUS)
