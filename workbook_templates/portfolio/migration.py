"""What fills *Migration*."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from scoring.amounts import main_currency
from scoring.improvement import Improvement, improvement
from scoring.migration import GONE, NEW, Migration, migration
from scoring.model import ScoreModel
from scoring.movers import TierMoves, compared_with, tier_moves
from workbook_templates.fill import Rows, Value
from workbook_templates.portfolio import texts as t
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.filling import Filling
from workbook_templates.portfolio.movers import shown_change
from workbook_templates.portfolio.names import MIGRATION
from workbook_templates.portfolio.tables import TableColumn, TableSpec

__all__ = ["BEFORE", "NOW", "STOOD", "TABLE"]

TABLE = "Migration"
BEFORE = (("green",), ("amber",), ("red",), ("", NEW))
"""What accounts were, a row each; those without an earlier score are one row."""
NOW = ("green", "amber", "red", "")
STOOD = ("red", "amber")
"""Tiers whose recovery is told."""
_RANK = {"green": 0, "amber": 1, "red": 2}


def tables(model: ScoreModel) -> tuple[TableSpec, ...]:
    """The accounts whose tier is another one now: the worse ones first, the larger ARR first."""
    columns = (
        TableColumn("account", "Account", width=184),
        TableColumn("account_id", "Account ID", width=90, align="left1"),
        TableColumn("previous_tier", "Tier before", width=100, align="left1"),
        TableColumn("tier", "Tier now", width=100, align="left1"),
        TableColumn("score", "Score", "score", 84, "right"),
        TableColumn("change", "Change", "arrow", 84, "right"),
        TableColumn("arr", "ARR", "money", 92, "right"),
        # Narrow: it is the gap between the two matrices above.
        TableColumn("currency", "Currency", width=72, align="left1"),
        TableColumn("moved", "Moved most by", width=230),
        TableColumn("csm", "CSM", width=104, align="left1"),
        TableColumn("renewal_date", "Renewal date", "date", 96, "right"),
        TableColumn("days_left", "Days left", "whole", 96, "right"),
        TableColumn("compared", "Compared with", "date", 100, "right"),
        TableColumn("movement", "Pace", width=110, align="left1"),
    )
    return (TableSpec(TABLE, MIGRATION, ("account_id",), columns),)


def fill(p: Portfolio) -> Filling:
    """Title, both matrices, improvement, and the accounts that changed tier."""
    matrix, moves = migration(p.frame, p.timeline), tier_moves(p.frame)
    values: dict[str, Value | Rows] = {
        "migration_title": _title(p, matrix, moves),
        "migration_note": t.context(p, _compared(p), t.currency_words(p)),
        "migration_count": _counts(matrix),
        "migration_amount": _amounts(matrix),
        "migration_amount_title": _amount_title(main_currency(p.frame)),
        "migration_gone": [[n] for n in _gone(matrix)],
        "migration_below": _below(matrix, moves),
        **_better(improvement(p.timeline), compared=not matrix.first),
    }
    changed = _changed(p.frame)
    rows = [_row(p, row) for row in changed.to_dict("records")]
    rows = rows or [{"account": "No account changed its tier."}]
    return Filling(values, {TABLE: rows})


def _title(p: Portfolio, matrix: Migration, moves: TierMoves) -> str:
    if matrix.first or not p.frame["previous_tier"].ne("").any():
        return "No earlier tier: moves show after the next snapshot"
    if not moves.worse and not moves.better:
        return "No account changed its tier since the last snapshot"
    sums = (t.money(p, moves.worse_arr), t.money(p, moves.better_arr))
    worse, better = (f" ({x} of ARR)" if x else "" for x in sums)
    if not moves.worse:
        return f"{t.counted(moves.better, 'account')} a tier better{better}, none worse"
    up = f"{moves.better:,} a tier better{better}" if moves.better else "none better"
    return f"{t.counted(moves.worse, 'account')} a tier worse{worse}, {up}"


def _compared(p: Portfolio) -> str:
    day = compared_with(p.frame)
    return f"rows: tier on {t.day_text(day)} or last before" if day else "no earlier snapshot"


def _cells(rows: Sequence[Sequence[float]], matrix: Migration) -> list[list[float]]:
    """The matrix as it is shown, with totals; unknown amounts count nothing."""
    out = []
    for keys in BEFORE:
        places = [matrix.rows.index(k) for k in keys]
        line = [
            math.fsum(t.zero_if_unknown(rows[r][matrix.columns.index(now)]) for r in places)
            for now in NOW
        ]
        out.append(line)
    return out


def _gone(matrix: Migration) -> list[int]:
    place = matrix.columns.index(GONE)
    return [sum(matrix.accounts[matrix.rows.index(k)][place] for k in keys) for keys in BEFORE]


def _counts(matrix: Migration) -> list[list[float]]:
    """Rows by tier before and their total: by tier now, gone, all."""
    cells = _cells(matrix.accounts, matrix)
    lines: list[list[float]] = [
        [*line, gone, sum(line) + gone] for line, gone in zip(cells, _gone(matrix), strict=True)
    ]
    return [*lines, [sum(column) for column in zip(*lines, strict=True)]]


def _amounts(matrix: Migration) -> list[list[float]]:
    lines: list[list[float]] = [[*line, math.fsum(line)] for line in _cells(matrix.arr, matrix)]
    return [*lines, [math.fsum(column) for column in zip(*lines, strict=True)]]


def _amount_title(currency: str) -> str:
    return f"ARR{f' in {currency}' if currency else ''}: tier before ↓, now →"


def _below(matrix: Migration, moves: TierMoves) -> str:
    if matrix.first:
        return "Every account is new in this history. The matrix fills from the second snapshot on."
    gone = sum(_gone(matrix))
    left = f" {t.counted(gone, 'account')} left the source since." if gone else ""
    return (
        f"↓ {moves.worse:,} a tier worse (rust), ↑ {moves.better:,} a tier better (blue); "
        f"the darker, the more.{left}"
    )


def _better(found: Improvement, *, compared: bool) -> dict[str, Value | Rows]:
    """Moves up and recoveries; a dash where nothing is known, as in a first snapshot."""
    up: list[list[Value]] = [[x.moves, _days(x.days)] for x in found.moves]
    stood = {x.tier: x for x in found.recoveries}
    recoveries = [
        [x.accounts, x.recovered, x.rate if compared and x.rate == x.rate else "–", x.relapsed]
        for x in (stood[key] for key in STOOD)
    ]
    return {
        "migration_up": [*up, [found.improved, _days(found.median_days)]],
        "migration_recovery": recoveries,
    }


def _days(days: float) -> Value:
    return "–" if math.isnan(days) else days


def _changed(frame: pd.DataFrame) -> pd.DataFrame:
    code = frame["tier"].map(_RANK) - frame["previous_tier"].map(_RANK)
    rows = frame.assign(step=code, shown_change=shown_change(frame))
    rows = rows[rows["step"].notna() & (rows["step"] != 0)]
    return rows.assign(worse=rows["step"] > 0).sort_values(
        ["worse", "arr", "account_id"], ascending=[False, False, True], kind="stable"
    )


def _row(p: Portfolio, row: Any) -> dict[str, Value]:
    return {
        "account": row["account_name"],
        "account_id": row["account_id"],
        "previous_tier": t.tier_text(p.model, row["previous_tier"]),
        "tier": t.tier_text(p.model, row["tier"]),
        "score": t.plain_number(row["shown"]),
        "change": t.plain_number(row["shown_change"]),
        "arr": t.plain_number(row["arr"]),
        "csm": row["csm"] or None,
        "currency": row["currency"] or None,
        "renewal_date": t.plain_date(row["renewal_date"]),
        "days_left": t.plain_number(row["days_left"]),
        "movement": row["velocity_label"] or None,
        "compared": t.plain_date(row["previous_day"]),
        "moved": t.set_by(p.model, row) or row["moved"] or None,
    }
