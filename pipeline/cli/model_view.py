"""A score model as tables in the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scoring.metric_text import healthy_text, unit_text
from scoring.model import SEGMENTS, Dimension, ScoreModel

__all__ = ["print_model"]


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
            unit_text(metric.unit),
            Text(healthy_text(metric)),
            "yes" if metric.leading else "",
            Text(metric.source),
        )
    return table
