"""What fills *Data quality*."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.amounts import CurrencyTotal, by_currency, own_amounts
from scoring.data_quality import MetricGap, metric_gaps, override_ends
from scoring.model import ScoreModel
from scoring.rollup import STATUSES
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import QUALITY
from workbook_templates.portfolio.quality_lines import quality_lines
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["BINS", "CHART", "CURRENCIES", "TABLE"]

TABLE, CHART = "Quality", "Coverage of accounts"
BINS: tuple[tuple[str, float, float], ...] = (
    ("100%", 0.9995, math.inf),
    ("75 to 99%", 0.75, 0.9995),
    ("50 to 74%", 0.5, 0.75),
    ("25 to 49%", 0.25, 0.5),
    ("Below 25%", -math.inf, 0.25),
)
"""Label of a bar, least coverage, and the coverage below which it ends."""
CURRENCIES = len(STATUSES)
"""Currencies listed; the accounts of further ones are counted."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """What to mend, line by line: the most urgent kind first."""
    columns = (
        TableColumn("account", "Account", width=180),
        TableColumn("account_id", "Account ID", width=112, align="left1"),
        TableColumn("kind", "What", width=126),
        TableColumn("item", "Column or metric", width=150, wrap=True),
        TableColumn("place", "Where", width=112, wrap=True),
        TableColumn("value", "Value", width=112, wrap=True),
        TableColumn("told", "Why it matters", width=270, wrap=True),
        TableColumn("fix", "What to do", width=270, wrap=True),
    )
    key = ("kind", "account_id", "item", "place")
    return (TableSpec(TABLE, QUALITY, key, columns),)


def fill(p: Portfolio) -> Filling:
    """Title, totals, what metrics lack, statuses, currencies, and lines to mend."""
    gaps, lines = metric_gaps(p.timeline.now), quality_lines(p)
    money = by_currency(p.frame)
    values: dict[str, Value | Rows] = {
        "quality_title": _title(p),
        "quality_note": t.context(p, f"read from {p.source}" if p.source else "", lines.note),
        "quality_metrics": [_gap(gap, len(p.frame)) for gap in gaps],
        "quality_bins": [[n] for n in _bins(p)],
        "quality_statuses": _statuses(p),
        "quality_currencies": [[code, *rest] for code, *rest in _currencies(money)],
        **_cards(p, money),
    }
    change = ChartChange(alt_text=_alt(p))
    rows = [line.row() for line in lines.shown] or [{"account": "Nothing is left to mend."}]
    return Filling(values, {TABLE: rows}, {CHART: change})


def _title(p: Portfolio) -> str:
    errors = sum(x.severity == "error" for x in p.problems)
    without = int((p.frame["tier"] == "").sum())
    parts = [f"{t.counted(errors, 'value')} not read"] if errors else []
    parts += [f"{t.counted(without, 'account')} without a tier"] if without else []
    if not len(p.frame):
        return "No accounts"
    coverage = f"{p.frame['coverage'].mean():.0%} of the weight is known"
    return "; ".join([*parts, coverage])


def _cards(p: Portfolio, money: Sequence[CurrencyTotal]) -> dict[str, Value]:
    frame, errors = p.frame, [x for x in p.problems if x.severity == "error"]
    ends = override_ends(p.tables, as_of=p.as_of)
    over = sum(end.over for end in ends)
    return {
        "quality_coverage": float(frame["coverage"].mean()) if len(frame) else "",
        "quality_coverage_note": "of the weight, mean of accounts",
        "quality_none": int((frame["tier"] == "").sum()),
        "quality_none_note": "of all accounts",
        "quality_unread": len(errors),
        "quality_unread_note": f"{t.counted(len(p.problems) - len(errors), 'note')} beside",
        "quality_missing": int(frame["missing"].sum()),
        "quality_missing_note": "metrics of accounts",
        "quality_stale": int(frame["stale"].sum()),
        "quality_stale_note": "values too old",
        "quality_overrides": len(ends) - over,
        "quality_overrides_note": "within 14 days",
        "quality_noarr": int(frame["arr"].isna().sum()),
        "quality_noarr_note": f"{t.counted(len(money), 'currency', 'currencies')} in all",
    }


def _gap(gap: MetricGap, accounts: int) -> list[Value]:
    share = (gap.missing + gap.stale) / accounts if accounts else 0.0
    return [gap.name, gap.dimension, gap.missing, gap.stale, share]


def _bins(p: Portfolio) -> list[int]:
    coverage = p.frame["coverage"]
    return [int(((coverage >= low) & (coverage < high)).sum()) for _, low, high in BINS]


def _statuses(p: Portfolio) -> Rows:
    arr = own_amounts(p.frame)
    out: list[list[Value]] = []
    for status in STATUSES:
        mine = p.frame["status"] == status
        out.append([int(mine.sum()), math.fsum(arr[mine].dropna())])
    return out


def _currencies(money: Sequence[CurrencyTotal]) -> list[list[Value]]:
    shown = money if len(money) <= CURRENCIES else money[: CURRENCIES - 1]
    rows: list[list[Value]] = [[x.currency or "Not given", x.accounts, x.arr] for x in shown]
    left = money[len(shown) :]
    if left:
        rows.append([f"{len(left)} more", sum(x.accounts for x in left), None])
    return rows


def _alt(p: Portfolio) -> str:
    told = ", ".join(f"{n:,} at {label}" for n, (label, _, _) in zip(_bins(p), BINS, strict=True))
    return f"Columns: accounts by coverage, the share of the weight that is known: {told}."
