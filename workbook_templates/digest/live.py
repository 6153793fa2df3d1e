"""Which figures of a digest are live in its workbook: formulas over *Accounts*.

A figure gets a formula only where the formula, worked out here from the same columns, gives the
figure's own value; all others are values. LibreOffice, which recalculates them, is the judge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import own_amounts
from scoring.rollup import round_half_up
from workbook_templates.digest.records import Digest
from workbook_templates.formulas import half_up
from workbook_templates.portfolio import basis
from workbook_templates.portfolio.accounts import account_columns
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.figures import DOWN, UP

__all__ = ["live_formulas"]

Column = Callable[[str], str]
"""Key of a column of *Accounts* → its range."""
Moves = Sequence[tuple[str, str]]
_TO_RED = (("amber", "red"), ("green", "red"))
_FROM_RED = (("red", "amber"), ("red", "green"))
_SOON, _WEEK = 90, 7


def live_formulas(
    p: Portfolio, digest: Digest, column: Column, keys: Sequence[str]
) -> dict[str, str]:
    """Name of a figure → its formula, without "=".

    Args:
        p: what the workbook shows.
        digest: of the same.
        column: gives the range of a column of *Accounts*.
        keys: columns that *Accounts* has.
    """
    found = dict(_accounts(p, digest, column, frozenset(keys)))
    for name, formula, value in _totals(p, column):
        figure = digest.totals.get(name)
        if figure is not None and _same(figure.value, value):
            found[figure.name] = formula
    return found


def _accounts(
    p: Portfolio, digest: Digest, column: Column, keys: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Figures that stand in an account's row."""
    data = account_columns(p)
    rows = {str(key): i for i, key in enumerate(data["account_id"])}
    for f in digest.figures:
        key = f.column or _tier_column(f.name)
        if key not in keys or f.account not in rows:
            continue
        shown = data[key][rows[f.account]]
        # A name or an id of digits alone is no number: only a text finds a text.
        wanted = '"' + f.account.replace('"', '""') + '"'
        if len(wanted) > 255 or any(c in f.account for c in "*?~"):
            continue
        cell = f"INDEX({column(key)},MATCH({wanted},{column('account_id')},0))"
        if _same(f.value, shown):
            yield f.name, cell
        elif f.kind == "score" and _known(shown) and _same(f.value, round_half_up(float(shown))):
            yield f.name, half_up(cell)
        elif isinstance(shown, str) and shown[2:] == f.value and shown[1:2] == " ":
            # Cut off the tier's shape, which the message draws itself.
            yield f.name, f"MID({cell},3,99)"


def _tier_column(name: str) -> str:
    """Column of the tier that a figure tells in words; "" for any other figure."""
    if name.endswith("_before_tier"):
        return "previous_tier"
    return "tier" if name.endswith("_tier") and not name.endswith("_model_tier") else ""


def _known(shown: Any) -> bool:
    return isinstance(shown, int | float | np.number) and math.isfinite(float(shown))


def _totals(p: Portfolio, column: Column) -> Iterator[tuple[str, str, float]]:
    """Name, formula and value of what can be counted in *Accounts*."""
    frame, arr = p.frame, own_amounts(p.frame).fillna(0.0)
    tier, words, amounts = frame["tier"], column("tier"), column("arr_total")
    for key, cell in basis.TIER_CELLS.items():
        mask = tier == key
        yield f"{key}_accounts", f"COUNTIF({words},{cell})", float(mask.sum())
        yield f"{key}_arr", f"SUMIFS({amounts},{words},{cell})", math.fsum(arr[mask])
    none = f'--(LEFT({words},1)="○")'
    yield "none_accounts", f"SUMPRODUCT({none})", float((tier == "").sum())
    yield "total_arr", f"SUM({amounts})", math.fsum(arr)
    yield "total_accounts", f'COUNTIF({words},"?*")', float(len(frame))
    yield from _moved(frame, arr, column)
    yield from _renewing(frame, arr, column)


def _moved(
    frame: pd.DataFrame, arr: pd.Series[float], column: Column
) -> Iterator[tuple[str, str, float]]:
    words, before, amounts = column("tier"), column("previous_tier"), column("arr_total")
    kinds: Mapping[str, Moves] = {
        "newly_red": _TO_RED, "recovered": _FROM_RED, "worse": DOWN, "better": UP,
    }  # fmt: skip
    for name, pairs in kinds.items():
        mask = np.zeros(len(frame), bool)
        for a, b in pairs:
            mask |= ((frame["previous_tier"] == a) & (frame["tier"] == b)).to_numpy(bool)
        tests = [f"{before},{basis.TIER_CELLS[a]},{words},{basis.TIER_CELLS[b]}" for a, b in pairs]
        count = "+".join(f"COUNTIFS({test})" for test in tests)
        yield f"{name}_count", count, float(mask.sum())
        total = "+".join(f"SUMIFS({amounts},{test})" for test in tests)
        yield f"{name}_arr", total, math.fsum(arr[mask])


def _renewing(
    frame: pd.DataFrame, arr: pd.Series[float], column: Column
) -> Iterator[tuple[str, str, float]]:
    left, amounts = column("days_left"), column("arr_total")
    soon = frame["days_left"].between(0, _SOON)
    tests = f'{left},">=0",{left},"<={_SOON}"'
    red = f"{tests},{column('tier')},{basis.TIER_CELLS['red']}"
    yield "renewals_count", f"COUNTIFS({tests})", float(soon.sum())
    yield "renewals_arr", f"SUMIFS({amounts},{tests})", math.fsum(arr[soon])
    both = soon & (frame["tier"] == "red")
    yield "renewals_red_arr", f"SUMIFS({amounts},{red})", math.fsum(arr[both])
    week = frame["days_left"].between(0, _WEEK)
    tests = f'{left},">=0",{left},"<={_WEEK}"'
    yield "week_renewals_count", f"COUNTIFS({tests})", float(week.sum())


def _same(told: Any, shown: Any) -> bool:
    """Whether a figure is what a cell of *Accounts* shows."""
    if isinstance(told, str) or isinstance(shown, str):
        return bool(told == shown)
    if isinstance(told, date) and not isinstance(shown, float | int):
        known = shown is not None and not pd.isna(shown)
        return bool(known and pd.Timestamp(shown).date() == _day(told))
    if isinstance(told, int | float) and isinstance(shown, int | float | np.number):
        return math.isclose(float(told), float(shown), rel_tol=1e-12, abs_tol=1e-9)
    return False


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
