"""Points of the renewals chart: which accounts it shows, how large, and what it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.amounts import main_currency, own_amounts
from scoring.rollup import TIERS, round_half_up
from workbook_templates.fill import ChartChange, Value
from workbook_templates.portfolio.basis import currency_sign
from workbook_templates.portfolio.facts import Portfolio
from workbook_templates.portfolio.spoken import money_words

__all__ = ["Points", "coming", "renewal_points"]

DAYS = 180
_CLASSES = 3


@dataclass(frozen=True)
class Points:
    """What fills a `renewal_chart.Block`.

    Attributes:
        points: rows of days, then a score in the column of its tier and size.
        ranks: rows of days, amber's score, red's score, the rank as text.
        limits: ARR at which the second and the third size start; none where no ARR is known.
        change: axis and alt text of the chart.
        shown: accounts in the chart.
        left: accounts that renew in time and are not in it.
    """

    points: list[list[Value]]
    ranks: list[list[Value]]
    limits: tuple[float, ...]
    change: ChartChange
    shown: int
    left: int

    def counted(self) -> str:
        """How many accounts the chart shows, and whether these are all; "" where none."""
        word = "account" if self.shown == 1 else "accounts"
        if not self.shown:
            return ""
        return (
            f"{self.shown} largest of {self.shown + self.left:,}."
            if self.left
            else (f"{self.shown} {word}.")
        )


def coming(frame: pd.DataFrame, days: int = DAYS) -> pd.DataFrame:
    """Accounts with a tier that renew within so many days, with their ARR in totals as ``own``."""
    rows = frame.assign(own=own_amounts(frame))
    return rows[(rows["tier"] != "") & rows["score"].notna() & rows["days_left"].between(0, days)]


def renewal_points(p: Portfolio, below: int, green: int, ranked: Sequence[str] = ()) -> Points:
    """The largest renewals.

    Args:
        p: the portfolio.
        below: at most so many accounts below Green.
        green: at most so many Green ones.
        ranked: account ids in their order; those that renew in time stand with their rank.
    """
    near = coming(p.frame)
    rank = {account: str(i) for i, account in enumerate(ranked, start=1)}
    chosen = pd.concat(
        [
            _largest(near[near["tier"] != "green"], below),
            _largest(near[near["tier"] == "green"], green),
        ]
    )
    named = near[near["account_id"].isin(rank)]
    limits = _limits(near["own"])
    rows = chosen[~chosen["account_id"].isin(rank)]
    shown = len(rows) + len(named)
    return Points(
        [_point(*row, limits) for row in _facts(rows)],
        [
            [days, score if tier == "amber" else None, score if tier == "red" else None, rank[key]]
            for key, days, score, tier, _ in _facts(named)
        ],
        limits,
        _change(p, pd.concat([rows, named])),
        shown,
        len(near) - shown,
    )


def _largest(rows: pd.DataFrame, count: int) -> pd.DataFrame:
    return rows.sort_values("own", ascending=False, na_position="last", kind="stable").head(count)


def _facts(rows: pd.DataFrame) -> list[tuple[str, float, float, str, float]]:
    keys = ["account_id", "days_left", "score", "tier", "own"]
    return list(rows[keys].itertuples(index=False, name=None))


def _point(
    _: str, days: float, score: float, tier: str, own: float, limits: Sequence[float]
) -> list[Value]:
    size = sum(own >= limit for limit in limits)
    row: list[Value] = [None] * (_CLASSES * len(TIERS))
    row[TIERS.index(tier) * _CLASSES + size] = score
    return [days, *row]


def _limits(amounts: pd.Series[float]) -> tuple[float, ...]:
    """Two round amounts that cut the known ones into about three equal parts."""
    known = amounts[amounts > 0]
    if known.empty:
        return ()
    low, high = (_round(q) for q in np.quantile(known.to_numpy(float), (1 / 3, 2 / 3)))
    return (low, high) if low < high else (low,)


def _round(x: float) -> float:
    """To one significant digit."""
    unit = 10.0 ** np.floor(np.log10(x))
    return float(np.floor(x / unit + 0.5) * unit)


def _change(p: Portfolio, rows: pd.DataFrame) -> ChartChange:
    if rows.empty:
        return ChartChange(axis_min=40.0, axis_max=100.0, alt_text="No renewal within 180 days.")
    lowest = float(rows["score"].min())
    start = next(edge for edge in (40.0, 20.0, 0.0) if lowest >= edge or edge == 0)
    counts = [
        f"{int((rows['tier'] == key).sum())} {p.model.tier_label(key)}" for key in reversed(TIERS)
    ]
    alt = (
        f"Scatter of {len(rows)} renewals within {DAYS} days by days left and score: "
        f"{', '.join(counts)}; lowest score {round_half_up(lowest):.0f}. "
        "Shape is the tier, size the ARR."
    )
    return ChartChange(axis_min=start, axis_max=100.0, alt_text=alt)


def size_words(p: Portfolio, limits: Sequence[float]) -> str:
    """What the sizes mean, `` Size: ARR under £40k, to £120k, above.``, or nothing."""
    sign = currency_sign(main_currency(p.frame))
    words = [money_words(limit, sign) for limit in limits]
    if not words:
        return ""
    middle = f", to {words[1]}, above" if len(words) > 1 else ", and above"
    return f" Size: ARR under {words[0]}{middle}."
