"""What fills *Horizons*: how well the score told churn apart 30, 60 and 90 days before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.validation.backtest import Found
from scoring.validation.records import HORIZONS, Group, Horizon, Interval
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.cases import case_scores, case_tiers
from workbook_templates.backtest.names import HORIZONS as SHEET
from workbook_templates.backtest.shape import Shape
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = [
    "AGREES",
    "BRACKET_CHART",
    "LIFT_CHART",
    "MEASURES",
    "ROOM",
    "TABLE",
    "counted_columns",
    "counts_of",
    "fill",
    "in_group",
    "tables",
]

TABLE = "Brackets"
BRACKET_CHART, LIFT_CHART = "Churn by bracket and horizon", "Lift by horizon"
ROOM = 6
"""Rows for lift, and for precision."""
MEASURES = {
    "cases": ("Cases with a score", "whole"),
    "churned": ("Churned", "whole"),
    "accounts": ("Accounts", "whole"),
    "auc": ("AUC", "auc"),
    "low": ("95% from", "auc"),
    "high": ("95% to", "auc"),
    "p_value": ("p value, this horizon alone", "p"),
    "brier": ("Brier score, fitted, held out", "exact3"),
    "brier_base": ("Brier score of the churn share", "exact3"),
    "brier_skill": ("Brier skill", "change_percent"),
    "brier_illustration": ("Brier score, illustration", "exact3"),
}
"""Row of the first block → its label and number format."""
AGREES = "Every count agrees with the backtest"


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a bracket of scores; counts are formulas over *Cases*."""
    columns = [
        TableColumn("label", "Scores", width=132, bold=True),
        TableColumn("starts_at", "From", "score", 52, "right", muted=True),
        TableColumn("ends_at", "To", "score", 52, "right", muted=True),
    ]
    for days in HORIZONS:
        columns += _columns(days)
    return (TableSpec(TABLE, SHEET, ("label",), tuple(columns)),)


def _columns(days: int) -> list[TableColumn]:
    """Six columns of a horizon."""
    score = f"{{table[Cases][score_{days}]}}"
    return counted_columns(
        days, f'{score},">="&{{starts_at}}{{row}},{score},"<="&{{ends_at}}{{row}}'
    )


def counted_columns(days: int, inside: str) -> list[TableColumn]:
    """Cases, churned, contracted, share and its interval of the cases that *inside* chooses.

    Args:
        days: the horizon.
        inside: conditions of COUNTIFS over *Cases*, as `TableColumn.formula` writes them.
    """
    outcome, given = "{table[Cases][outcome]}", "ISNUMBER({starts_at}{row})"

    def count(outcome_word: str = "") -> str:
        more = f',{outcome},"{outcome_word}"' if outcome_word else ""
        return f'IF({given},COUNTIFS({inside}{more}),"")'

    cases, churned = f"{{cases_{days}}}{{row}}", f"{{churned_{days}}}{{row}}"
    share = f'IF(N({cases})>0,{churned}/{cases},"")'
    return [
        TableColumn(f"cases_{days}", f"{days} days cases", "whole", 60, "right", count()),
        TableColumn(f"churned_{days}", f"{days} days churned", "whole", 60, "right",
                    count("Churned")),
        TableColumn(f"contracted_{days}", f"{days} days contracted", "whole", 72, "right",
                    count("Contracted")),
        TableColumn(f"share_{days}", f"{days} days share", "percent1", 68, "right", share,
                    bold=True),
        TableColumn(f"low_{days}", f"{days} days 95% from", "percent", 60, "right", muted=True),
        TableColumn(f"high_{days}", f"{days} days 95% to", "percent", 60, "right", muted=True),
    ]  # fmt: skip


