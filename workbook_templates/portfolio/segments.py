"""What fills *Segments*."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from scoring.distribution import Distribution, distributions
from scoring.groups import NOT_GIVEN
from scoring.look_alikes import LookAlikes, expansion_look_alikes
from scoring.model import ScoreModel
from scoring.segments import EarlyWarning, early_warnings
from scoring.units import format_value
from scoring.usage_change import usage_change
from workbook_templates.fill import ChartChange, Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.movers import shown_change
from workbook_templates.portfolio.names import SEGMENTS
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["CHART", "ROOM", "TABLE"]

TABLE, CHART = "Segments", "Tiers by segment"
ROOM = 4
"""Rows of each block: three segments, and accounts without one."""
WARNING, ALIKE = "Early warning", "Could expand"
LISTED = 25
"""Accounts listed of each segment and kind, the largest ARR first."""
_LETTERS = 84


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """Accounts whose usage falls, then those that resemble accounts that expand."""
    columns = (
        TableColumn("account", "Account", width=190),
        TableColumn("account_id", "Account ID", width=84, align="left1"),
        TableColumn("kind", "Listed as", width=104, align="left1"),
        TableColumn("tier", "Tier", width=96, align="left1"),
        TableColumn("score", "Score", "score", 76, "right"),
        TableColumn("change", "Change", "arrow", 80, "right"),
        TableColumn("usage", "Usage", "change_percent", 80, "right"),
        TableColumn("arr", "ARR", "money", 94, "right"),
        TableColumn("days_left", "Days left", "whole", 84, "right"),
        TableColumn("currency", "Currency", width=72, align="left1"),
        TableColumn("segment", "Segment", width=100),
        TableColumn("csm", "CSM", width=120),
        TableColumn("driver", "Leading driver", width=230),
    )
    return (TableSpec(TABLE, SEGMENTS, ("account_id", "kind"), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, tiers by segment, usage declines, look-alikes and the accounts of both."""
    parts = distributions(p.frame, p.model, "segment")
    warnings = early_warnings(p.frame, p.timeline)
    alike = expansion_look_alikes(p.frame, p.model)
    values: dict[str, Value | Rows] = {
        "segments_title": _title(p, parts, warnings),
        "segments_note": t.context(p, t.currency_words(p)),
        "segments_labels": [[part.label] for part in parts],
        "segments_tiers": [*_tiers(parts), *_blank(len(parts), 8)],
        "segments_total": [_total(parts)],
        "segments_warnings": [_warning(p, w) for w in warnings],
        "segments_warnings_note": _usage_note(warnings),
        "segments_alike": [_alike(p, x) for x in alike],
        "segments_alike_note": _alike_note(alike),
    }
    rows = [*_declining(p, warnings), *_resembling(p, alike)]
    rows = rows or [{"account": "No account is in either list."}]
    return Filling(values, {TABLE: rows}, {CHART: ChartChange(alt_text=_alt(parts))})


def _title(p: Portfolio, parts: Sequence[Distribution], warnings: Sequence[EarlyWarning]) -> str:
    down = sum(w.declining for w in warnings)
    if down:
        arr = math.fsum(w.arr for w in warnings if w.arr == w.arr)
        amount = f", {t.money(p, arr)} of ARR" if arr else ""
        return (
            f"{t.counted(down, 'account')} use over 15% less{amount}"
            if down > 1
            else (f"1 account uses over 15% less{amount}")
        )
    below = [(x.below_green[0] / x.total.accounts, x) for x in parts if x.total.accounts]
    if not below:
        return "No accounts"
    share, worst = max(below, key=lambda pair: pair[0])
    if not share:
        return "No account of any segment is below Green"
    green = p.model.tier_label("green")
    if worst.label == NOT_GIVEN:
        whose = "accounts" if len(below) == 1 else "accounts without a segment"
    else:
        whose = f"{worst.label} accounts"
    return f"{share:.0%} of {whose} are below {green}"


def _blank(used: int, width: int) -> list[list[Value]]:
    """Rows that formulas leave empty."""
    return [[""] * width for _ in range(ROOM - used)]


