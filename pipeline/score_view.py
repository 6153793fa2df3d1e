"""What `healthsheet score` prints: accounts worst first, totals by tier, values to fix."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from pipeline.results import SHAPES, driver_names, driver_value, top_drivers, worst_first
from pipeline.score_totals import amounts_of, currencies_of, fix_lines, total_lines
from pipeline.scored import Scored
from pipeline.terminal import WIDE, Line, fit
from scoring.prepare import Floats
from scoring.rollup import round_half_up
from scoring.score import MANY
from scoring.units import MINUS, format_money

__all__ = ["score_lines"]

_FIXES_SHOWN = 5


_Driver = tuple[str, float] | None
"""Input key and points lost of an account's first driver."""


@dataclass(frozen=True)
class _Shown:
    """One column of the table: header, width, text of a row and its side."""

    header: str
    width: int
    cell: Callable[[int], str]
    left: bool = False


def score_lines(scored: Scored, *, width: int, top: int | None, more: str) -> list[Line]:
    """All lines of the report.

    Args:
        scored: the accounts.
        width: columns of the terminal; 110 and more also show bounds, ARR and renewal.
        top: how many accounts to list; None lists all.
        more: where all accounts are, for the line below a shortened list.
    """
    rows = worst_first(scored)
    shown = rows if top is None else rows[:top]
    lines = [_title(scored), [], *_table(scored, shown, width)]
    if len(shown) < len(rows):
        lines += [[], [(f"{len(shown)} of {len(rows)} shown. All: {more}.", "muted")]]
    lines += [[], *total_lines(scored, width)]
    fixes = fix_lines(scored.problems, None if top is None else _FIXES_SHOWN, width)
    return [*lines, [], *fixes] if fixes else lines


def _title(scored: Scored) -> Line:
    count = len(scored.scores)
    what = f"Scored {count:,} account{'' if count == 1 else 's'}"
    scores = scored.scores
    where = f"  {scored.inputs.source}, {scores.model.label}, {spoken_date(scores.as_of)}"
    return [(what, "bold"), (where, "")]


def spoken_date(day: date) -> str:
    """A day as people write it: 23 Nov 2026."""
    return f"{day.day} {day:%b %Y}"


def _table(scored: Scored, rows: Sequence[int], width: int) -> list[Line]:
    gap = "  " if width >= WIDE else " "
    first = [d[0] if d else None for d in top_drivers(scored, 1)]
    middle = _columns(scored, rows, first, wide=width >= WIDE)
    drivers = [_driver(scored, i, first[i]) for i in rows]
    tiers = [_tier(scored, i) for i in rows]
    tier_width = max([4, *(len(t) for t in tiers)])
    longest = max([7, *(len(n) for n in _names(scored, rows))])
    name_width = min(longest, 32 if width >= WIDE else 24)
    used = name_width + tier_width + sum(c.width for c in middle) + len(gap) * (len(middle) + 2)
    driver_width = min(max([6, *map(len, drivers)]), max(width - used, 12))
    head = [fit("Account", name_width), fit("Tier", tier_width)]
    head += [c.header.ljust(c.width) if c.left else c.header.rjust(c.width) for c in middle]
    lines: list[Line] = [[(gap.join([*head, "Driver"]), "bold")]]
    lines.append([("─" * (used + driver_width), "muted")])
    names = _names(scored, rows)
    for i, name, tier, driver in zip(rows, names, tiers, drivers, strict=True):
        line: Line = [(fit(name, name_width) + gap, ""), (tier[0], scored.scores.tier[i])]
        line.append((fit(tier[1:], tier_width - 1), ""))
        for column in middle:
            text = column.cell(i)
            padded = text.ljust(column.width) if column.left else text.rjust(column.width)
            bold = column.header == "Score" and bool(scored.scores.tier[i])
            line += [(gap, ""), (padded, "bold" if bold else "")]
        lines.append([*line, (gap + fit(driver, driver_width), "")])
    return lines


def _names(scored: Scored, rows: Sequence[int]) -> list[str]:
    names = scored.accounts["account_name"].tolist()
    return [str(names[i]) for i in rows]


