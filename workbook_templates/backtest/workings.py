"""What fills *Workings*: points of the charts, and the document's own counts."""

from __future__ import annotations

from collections.abc import Sequence

from scoring.rollup import TIERS
from scoring.validation.backtest import Found
from scoring.validation.records import (
    HORIZONS,
    Calibration,
    CalibrationPoint,
    Group,
    Interval,
    Power,
)
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.ends import axis_end
from workbook_templates.backtest.metrics import SHOWN, ranked
from workbook_templates.backtest.names import WORKINGS
from workbook_templates.backtest.recommendations import weights
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CHANCE", "KINDS", "WEAKEST", "fill", "tables"]

CHANCE = 0.5
"""AUC of a score that tells nothing."""
WEAKEST = 6
"""Where there are more metrics than a chart shows, so many of those shown are the weakest."""
KINDS = ("predicts", "wrong", "other")
"""Series of the charts of metrics: evidence, evidence the wrong way, none."""
Row = dict[str, Value]


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """One Table a chart: it has as many rows as the chart has points."""
    bars = ("label", "share", "plus", "minus")
    by_days = tuple(f"at_{days}" for days in HORIZONS)
    powers = ("label", *KINDS, "plus", "minus")
    points = ("predicted", "observed", "plus", "minus")
    made = {
        "TierBars": bars,
        "BracketBars": bars,
        "AucPoints": ("label", "auc", "plus", "minus", "chance"),
        "CurvePoints": points,
        "IllustrationPoints": points,
        "Diagonal": ("x", "y"),
        "MetricBars": powers,
        "DimensionBars": powers,
        "BracketLines": ("label", *by_days),
        "LiftLines": ("share", *by_days),
        "ScoreRange": ("score", "low", "high"),
        "WeightBars": ("label", "current", "proposed"),
        "TriggerBars": ("label", "share", "plus", "minus"),
        "ToldTiers": ("what", "days", "cases", "churned"),
        "ToldBrackets": ("what", "days", "from", "to", "cases", "churned"),
    }
    return tuple(
        TableSpec(name, WORKINGS, (keys[0],), tuple(_column(name, key) for key in keys))
        for name, keys in made.items()
    )


def _column(table: str, key: str) -> TableColumn:
    return TableColumn(key, key, "text" if key in ("label", "what") else "auc", 72)


def fill(found: Found, shape: Shape) -> Filling:
    """Points of all charts."""
    b, at = found.backtest, t.horizon(found.backtest)
    rows: dict[str, Sequence[Row]] = {
        "TierBars": _tiers(found, at.tiers if at else ()),
        "BracketBars": [_bar(g.label, g.share) for g in _rising(at.brackets if at else ())],
        "AucPoints": [_auc(h.days, h.auc) for h in b.horizons],
        "CurvePoints": [_point(p) for p in (at.curve if at else ())],
        "IllustrationPoints": [_point(p) for p in (at.illustration if at else ())],
        "Diagonal": _diagonal(at.curve + at.illustration if at else ()),
        "MetricBars": [_power(p) for p in _shown(ranked(b.powers, "metric"))],
        "DimensionBars": [_power(p) for p in _shown(ranked(b.powers, "dimension"))],
        "BracketLines": _brackets(found),
        "LiftLines": _lift(found),
        "ScoreRange": _range(b.calibration),
        "WeightBars": [
            {"label": c.name, "current": c.current, "proposed": c.proposed} for c in weights(found)
        ],
        "TriggerBars": _triggers(found),
        "ToldTiers": _told(found, "tiers"),
        "ToldBrackets": _told(found, "brackets"),
    }
    return Filling({}, {name: list(found_rows) for name, found_rows in rows.items()})


def _ends(interval: Interval) -> Row:
    """Lengths of the error bars to either side."""
    value, low, high = interval.value, interval.low, interval.high
    if value is None or low is None or high is None:
        return {"plus": None, "minus": None}
    return {"plus": max(high - value, 0.0), "minus": max(value - low, 0.0)}


def _bar(label: str, interval: Interval) -> Row:
    return {"label": label, "share": interval.value, **_ends(interval)}


