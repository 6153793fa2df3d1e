"""What fills *Early warnings*: what gets worse or better in many accounts of a segment."""

from __future__ import annotations

import math
from collections.abc import Sequence

from scoring.look_alikes import LookAlikes, expansion_look_alikes
from scoring.metric_phrase import value_phrase
from scoring.model import ScoreModel
from scoring.trends import ALL, CONCERNS, Trend
from scoring.units import format_value
from workbook_templates.ooxml.cells import Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.names import WARNINGS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CHANCE", "STATUSES", "TABLE", "WARNING", "fill", "tables"]

TABLE = "Warnings"
WARNING, CHANCE = "Warning", "Opportunity"
STATUSES = ("Open", "In progress", "Done", "Dropped")
PROFILE = "Expansion profile"
FIRST = 3
"""Accounts named to begin with, those of the largest ARR."""


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """A row a trend; people write its status and notes."""
    columns = (
        TableColumn("kind", "Listed as", width=80),
        TableColumn("segment", "Segment", width=88, wrap=True),
        TableColumn("metric", "What moved", width=116, wrap=True, bold=True),
        TableColumn("concern", "Concern", width=66, align="left1"),
        TableColumn("values", "From → to", width=98, wrap=True),
        TableColumn("moved", "Accounts", "whole", 68, "right"),
        TableColumn("known", "Of", "whole", 46, "right"),
        TableColumn("share", "Share", "percent", 54, "right"),
        TableColumn("since", "Since", "date", 78, "right"),
        TableColumn("pace", "Pace", width=82, align="left1"),
        TableColumn("arr", "ARR touched", "money", 86, "right"),
        TableColumn("arr_share", "Of ARR", "percent", 66, "right"),
        TableColumn("loss", "Churn could take", width=108, align="left1", wrap=True),
        TableColumn("along", "Fell with it", width=128, wrap=True),
        TableColumn("action", "What to do", width=216, wrap=True),
        TableColumn("owner", "Owner", width=80, wrap=True),
        TableColumn("status", "Status", width=78, align="left1", kept=True, words=STATUSES),
        TableColumn("notes", "Notes", width=100, kept=True, wrap=True),
    )
    return (TableSpec(TABLE, WARNINGS, ("kind", "segment", "metric"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, totals and a row a trend, what concerns most first."""
    found = p.trends
    alike = [x for x in expansion_look_alikes(p.frame, p.model) if x.accounts]
    worse = [x for x in found if not x.better]
    better = [x for x in found if x.better]
    values: dict[str, Value] = {
        "warnings_title": _title(p, worse, better, alike),
        "warnings_note": t.context(p, t.currency_words(p), f"churn: {p.chances.said}"),
    }
    for concern in CONCERNS:
        mine = [x for x in worse if x.concern == concern]
        values[f"warnings_sum_{concern.lower()}"] = len(mine)
        values[f"warnings_sum_{concern.lower()}_note"] = _touched(p, mine)
    values["warnings_sum_better"] = len(better) + len(alike)
    values["warnings_sum_better_note"] = "what improves, and who could expand"
    rows = [*(_row(p, x) for x in found), *(_alike(p, x) for x in alike)]
    rows = rows or [{"metric": "Nothing moves in several accounts of a segment."}]
    return Filling(values, {TABLE: rows})


def _title(
    p: Portfolio, worse: Sequence[Trend], better: Sequence[Trend], alike: Sequence[LookAlikes]
) -> str:
    if not p.timeline.past:
        return "No early warnings yet: they need an earlier snapshot"
    high = [x for x in worse if x.concern == CONCERNS[0]]
    if high:
        amount = _touched(p, high)
        return f"{t.counted(len(high), 'high concern')}{f': {amount}' if amount else ''}"
    if worse:
        return f"{t.counted(len(worse), 'early warning')}, none of high concern"
    chances = len(better) + len(alike)
    told = f"; {t.counted(chances, 'opportunity', 'opportunities')}" if chances else ""
    return f"No early warning{told}"


def _touched(p: Portfolio, found: Sequence[Trend]) -> str:
    """ARR that trends touch, each account once."""
    rows = sorted({row for x in found for row in x.rows})
    if not rows:
        return ""
    frame = p.frame.iloc[rows]
    arr = frame.loc[frame["currency"] == found[0].currency, "arr"].dropna()
    count = t.counted(len(rows), "account")
    return f"{count}, {t.money(p, math.fsum(arr))} of ARR" if len(arr) else count


def _row(p: Portfolio, x: Trend) -> dict[str, Value]:
    return {
        "kind": CHANCE if x.better else WARNING,
        "segment": x.label,
        "metric": f"{x.name} {'better' if x.better else 'worse'}",
        "concern": x.concern,
        "values": _values(p, x),
        "moved": x.moved,
        "known": x.known,
        "share": x.share,
        "since": x.since,
        "pace": x.pace or None,
        "arr": t.plain_number(x.arr),
        "arr_share": t.plain_number(x.arr_share),
        "loss": _loss(p, x),
        "along": ", ".join(x.along) or None,
        "action": _action(p, x),
        "owner": _owner(x),
        "status": STATUSES[0],
        "notes": None,
    }


def _values(p: Portfolio, x: Trend) -> str:
    """Mean of the moved, then and now, as people read it."""
    metric = next((m for m in p.model.metrics if m.key == x.key), None)
    if metric is None:
        return f"{format_value(x.change, 'change')} on average"
    if metric.unit == "state":
        return f"{x.before:.0f} → {x.now:.0f} points"
    return f"{value_phrase(metric, x.before)} → {value_phrase(metric, x.now)}"


def _loss(p: Portfolio, x: Trend) -> str | None:
    """Range of churn and of the ARR that it takes: as scores stand, and if the fall goes on."""
    if x.churn is None or x.churn.low != x.churn.low:
        return None
    shares = _span(f"{x.churn.low:.0%}", f"{x.churn.high:.0%}")
    if x.churn.arr_low != x.churn.arr_low:
        return shares
    return f"{_span(t.money(p, x.churn.arr_low), t.money(p, x.churn.arr_high))} ({shares})"


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low}–{high}"


def _action(p: Portfolio, x: Trend) -> str:
    """Whom to speak to first; what shows everywhere has one cause to look for."""
    names = _names(p, x.rows)
    if x.better:
        return f"Find out what worked at {names}, and repeat it."
    since = f" around {t.day_text(x.since)}" if x.since else ""
    if x.segment == ALL:
        return f"Look for one cause{since}: every segment shows it. Begin with {names}."
    return f"Reach out to all {x.moved}, {names} first. Ask what changed{since}."


def _owner(x: Trend) -> str:
    if x.better:
        return "CS manager"
    return "Product and CS manager" if x.segment == ALL else "CS manager"


def _names(p: Portfolio, rows: Sequence[int]) -> str:
    """``A, B and C``: the first accounts by ARR."""
    names = [str(p.frame["account_name"].iat[row]) for row in rows[:FIRST]]
    *first, last = names or ["nobody"]
    return f"{', '.join(first)} and {last}" if first else last


def _alike(p: Portfolio, x: LookAlikes) -> dict[str, Value]:
    return {
        "kind": CHANCE,
        "segment": x.label,
        "metric": PROFILE,
        "concern": CONCERNS[1],
        "values": f"like {t.counted(x.flagged, 'account')} that want more",
        "moved": x.accounts,
        "arr": t.plain_number(x.arr),
        "action": f"Open the expansion talk: {_names(p, x.rows)} first.",
        "owner": "CSM",
        "status": STATUSES[0],
        "notes": None,
    }