def _tier(scored: Scored, row: int) -> str:
    scores = scored.scores
    tier = str(scores.tier[row])
    word = scores.model.tier_label(tier)
    if not word:
        word = "Provisional" if scores.status[row] == "Provisional" else "No score"
    return f"{SHAPES[tier]} {word}"


def _columns(
    scored: Scored, rows: Sequence[int], first: Sequence[_Driver], *, wide: bool
) -> list[_Shown]:
    scores = scored.scores
    change = scores.rounded - _rounded(scored.previous)
    out = [_Shown("Score", 5, lambda i: _whole(scores.rounded[i]))]
    if not np.isnan(scored.previous).all():
        out.append(_Shown("Change", 6, lambda i: _signed(change[i])))
    if wide:
        out.append(_Shown("Bounds", 8, lambda i: _bounds(scored, i), left=True))
    out.append(_Shown("Cover", 5, lambda i: f"{scores.coverage[i]:.0%}"))
    if wide:
        amounts = _arr(scored, rows)
        widest = max([3, *map(len, amounts.values())])
        out.append(_Shown("ARR", widest, lambda i: amounts[i]))
        out.append(_Shown("Renews", 8, lambda i: _renews(scored, i)))
    out.append(_Shown("Lost", 5, lambda i: _lost(scored, i, first[i])))
    return out


def _rounded(values: Floats) -> Floats:
    return np.asarray(round_half_up(values, MANY))


def _whole(value: float) -> str:
    return "–" if value != value else f"{value:.0f}"


def _signed(value: float) -> str:
    if value != value:
        return ""
    return "0" if value == 0 else f"{value:+.0f}".replace("-", MINUS)


def _lost(scored: Scored, row: int, driver: _Driver) -> str:
    # A number beside "Provisional" or "No score" would explain a score that is not there.
    return f"{MINUS}{driver[1]:.1f}" if driver and scored.scores.tier[row] else ""


def _bounds(scored: Scored, row: int) -> str:
    """Lowest and highest possible score, and the shape of the tier it could still reach."""
    scores = scored.scores
    if not scores.tier[row]:
        return ""
    low, high = (int(x) for x in _rounded(np.array([scores.low[row], scores.high[row]])))
    best = next(t.key for t in scores.model.tiers if high >= t.starts_at)
    order = ("red", "amber", "green")
    better = order.index(best) > order.index(scores.tier[row])
    text = f"{low}" if low == high else f"{low}–{high}"
    return f"{text} {SHAPES[best]}" if better else text


def _arr(scored: Scored, rows: Sequence[int]) -> dict[int, str]:
    arr, codes = amounts_of(scored), currencies_of(scored)
    return {i: format_money(float(arr[i]), codes[i]) for i in rows}


def _renews(scored: Scored, row: int) -> str:
    if "renewal_date" not in scored.accounts.columns:
        return "–"
    value = scored.accounts["renewal_date"].iloc[row]
    if pd.isna(value):
        return "–"
    day = pd.Timestamp(value)
    near = 0 <= (day - pd.Timestamp(scored.scores.as_of)).days < 365
    return f"{day.day} {day:%b}" if near else f"{day:%b %Y}"


def _driver(scored: Scored, row: int, driver: _Driver) -> str:
    scores = scored.scores
    if scores.status[row] == "Overridden":
        frame = scored.accounts
        return f"Set by {frame['override_author'].iloc[row]}: {frame['override_reason'].iloc[row]}"
    if scores.status[row] == "Provisional":
        start = pd.Timestamp(scored.accounts["start_date"].iloc[row])
        return f"Day {(pd.Timestamp(scores.as_of) - start).days} of onboarding"
    if not scores.tier[row]:
        empty = scores.dimensions.iloc[row].isna()
        names = [d.name for d in scores.model.dimensions if empty[d.key]]
        return f"{names[0]} missing" if names else "Too few values"
    if driver is None:
        return ""
    column = driver_names(scored)[driver[0]]
    return f"{column.name} {driver_value(scored, row, column)}"
