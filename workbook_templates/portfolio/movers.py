"""What fills *Movers*."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from scoring.amounts import own_amounts
from scoring.model import ScoreModel
from scoring.movers import biggest_falls, biggest_rises, compared_with
from scoring.rollup import round_half_up
from scoring.score import MANY
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import MOVERS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = [
    "BUCKETS",
    "CHART",
    "FIRST_SCORE",
    "TABLE",
    "fill",
    "series_of",
    "shown_change",
    "tables",
]

TABLE, CHART = "Movers", "Spread of changes"
FIRST_SCORE = "First score"
BUCKETS: tuple[tuple[str, int | None, int | None], ...] = (
    ("−15 or more", None, -15),
    ("−14 to −10", -14, -10),
    ("−9 to −5", -9, -5),
    ("−4 to −1", -4, -1),
    ("No change", 0, 0),
    ("+1 to +4", 1, 4),
    ("+5 to +9", 5, 9),
    ("+10 to +14", 10, 14),
    ("+15 or more", 15, None),
)
"""Label, least and most shown change of a bar; None where open."""


def series_of(low: int | None, high: int | None) -> int:
    """Series of a bar: 0 fell, 1 stayed, 2 rose."""
    return 0 if high is not None and high < 0 else 2 if low is not None and low > 0 else 1


LISTED = 25
"""Accounts listed each way; *Accounts* has the change of all."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """The deepest falls, then the largest rises."""
    columns = (
        TableColumn("account", "Account", width=184),
        TableColumn("account_id", "Account ID", width=82, align="left1"),
        TableColumn("csm", "CSM", width=140),
        TableColumn("tier", "Tier", width=100, align="left1"),
        TableColumn("score", "Score", "score", 60, "right"),
        TableColumn("change", "Change", "arrow", 66, "right"),
        TableColumn("previous_score", "Before", "score", 60, "right"),
        TableColumn("previous_tier", "Tier before", width=128, align="left1"),
        TableColumn("moved", "Moved most by", width=256, align="left1"),
        TableColumn("moved_points", "Its points", "change1", 66, "right"),
        TableColumn("movement", "Pace", width=104, align="left1"),
        TableColumn("arr", "ARR", "money", 84, "right"),
        TableColumn("currency", "Currency", width=64, align="left1"),
        TableColumn("renewal_date", "Renewal date", "date", 84, "right"),
        TableColumn("compared", "Compared with", "date", 90, "right"),
    )
    return (TableSpec(TABLE, MOVERS, ("account_id",), columns),)


def shown_change(frame: pd.DataFrame) -> pd.Series[float]:
    """Change of the displayed scores, as *Accounts* shows it; NaN where one is missing."""
    before = frame["previous_score"].to_numpy(float)
    change = frame["shown"].to_numpy(float) - round_half_up(before, MANY)
    return pd.Series(change, index=frame.index)


def fill(p: Portfolio) -> Filling:
    """Title, totals, the spread of changes and the largest ones."""
    change, arr = shown_change(p.frame), own_amounts(p.frame)
    fell, rose = change < 0, change > 0
    values: dict[str, Value | Rows] = {
        "movers_title": _title(p, fell, rose, arr),
        "movers_note": t.context(p, _compared(p), t.currency_words(p)),
        "movers_sum_fell": int(fell.sum()),
        "movers_sum_fell_note": _share(p, fell),
        "movers_sum_fell_arr": float(arr[fell].sum()),
        "movers_sum_fell_arr_note": "in the main currency",
        "movers_sum_rose": int(rose.sum()),
        "movers_sum_rose_note": _share(p, rose),
        "movers_sum_rose_arr": float(arr[rose].sum()),
        "movers_sum_rose_arr_note": "in the main currency",
        "movers_sum_same": int((change == 0).sum()),
        "movers_sum_same_note": "less than half a point",
        "movers_sum_mean": float(change.mean()) if change.notna().any() else "",
        "movers_sum_mean_note": "points an account",
        "movers_spread": _spread(p, change),
    }
    rows = [_row(p, row) for row in _listed(p.frame).to_dict("records")]
    rows = rows or [{"account": "No account moved."}]
    return Filling(values, {TABLE: rows}, {CHART: ChartChange(alt_text=_alt(change))})


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    rows = pd.concat([biggest_falls(frame, LISTED), biggest_rises(frame, LISTED)])
    return rows.assign(shown_change=shown_change(rows))


def _title(p: Portfolio, fell: pd.Series[bool], rose: pd.Series[bool], arr: Any) -> str:
    if p.frame["change"].isna().all():
        return "No earlier score: changes show after the next snapshot"
    if not fell.any() and not rose.any():
        return "No score moved since the last snapshot"
    amount = t.money(p, float(arr[fell].sum())) if fell.any() and arr[fell].notna().any() else ""
    of = f" with {amount} of ARR" if amount else ""
    up = f"{int(rose.sum()):,} rose" if rose.any() else "none rose"
    down = t.counted(int(fell.sum()), "account") if fell.any() else "No account"
    return f"{down} fell{of}; {up}"


def _compared(p: Portfolio) -> str:
    day = compared_with(p.frame)
    return f"most against {t.day_text(day)}" if day else "no earlier snapshot"


def _share(p: Portfolio, chosen: pd.Series[bool]) -> str:
    known = int(p.frame["change"].notna().sum())
    return f"{chosen.sum() / known:.0%} of {known:,} compared" if known else "nothing to compare"


def _spread(p: Portfolio, change: pd.Series[float]) -> list[list[Value]]:
    """Counts by bucket, in the column of their direction."""
    rows: list[list[Value]] = []
    for _, low, high in BUCKETS:
        least = -math.inf if low is None else low
        most = math.inf if high is None else high
        count = int(((change >= least) & (change <= most)).sum())
        rows.append([count if k == series_of(low, high) else None for k in range(3)])
    first = int(p.frame["score"].notna().sum() - change.notna().sum())
    return [*rows, [None, first, None]]


def _alt(change: pd.Series[float]) -> str:
    known = change.dropna()
    if known.empty:
        return "Columns: no account has an earlier score, so nothing moved yet."
    return (
        f"Columns: accounts by change of their score, from {known.min():+.0f} to "
        f"{known.max():+.0f} points; {int((known < 0).sum()):,} fell, "
        f"{int((known > 0).sum()):,} rose, {int((known == 0).sum()):,} stayed."
    ).replace("-", "−")


def _row(p: Portfolio, row: Any) -> dict[str, Value]:
    return {
        "account": row["account_name"],
        "account_id": row["account_id"],
        "csm": row["csm"] or None,
        "tier": t.tier_text(p.model, row["tier"]),
        "score": t.plain_number(row["shown"]),
        "change": t.plain_number(row["shown_change"]),
        "previous_score": t.plain_number(row["previous_score"]),
        "previous_tier": t.tier_text(p.model, row["previous_tier"]),
        "moved": _moved(p, row) or None,
        "moved_points": t.plain_number(row["moved_points"]),
        "movement": row["velocity_label"] or None,
        "arr": t.plain_number(row["arr"]),
        "currency": row["currency"] or None,
        "renewal_date": t.plain_date(row["renewal_date"]),
        "compared": t.plain_date(row["previous_day"]),
    }


def _moved(p: Portfolio, row: Any) -> str:
    """What moved the score, and whether the tier beside it is another than the score gives."""
    if not t.set_by(p.model, row):
        return str(row["moved"])
    return t.joined([row["moved"], "tier overridden" if row["override"] else "tier capped"])
