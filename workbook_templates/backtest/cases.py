"""What fills *Cases*: every case, with what was known of it at each horizon."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.prepare import Floats
from scoring.rollup import TIERS
from scoring.validation.backtest import Found
from scoring.validation.records import HORIZONS
from scoring.validation.score_groups import displayed
from workbook_templates.backtest import texts as t
from workbook_templates.backtest.names import CASES
from workbook_templates.backtest.shape import Shape
from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["TABLE", "case_scores", "case_tiers", "fill", "tables"]

TABLE = "Cases"


def tables(shape: Shape) -> tuple[TableSpec, ...]:
    """A row a case."""
    seen = [column for days in HORIZONS for column in _columns(days)]
    columns = (
        TableColumn("account_id", "Account ID", width=92),
        TableColumn("account", "Account", width=260),
        TableColumn("outcome", "Outcome", width=84),
        TableColumn("day", "Date", "date", 84, "right"),
        TableColumn("arr", "ARR before", "money", 88, "right"),
        TableColumn("arr_after", "ARR after", "money", 88, "right"),
        TableColumn("currency", "Currency", width=66, align="left1"),
        *seen,
        TableColumn("chance", "Held-out churn probability", "percent1", 92, "right"),
    )
    return (TableSpec(TABLE, CASES, ("account_id", "day"), columns),)


def _columns(days: int) -> tuple[TableColumn, TableColumn]:
    return (
        TableColumn(f"score_{days}", f"Score, {days} days before", "score", 74, "right"),
        TableColumn(f"tier_{days}", f"Tier, {days} days before", width=84, align="left1"),
    )


def case_scores(found: Found, days: int) -> Floats:
    """(n,) displayed whole score of each case so many days before, NaN without one."""
    at = found.cases.at.get(days)
    if at is None:
        return np.full(len(found.cases), np.nan)
    return displayed(found.cases, at)


def case_tiers(found: Found, days: int) -> NDArray[np.object_]:
    """(n,) shape and word of the tier of each case so many days before, None without one."""
    snapshots, at = found.cases.snapshots, found.cases.at.get(days)
    if at is None:
        return np.full(len(found.cases), None, dtype=object)
    words = {key: t.tier_text(snapshots.model, key) for key in (*TIERS, "")}
    return np.array([words[snapshots.tier[p]] if p >= 0 else None for p in at], dtype=object)


def fill(found: Found, shape: Shape) -> Filling:
    """Title and a row a case, worst score first within an outcome's date."""
    frame, backtest = found.cases.frame, found.backtest
    data: dict[str, Any] = {
        "account_id": frame["account_id"].astype(str).to_numpy(object),
        "account": _names(frame),
        "outcome": frame["outcome"].map(t.OUTCOMES).to_numpy(object),
        "day": [day.date() for day in frame["date"]],
        "arr": _known(frame["arr"]),
        "arr_after": _known(frame["arr_after"]),
        "currency": frame["currency"].astype(str).to_numpy(object),
        "chance": _known(found.churn),
    }
    for days in HORIZONS:
        data[f"score_{days}"] = _known(case_scores(found, days))
        data[f"tier_{days}"] = case_tiers(found, days)
    rows: Any = Columns(data, len(frame)) if len(frame) else [{"account": "No case."}]
    values = {"cases_title": _title(found), "cases_note": _note(found)}
    if len(frame) and len(frame) < 100:
        rows = rows.mappings()
    return Filling(values | {"workings_currency": backtest.currency}, {TABLE: rows})


def _names(frame: pd.DataFrame) -> Any:
    """Names, or ids where there is none."""
    names, ids = frame["account_name"].astype(str), frame["account_id"].astype(str)
    return np.where(names == "", ids, names).astype(object)


def _known(values: Any) -> list[float | None]:
    return [None if x != x else float(x) for x in np.asarray(values, dtype=float).tolist()]


def _title(found: Found) -> str:
    lost = int(found.cases.churned.sum())
    return f"{t.counted(len(found.cases), 'case')}, {lost:,} churned"


def _note(found: Found) -> str:
    left = sum(x.count for x in found.backtest.left_out)
    return t.joined([
        "an account and what it decided" if found.cases.design == "renewals"
        else "an account and 90 days",
        f"{left:,} left out, see Method" if left else "",
        found.backtest.model,
    ])  # fmt: skip
