"""What fills *Score history*."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from scoring.model import ScoreModel
from scoring.tier_trend import TrendPoint, monthly_trend, tier_trend
from scoring.units import short
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import HISTORY, WORKINGS
from workbook_templates.portfolio.outlook import outlook
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["ARR_CHART", "COUNT_CHART", "MONTHS", "MONTH_TABLE", "TABLE"]

TABLE, MONTH_TABLE = "History", "TrendMonths"
COUNT_CHART, ARR_CHART = "Accounts by month", "ARR by month"
MONTHS = 24
"""Months in the charts; the Table has every snapshot."""
LEAST_MONTHS = 6
"""Places in the charts, of which a young history leaves some empty."""
_TIERS = ("green", "amber", "red")


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Every snapshot, oldest first; and, out of sight, the ends of months for the charts."""
    words = {key: model.tier_label(key) for key in _TIERS}
    columns = (
        TableColumn("date", "Snapshot", "date", 100, "right"),
        TableColumn("scored", "Scored", "whole", 84, "right"),
        *(TableColumn(k, words[k], "whole", 84, "right") for k in _TIERS),
        TableColumn("mean", "Mean score", "points", 92, "right"),
        TableColumn("moved", "Change", "change1", 84, "right"),
        *(TableColumn(f"{k}_share", f"{words[k]}, share", "percent1", 92, "right") for k in _TIERS),
        *(TableColumn(f"{k}_arr", f"{words[k]}, ARR", "money", 104, "right") for k in _TIERS),
        TableColumn("gone", "Accounts gone", "matrix", 84, "right"),
    )
    months = (
        TableColumn("month", "Month", width=84),
        *(TableColumn(k, words[k], "whole", 84, "right") for k in _TIERS),
        *(TableColumn(f"{k}_arr", f"{words[k]}, ARR", "whole", 84, "right") for k in _TIERS),
    )
    return (
        TableSpec(TABLE, HISTORY, ("date",), columns),
        TableSpec(MONTH_TABLE, WORKINGS, ("month",), months),
    )


def fill(p: Portfolio) -> Filling:
    """Title, a row a snapshot, and the ends of months."""
    points = tier_trend(p.timeline, p.frame)
    months = monthly_trend(p.timeline, p.frame, months=MONTHS)
    values: dict[str, Value | Rows] = {
        "history_title": _title(points),
        "history_note": t.context(p, _since(points), t.currency_words(p)),
        "history_below": _below(p, points),
        "history_ahead": outlook(p, points),
    }
    rows = [_row(point, before) for point, before in zip(points, (None, *points), strict=False)]
    charts = {
        COUNT_CHART: ChartChange(
            title=f"Accounts at the end of each month: {t.tier_key(p.model)}",
            alt_text=_alt(months),
        ),
        ARR_CHART: ChartChange(
            title=f"Today's ARR at the end of each month: {t.tier_key(p.model)}",
            alt_text=_arr_alt(p, months),
        ),
    }
    return Filling(values, {TABLE: rows, MONTH_TABLE: [*_months(months)]}, charts)


def _title(points: Sequence[TrendPoint]) -> str:
    scored = [x for x in points if x.average == x.average]
    if not scored:
        return "No score yet"
    last = scored[-1]
    if len(scored) == 1:
        return f"{last.average:.1f} is the mean score of the first snapshot"
    change = last.average - scored[0].average
    since = f"since {t.day_text(scored[0].day)}"
    if abs(change) < 0.05:
        return f"{last.average:.1f} is the mean score, as {since[6:]}"
    way = "up" if change > 0 else "down"
    return f"{last.average:.1f} is the mean score, {way} {abs(change):.1f} {since}"


def _since(points: Sequence[TrendPoint]) -> str:
    if len(points) == 1:
        return "one snapshot, today's"
    return f"{len(points):,} snapshots"


def _below(p: Portfolio, points: Sequence[TrendPoint]) -> str:
    if len(points) == 1:
        return "A trend shows from the second snapshot on: each refresh adds one."
    gone = sum(x.gone for x in points)
    left = f" {t.counted(gone, 'account')} left since the first snapshot." if gone else ""
    return (
        "A score counts for 45 days, so a late snapshot leaves no gap. ARR is today's: earlier "
        f"amounts are not kept.{left}"
    )


def _row(point: TrendPoint, before: TrendPoint | None) -> dict[str, Value]:
    moved = math.nan if before is None else point.average - before.average
    return {
        "date": point.day,
        "scored": sum(point.accounts),
        **dict(zip(_TIERS, point.accounts, strict=True)),
        "mean": t.plain_number(point.average),
        "moved": t.plain_number(moved),
        **{f"{k}_share": t.plain_number(x) for k, x in zip(_TIERS, point.shares, strict=True)},
        **{f"{k}_arr": t.plain_number(x) for k, x in zip(_TIERS, point.arr, strict=True)},
        "gone": point.gone,
    }


def _months(points: Sequence[TrendPoint]) -> Iterator[dict[str, Value]]:
    yield from map(_month, points)
    # A single column would be as wide as the chart.
    for _ in range(LEAST_MONTHS - len(points)):
        yield {"month": ""}


def _month(point: TrendPoint) -> dict[str, Value]:
    return {
        "month": f"{point.day:%b %Y}",
        **dict(zip(_TIERS, point.accounts, strict=True)),
        **{f"{k}_arr": t.plain_number(x) for k, x in zip(_TIERS, point.arr, strict=True)},
    }


def _alt(months: Sequence[TrendPoint]) -> str:
    if not months:
        return "Stacked columns: no account has a score."
    first, last = months[0], months[-1]
    told = f"{last.accounts[0]:,} green, {last.accounts[1]:,} amber, {last.accounts[2]:,} red"
    if first is last:
        return f"Stacked column: accounts by tier on {t.day_text(last.day)}: {told}."
    return (
        f"Stacked columns: accounts by tier at the end of {len(months)} months. From "
        f"{first.accounts[0]:,} green, {first.accounts[1]:,} amber, {first.accounts[2]:,} red on "
        f"{t.day_text(first.day)} to {told}."
    )


def _arr_alt(p: Portfolio, months: Sequence[TrendPoint]) -> str:
    if not months or not any(x == x and x for x in months[-1].arr):
        return "Stacked columns: no ARR is known."
    parts = zip(_TIERS, months[-1].arr, strict=True)
    told = ", ".join(f"{t.money(p, x) or short(0)} {key}" for key, x in parts)
    return f"Stacked columns: today's ARR by the tier its account had; now {told}."