def counts_of(found: Found, inside: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Cases, churned and contracted ones among those chosen."""
    outcome = found.cases.frame["outcome"].to_numpy(object)
    kinds = [inside & (outcome == kind) for kind in ("churned", "contracted")]
    return int(inside.sum()), int(kinds[0].sum()), int(kinds[1].sum())


def in_group(found: Found, days: int, what: str, group: Group) -> NDArray[np.bool_]:
    """(n,) whether a case counts in a tier or bracket, as the formulas choose them."""
    if what == "tiers":
        word = t.tier_text(found.cases.snapshots.model, group.key)
        return np.asarray(case_tiers(found, days) == word, dtype=bool)
    score = case_scores(found, days)
    return np.asarray((score >= group.starts_at) & (score <= group.ends_at), dtype=bool)


def fill(found: Found, shape: Shape) -> Filling:
    """Title, measures, tiers, lift, precision, and a row a bracket."""
    values: dict[str, Any] = {
        "horizons_title": _title(found),
        "horizons_note": t.joined([_note(found), found.backtest.model]),
        "horizons_measures": [
            [_measure(t.horizon(found.backtest, days), key) for days in HORIZONS]
            for key in MEASURES
        ],
        "horizons_lift": _lift(found),
        "horizons_precision": _precision(found),
        "horizons_tiers": _rows(found, "tiers"),
        "horizons_agrees": _agreement(found),
    }
    return Filling(values, {TABLE: _bracket_rows(found)}, _charts(found) if shape.compared else {})


def _title(found: Found) -> str:
    told = [
        f"{t.figure(h.auc.value)} at {h.days}" for h in found.backtest.horizons
        if h.auc.value is not None
    ]  # fmt: skip
    b = found.backtest
    if b.verdict.p_value is None and any(h.cases for h in b.horizons):
        lost = b.kinds.get("churned", 0)
        return f"{t.counted(lost, 'churned case')}: too few to tell churn apart"
    if not told:
        return "No score could be compared with an outcome"
    return f"AUC {', '.join(told)} days before"


def _note(found: Found) -> str:
    return "0.50 is chance, 1.00 tells every churned account apart; intervals are 95%"


def _measure(of: Horizon | None, key: str) -> Value:
    if of is None:
        return None
    if key in ("auc", "low", "high"):
        return getattr(of.auc, "value" if key == "auc" else key)  # type: ignore[no-any-return]
    value: Value = getattr(of, key)
    return value


def _merged(parts: Sequence[dict[float, list[Value]]], width: int) -> list[list[Value]]:
    """Rows by key, a block of columns a horizon."""
    keys = sorted({key for part in parts for key in part})[:ROOM]
    blank: list[Value] = [None] * width
    return [[key, *(v for part in parts for v in part.get(key, blank))] for key in keys]


def _lift(found: Found) -> list[list[Value]]:
    """Share, then cases, churned and lift of each horizon."""
    parts: list[dict[float, list[Value]]] = []
    for days in HORIZONS:
        of = t.horizon(found.backtest, days)
        points = of.lift if of else ()
        parts.append({p.share: [p.cases, p.churned, p.lift] for p in points})
    return _merged(parts, 3)


def _precision(found: Found) -> list[list[Value]]:
    """k, then churned, precision and recall of each horizon."""
    parts: list[dict[float, list[Value]]] = []
    for days in HORIZONS:
        of = t.horizon(found.backtest, days)
        points = of.precision if of else ()
        parts.append({p.k: [p.churned, p.precision.value, p.recall] for p in points})
    return _merged(parts, 3)


def _cells(found: Found, what: str, groups: Sequence[Group | None]) -> list[Value]:
    """Six cells a horizon: what the formulas give, then the document's interval."""
    known = next(g for g in groups if g is not None)
    out: list[Value] = []
    for days, group in zip(HORIZONS, groups, strict=True):
        cases, churned, contracted = counts_of(found, in_group(found, days, what, known))
        interval = group.share if group else Interval()
        share = churned / cases if cases else None
        out += [cases, churned, contracted, share, interval.low, interval.high]
    return out


def _of(found: Found, what: str, key: str) -> list[Group | None]:
    """The group of that key at each horizon."""
    out: list[Group | None] = []
    for days in HORIZONS:
        of = t.horizon(found.backtest, days)
        groups: Sequence[Group] = getattr(of, what) if of else ()
        out.append(next((g for g in groups if g.key == key), None))
    return out


def _rows(found: Found, what: str) -> list[list[Value]]:
    """Label, from, to and six cells a horizon of each tier or bracket, worst first."""
    model = found.cases.snapshots.model
    out: list[list[Value]] = []
    for key in _keys(found, what):
        groups = _of(found, what, key)
        known = next(g for g in groups if g is not None)
        label = t.tier_text(model, key) if what == "tiers" else known.label
        out.append([label, known.starts_at, known.ends_at, *_cells(found, what, groups)])
    return out


def _bracket_rows(found: Found) -> list[dict[str, Value]]:
    keys = [c.key for c in tables(Shape())[0].columns]
    return [dict(zip(keys, row, strict=True)) for row in _rows(found, "brackets")]


def _agreement(found: Found) -> str:
    """What the formula of the reconciling line gives."""
    bad = 0
    for h in found.backtest.horizons:
        for what in ("tiers", "brackets"):
            groups: Sequence[Group] = getattr(h, what)
            for g in groups:
                own = counts_of(found, in_group(found, h.days, what, g))[:2]
                bad += sum(a != b for a, b in zip((g.cases, g.churned), own, strict=True))
    if not bad:
        return AGREES
    return f"{bad} {'count differs' if bad == 1 else 'counts differ'} from the backtest"


def _keys(found: Found, what: str) -> list[str]:
    """Keys of the tiers or brackets of any horizon, lowest scores first."""
    groups = [g for h in found.backtest.horizons for g in getattr(h, what)]
    starts = {g.key: g.starts_at for g in groups}
    return sorted(starts, key=lambda key: starts[key])


def _charts(found: Found) -> dict[str, ChartChange]:
    told = _title(found)
    return {
        BRACKET_CHART: ChartChange(
            alt_text=f"Columns: churn share of each bracket of scores at each horizon. {told}."
        ),
        LIFT_CHART: ChartChange(
            alt_text=f"Lines: churn among the lowest-scored accounts over churn of all. {told}."
        ),
    }
