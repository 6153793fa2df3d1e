"""What fills *Metrics*: what each dimension and metric foretold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from scoring.validation.backtest import Found
from scoring.validation.records import Power
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import METRICS
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = [
    "DIMENSION_CHART",
    "METRIC_CHART",
    "SHOWN",
    "TABLE",
    "auc_start",
    "fill",
    "lead_key",
    "ranked",
    "tables",
]

TABLE = "Powers"
SHOWN = 20
"""Metrics that a chart shows; of more, the best and the weakest."""
_MARK = "¹"
"""Stands in place of the note that most rows share."""
METRIC_CHART, DIMENSION_CHART = "AUC by metric", "AUC by dimension"


def lead_key(days: int) -> str:
    """Column of the AUC so many days before."""
    return f"lead_{days}"


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a dimension, then a row a metric, the most telling first."""
    leads = (TableColumn(lead_key(d), f"{d} d", "auc", 40, "center") for d in shape.leads)
    columns = (
        TableColumn("kind", "Kind", width=68),
        TableColumn("name", "Name", width=190, bold=True, wrap=True),
        TableColumn("dimension", "Dimension", width=112, wrap=True),
        TableColumn("weight", "Weight", "percent1", 60, "right"),
        TableColumn("observed", "Known", "percent", 58, "right"),
        TableColumn("churned", "Churned", "whole", 62, "right"),
        TableColumn("auc", "AUC", "auc", 46, "right", bold=True),
        TableColumn("low", "95% from", "auc", 60, "right", muted=True),
        TableColumn("high", "95% to", "auc", 54, "right", muted=True),
        TableColumn("q", "q value", "exact3", 54, "right"),
        TableColumn("verdict", "Verdict", width=98, align="left1"),
        TableColumn("timing", "Timing", width=70, align="left1"),
        TableColumn("leads", "Tells from", "within", 64, "right"),
        TableColumn("lost", "Mean points, churned", "points", 74, "right"),
        TableColumn("kept", "Mean points, stayed", "points", 74, "right"),
        *leads,
        TableColumn("note", "Note", width=300, align="left1", wrap=True),
    )
    return (TableSpec(TABLE, METRICS, ("kind", "name"), columns),)


def ranked(powers: Sequence[Power], kind: str) -> list[Power]:
    """Dimensions or metrics, the highest AUC first, those without one last."""
    own = [p for p in powers if p.kind == kind]
    return sorted(own, key=lambda p: -1.0 if p.auc.value is None else p.auc.value, reverse=True)


def fill(found: Found, shape: Shape) -> Filling:
    """Title and a row a dimension or metric."""
    powers = found.backtest.powers
    common = _common(powers)
    rows = [
        _row(found, p, common) for kind in ("dimension", "metric") for p in ranked(powers, kind)
    ]
    values: dict[str, Value] = {
        "metrics_title": _title(found),
        "metrics_common": f"{_MARK} {common}" if common else None,
        "metrics_note": t.joined([
            f"{found.backtest.days} days before the outcome",
            "AUC above 0.50: lower points came before churn",
            "q below 0.05 counts as evidence",
            "the chart shows the best and the weakest" if _many(powers) else "",
            found.backtest.model,
        ]),
    }  # fmt: skip
    charts = {METRIC_CHART: _alt(powers, "metric"), DIMENSION_CHART: _alt(powers, "dimension")}
    return Filling(
        values, {TABLE: rows or [{"name": "No metric could be looked at."}]},
        charts if shape.compared else {},
    )  # fmt: skip


def _common(powers: Sequence[Power]) -> str:
    """The note of at least half of them, which is said once; "" where none is."""
    notes = Counter(p.note for p in powers if p.note)
    note, count = notes.most_common(1)[0] if notes else ("", 0)
    return note if count >= max(3, len(powers) / 2) else ""


def _row(found: Found, p: Power, common: str) -> dict[str, Value]:
    dimensions = {d.key: d.name for d in found.cases.snapshots.model.dimensions}
    note = f"Check where it comes from. {p.note}" if p.suspicious and not p.note else p.note
    note = _MARK if common and note == common else note
    return {
        "kind": p.kind.capitalize(),
        "name": p.name,
        "dimension": dimensions.get(p.dimension, p.dimension),
        "weight": p.weight,
        "observed": p.observed,
        "churned": p.churned,
        "auc": p.auc.value,
        "low": p.auc.low,
        "high": p.auc.high,
        "q": p.q_value,
        "verdict": p.verdict.capitalize(),
        "timing": p.timing.capitalize(),
        "leads": p.leads_days,
        "lost": p.churned_mean,
        "kept": p.stayed_mean,
        **{lead_key(point.days): point.auc.value for point in p.by_lead},
        "note": note,
    }


def _title(found: Found) -> str:
    metrics = [p for p in found.backtest.powers if p.kind == "metric"]
    what, of = ("metric", metrics) if metrics else ("dimension", list(found.backtest.powers))
    good = sum(p.verdict == "predicts" for p in of)
    if not of:
        return "No metric could be looked at"
    wrong = sum(p.verdict == "wrong way" for p in of)
    if not good and wrong:
        return f"{wrong} of {t.counted(len(of), what)} went the wrong way"
    if not good:
        return f"None of {t.counted(len(of), what)} foretold churn"
    return f"{good} of {t.counted(len(of), what)} foretold churn"


def _many(powers: Sequence[Power]) -> bool:
    return sum(p.kind == "metric" for p in powers) > SHOWN


def _alt(powers: Sequence[Power], kind: str) -> ChartChange:
    told = [f"{p.name} {t.figure(p.auc.value)}" for p in ranked(powers, kind)[:20]]
    text = f"Bars from 0.50: AUC of each {kind}. " + ", ".join(told)
    return ChartChange(axis_min=auc_start(powers), alt_text=f"{text[:780]}.")


def auc_start(powers: Sequence[Power]) -> float:
    """Start of an axis of AUC: lower where an interval reaches further down."""
    return 0.0 if min((p.auc.low or 1.0 for p in powers), default=1.0) < 0.2 else 0.2