def _tiers(parts: Sequence[Distribution]) -> list[list[Value]]:
    return [
        [
            part.total.accounts,
            *(tier.accounts for tier in part.tiers),
            "–" if part.total.average != part.total.average else part.total.average,
            t.zero_if_unknown(part.total.arr),
            t.zero_if_unknown(part.below_green[1]),
        ]
        for part in parts
    ]


def _total(parts: Sequence[Distribution]) -> list[Value]:
    rows = [[row[i] for i in (0, 1, 2, 3, 4, 6, 7)] for row in _tiers(parts)]
    sums: list[Any] = [math.fsum(column) for column in zip(*rows, strict=True)] or [0.0] * 7
    scored = [(x.total.average, sum(t.accounts for t in x.tiers[:3])) for x in parts]
    known = [(mean, n) for mean, n in scored if n]
    count = sum(n for _, n in known)
    mean = math.fsum(m * n for m, n in known) / count if count else None
    return [*sums[:5], "–" if mean is None else mean, *sums[5:]]


def _warning(p: Portfolio, w: EarlyWarning) -> list[Value]:
    fell = ", ".join(_fell(s.name, s.change) for s in w.leading)
    return [
        w.label,
        w.known,
        w.declining if w.known else "–",
        t.plain_number(w.share),
        t.plain_number(w.size),
        w.since,
        t.plain_number(w.arr_share) if w.declining else None,
        t.zero_if_unknown(w.arr),
        fell or None,
    ]


def _fell(name: str, change: float) -> str:
    return name if change != change else f"{name} {format_value(change, 'change')}"


def _usage_note(warnings: Sequence[EarlyWarning]) -> str:
    if not any(w.known for w in warnings):
        return (
            "No usage change is known: it needs a usage metric today and in a snapshot a quarter "
            "ago, or a usage trend."
        )
    return "Declining: usage more than 15% below a quarter ago. Mean, since and ARR are theirs."


def _alike(p: Portfolio, x: LookAlikes) -> list[Value]:
    names = {d.key: d.name for d in p.model.dimensions}
    reach = ", ".join(f"{names[key]} {score:.0f}" for key, score in x.pattern)
    few = "Too few accounts want more to tell what they have in common"
    return [x.label, x.flagged, x.accounts, t.zero_if_unknown(x.arr), reach or few]


def _alike_note(alike: Sequence[LookAlikes]) -> str:
    return (
        "Alike: green, without an expansion signal, and at least as strong in every dimension as "
        "three quarters of the accounts that have one."
    )


def _declining(p: Portfolio, warnings: Sequence[EarlyWarning]) -> Iterator[dict[str, Value]]:
    usage = usage_change(p.timeline).change
    for w in warnings:
        rows = list(w.rows[:LISTED])
        yield from _rows(p, rows, WARNING, [t.plain_number(usage[i]) for i in rows])


def _resembling(p: Portfolio, alike: Sequence[LookAlikes]) -> Iterator[dict[str, Value]]:
    usage = usage_change(p.timeline).change
    for x in alike:
        rows = list(x.rows[:LISTED])
        yield from _rows(p, rows, ALIKE, [t.plain_number(usage[i]) for i in rows])


def _rows(
    p: Portfolio, rows: list[int], kind: str, usage: Sequence[float | None]
) -> Iterator[dict[str, Value]]:
    part: pd.DataFrame = p.frame.iloc[rows]
    part = part.assign(shown_change=shown_change(part))
    for row, used in zip(part.to_dict("records"), usage, strict=True):
        yield {
            "account": row["account_name"],
            "account_id": row["account_id"],
            "kind": kind,
            "tier": t.tier_text(p.model, row["tier"]),
            "score": t.plain_number(row["shown"]),
            "change": t.plain_number(row["shown_change"]),
            "usage": used,
            "arr": t.plain_number(row["arr"]),
            "days_left": t.plain_number(row["days_left"]),
            "currency": row["currency"] or None,
            "segment": t.segment_text(row["segment"]),
            "csm": row["csm"] or None,
            "driver": row["driver"] or None,
        }


def _alt(parts: Sequence[Distribution]) -> str:
    told = "; ".join(
        f"{x.label} {x.part('green').accounts:,} green, {x.part('amber').accounts:,} amber, "
        f"{x.part('red').accounts:,} red"
        for x in parts
    )
    return f"Stacked bars: share of accounts by tier in each segment. {told or 'No accounts'}."