def _tiers(found: Found, groups: Sequence[Group]) -> list[Row]:
    """Worst first; the counts stand in the label, where they never collide with an error bar."""
    model, known = found.cases.snapshots.model, {g.key: g for g in groups}
    out = []
    for key in TIERS:
        word, g = t.tier_text(model, key), known.get(key)
        if g is None or not g.cases:
            out.append(_bar(f"{word}\nno case", Interval()))
        else:
            said = f"{word}\n{t.percent(g.share.value)}\n{g.churned:,} of {g.cases:,}"
            out.append(_bar(said, g.share))
    return out


def _rising(groups: Sequence[Group]) -> list[Group]:
    return sorted(groups, key=lambda g: g.starts_at)


def _auc(days: int, auc: Interval) -> Row:
    label = f"{days} days\n{t.figure(auc.value)}"
    return {"label": label, "auc": auc.value, **_ends(auc), "chance": CHANCE}


def _point(p: CalibrationPoint) -> Row:
    return {"predicted": p.predicted, "observed": p.observed.value, **_ends(p.observed)}


def _diagonal(points: Sequence[CalibrationPoint]) -> list[Row]:
    """From 0 to where the points end: on it, what was predicted happened."""
    seen = [p.predicted for p in points] + [p.observed.high for p in points]
    end = axis_end(seen)
    return [{"x": 0.0, "y": 0.0}, {"x": end, "y": end}]


def _shown(powers: Sequence[Power]) -> list[Power]:
    known = [p for p in powers if p.auc.value is not None]
    if len(known) <= SHOWN:
        return [*known, *(p for p in powers if p.auc.value is None)][:SHOWN]
    return [*known[: SHOWN - WEAKEST], *known[-WEAKEST:]]


def _power(p: Power) -> Row:
    kind = {"predicts": "predicts", "wrong way": "wrong"}.get(p.verdict, "other")
    shown = p.name if len(p.name) <= 38 else f"{p.name[:37]}…"
    bars: Row = {key: p.auc.value if key == kind else None for key in KINDS}
    return {"label": shown, **bars, **_ends(p.auc)}


def _brackets(found: Found) -> list[Row]:
    groups = {(h.days, g.key): g for h in found.backtest.horizons for g in h.brackets}
    labels = {g.key: (g.starts_at, g.label) for g in groups.values()}
    out: list[Row] = []
    for key in sorted(labels, key=lambda k: labels[k]):
        row: Row = {"label": labels[key][1]}
        for days in HORIZONS:
            g = groups.get((days, key))
            row[f"at_{days}"] = g.share.value if g else None
        out.append(row)
    return out


def _lift(found: Found) -> list[Row]:
    known = {(h.days, p.share): p.lift for h in found.backtest.horizons for p in h.lift}
    return [
        {"share": share, **{f"at_{days}": known.get((days, share)) for days in HORIZONS}}
        for share in sorted({share for _, share in known})
    ]


def _range(fitted: Calibration | None) -> list[Row]:
    """The interval of the fitted churn at each score, where it was worked out."""
    if fitted is None:
        return []
    ends = enumerate(zip(fitted.low, fitted.high, strict=True))
    return [{"score": score, "low": low, "high": high} for score, (low, high) in ends]


def _triggers(found: Found) -> list[Row]:
    record = found.backtest.alerts
    triggers = sorted(record.triggers, key=lambda x: -x.fired) if record else []
    return [
        _bar(x.name if len(x.name) <= 34 else f"{x.name[:33]}…", x.precision)
        for x in triggers[:12]
        if x.precision.value is not None
    ]


def _told(found: Found, what: str) -> list[Row]:
    """Cases and churned ones of every tier or bracket, as the document says."""
    model, out = found.cases.snapshots.model, []
    for h in found.backtest.horizons:
        groups: Sequence[Group] = getattr(h, what)
        for g in groups:
            row: Row = {"what": g.label, "from": g.starts_at, "to": g.ends_at}
            if what == "tiers":
                row = {"what": t.tier_text(model, g.key)}
            out.append({**row, "days": h.days, "cases": g.cases, "churned": g.churned})
    return out
