"""What fills *Calibration*: a churn probability for each score, or why there is none."""

from __future__ import annotations

import math
from typing import Any

from scoring.validation.backtest import Found
from scoring.validation.records import Calibration
from workbook_templates.account.words import day_words
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.ends import axis_end
from workbook_templates.backtest.names import CALIBRATION
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = [
    "CURVE_CHART",
    "FACTS",
    "SCORE_CHART",
    "TABLE",
    "TENS",
    "WORDS",
    "WORDS_ROOM",
    "curve_change",
    "fill",
    "tables",
]

TABLE = "Calibration"
CURVE_CHART, SCORE_CHART = "Predicted and observed churn", "Churn by score"
WORDS, WORDS_ROOM = 105, 8
"""Letters and lines of the reason."""
TENS = range(0, 101, 10)
"""Scores of the printed page; the Table of all 101 stands beside it."""
FACTS = (
    "Fitted on",
    "Used until",
    "Outcomes",
    "Cases",
    "Means",
    "Fitted by",
    "AUC, held out",
    "Brier score, held out",
    "Slope and intercept",
    "Model",
    "In formulas",
)
"""Labels of the facts beside the charts; a slope of 1 and an intercept of 0 are perfect."""


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a whole score, under the headers that RENEWAL_FORECAST reads."""
    columns = (
        TableColumn("starts_at", "Score from", "score", 62, "right"),
        TableColumn("churn", "Churn", "percent1", 70, "right", bold=True),
        TableColumn("contraction", "Contraction", "percent1", 84, "right"),
        TableColumn("basis", "Basis", width=238, align="left1"),
        TableColumn("expires", "Expires", "date", 84, "right"),
    )
    return (TableSpec(TABLE, CALIBRATION, ("starts_at",), columns),)


def fill(found: Found, shape: Shape) -> Filling:
    """Title, facts, the table, and how it was drawn."""
    backtest, fitted = found.backtest, found.backtest.calibration
    values: dict[str, Any] = {
        "calibration_title": _title(found),
        "calibration_note": t.joined([_note(fitted), backtest.model]),
    }
    if fitted is None:
        reason = backtest.calibration_reason or "Nothing was fitted."
        told = [
            reason,
            "Renewals keep the illustration, and say so.",
            "RENEWAL_FORECAST works without a range: it shows the illustration.",
        ]
        parts = [[line] for line in t.lines(told, WORDS, WORDS_ROOM)]
        return Filling({**values, "calibration_reason": parts}, {TABLE: []})
    values |= {f"calibration_fact_{n}": text for n, text in enumerate(_facts(fitted))}
    values["calibration_tens"] = _tens(fitted)
    values["calibration_drift"] = [[x] for x in t.lines(backtest.drift, WORDS, 3)]
    charts = {
        SCORE_CHART: ChartChange(axis_min=0, axis_max=_top(fitted), alt_text=_by_score(fitted))
    }
    if shape.curve:
        charts[CURVE_CHART] = curve_change(found)
    return Filling(values, {TABLE: _rows(fitted)}, charts)


def curve_change(found: Found) -> ChartChange:
    """End of the axis and words of a chart of predicted and observed churn."""
    at = t.horizon(found.backtest)
    curve, every = (at.curve, at.curve + at.illustration) if at else ((), ())
    points = [
        f"{t.percent(p.predicted)} predicted, {t.percent(p.observed.value)} churned" for p in curve
    ]
    return ChartChange(
        axis_max=axis_end(p.observed.high for p in every),
        alt_text=f"Points with 95% intervals: {'; '.join(points)[:700]}.",
    )


def _rows(fitted: Calibration) -> list[dict[str, Value]]:
    basis = f"{fitted.churned:,} churned of {fitted.cases:,}, {day_words(fitted.fitted)}"
    return [
        {"starts_at": score, "churn": churn, "contraction": smaller, "basis": basis,
         "expires": fitted.expires}
        for score, (churn, smaller) in enumerate(
            zip(fitted.churn, fitted.contraction, strict=True))
    ]  # fmt: skip


def _tens(fitted: Calibration) -> list[list[Value]]:
    """Score, churn with its interval where it was worked out, contraction: a row ten scores."""
    ends = dict(enumerate(zip(fitted.low, fitted.high, strict=True)))
    return [
        [score, fitted.churn[score], *ends.get(score, (None, None)), fitted.contraction[score]]
        for score in TENS
    ]


def _title(found: Found) -> str:
    fitted = found.backtest.calibration
    if fitted is None:
        return "No churn probability was fitted"
    low, high = t.percent(fitted.churn[-1]), t.percent(fitted.churn[0])
    return f"{high} churn at score 0, {low} at score 100"


def _note(fitted: Calibration | None) -> str:
    if fitted is None:
        return "A probability is only given where outcomes carry it"
    return f"Used until {day_words(fitted.expires)}; {fitted.meaning}"


def _facts(fitted: Calibration) -> list[str]:
    return [
        day_words(fitted.fitted),
        day_words(fitted.expires),
        t.span(fitted.since, fitted.until),
        (
            f"{fitted.cases:,} of {fitted.accounts:,} accounts, {fitted.churned:,} churned, "
            f"{fitted.contracted:,} contracted"
        ),
        fitted.meaning,
        fitted.method,
        t.joined([t.figure(fitted.auc.value), t.between(fitted.auc)]),
        f"{fitted.brier:.3f}, {fitted.brier_base:.3f} without the score",
        f"{t.figure(fitted.slope)} and {t.figure(fitted.intercept)}; perfect: 1 and 0",
        fitted.model,
        "=RENEWAL_FORECAST(score, ARR, Renewal_calibration)",
    ]


def _top(fitted: Calibration) -> float:
    """Upper end of the axis: above what is drawn, with the illustration's 78 %."""
    drawn = max(*fitted.churn, *fitted.high)
    return min(1.0, max(0.8, math.ceil(drawn * 10) / 10))


def _by_score(fitted: Calibration) -> str:
    at = ", ".join(f"{t.percent(fitted.churn[s])} at {s}" for s in (0, 20, 40, 60, 80, 100))
    return f"Lines: fitted churn and contraction by score, the illustration dashed. Churn {at}."
