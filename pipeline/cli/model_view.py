"""A score model as tables in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scoring.model import SEGMENTS, Dimension, Metric, ScoreModel, StateCurve, Unit

__all__ = ["healthy_text", "print_model"]

_UNIT: dict[Unit, str] = {
    "per_week": "per week",
    "per_month": "per month",
    "nps_index": "NPS",
    "nps_response": "NPS response",
    "csat": "survey mean",
    "state": "word",
}


def print_model(model: ScoreModel, console: Console | None = None) -> None:
    """Print a model: its properties, then a table of each dimension with its metrics.

    Args:
        model: any score model.
        console: where to print; the terminal by default.
    """
    out = console or Console()
    out.print(Text(f"{model.label}  {model.title}", style="bold"))
    out.print(Text(_policy(model)))
    for dimension, share in zip(model.dimensions, model.weights(), strict=True):
        out.print()
        out.print(Text(f"{dimension.name}  {share:.0%}", style="bold"), Text(_weights(dimension)))
        out.print(Text(dimension.source, style="dim"))
        if dimension.metrics:
            out.print(_table(dimension))
    for gate in model.gates:
        out.print(Text(f"Gate: {gate.name} caps the tier at {model.tier_label(gate.cap)}."))


def healthy_text(metric: Metric) -> str:
    """Healthy range of a metric as people read it: ``25% or more``, ``50% to 80%``, ``Active``."""
    if isinstance(metric.curve, StateCurve):
        return metric.curve.words[0]
    low, high = (None if end is None else _number(end, metric.unit) for end in metric.healthy_range)
    if high is not None and metric.healthy_range[1] == metric.scale[0]:
        return high
    if low is None:
        return "any" if high is None else f"{high} or less"
    return f"{low} or more" if high is None else f"{low} to {high}"


def _policy(model: ScoreModel) -> str:
    tiers = ", ".join(f"{t.label} from {t.starts_at:g}" for t in model.tiers)
    smoothing = f", smoothed over {model.smoothing_days} days" if model.smoothing_days else ""
    return (
        f"{model.source}. {tiers}{smoothing}. Missing values: {model.missing}; "
        f"no score below {model.min_coverage:.0%} coverage."
    )


def _weights(dimension: Dimension) -> str:
    parts = [
        f"{segment.replace('_', '-')} {dimension.segment_weights[segment]:g}"
        for segment in SEGMENTS
        if segment in dimension.segment_weights
    ]
    if dimension.onboarding_weight is not None:
        parts.append(f"onboarding {dimension.onboarding_weight:g}")
    if dimension.weight_range is not None:
        low, high = dimension.weight_range
        parts.append(f"typical {low:g} to {high:g}")
    return f"weight {dimension.weight:g}" + "".join(f", {part}" for part in parts)


def _table(dimension: Dimension) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("Metric", no_wrap=True)
    table.add_column("Weight", justify="right", no_wrap=True)
    table.add_column("Unit", no_wrap=True)
    table.add_column("Healthy", no_wrap=True)
    table.add_column("Leading", no_wrap=True)
    table.add_column("Source", ratio=1, min_width=14)
    total = sum(metric.weight for metric in dimension.metrics)
    for metric in dimension.metrics:
        # Text objects, for a name such as [bold] is no markup here.
        table.add_row(
            Text(metric.name),
            f"{metric.weight / total:.0%}",
            _UNIT.get(metric.unit, metric.unit),
            Text(healthy_text(metric)),
            "yes" if metric.leading else "",
            Text(metric.source),
        )
    return table


def _number(value: float, unit: Unit) -> str:
    if unit in ("fraction", "change"):
        return f"{value * 100:{'+' if unit == 'change' and value else ''}.4g}%"
    return f"{value:.6g}"
