"""Who moved most since the previous snapshot, who turned red and who recovered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import TIER_ORDER
from scoring.portfolio import sum_known

__all__ = [
    "LEAST_CHANGE",
    "TierMoves",
    "biggest_falls",
    "biggest_rises",
    "compared_with",
    "newly_red",
    "recovered",
    "tier_moves",
]

LEAST_CHANGE = 0.5
"""Points of the score below which a change is told as none."""


@dataclass(frozen=True, slots=True)
class TierMoves:
    """Accounts whose tier is another than at their previous snapshot.

    Attributes:
        currency: of the amounts.
        worse, better: how many.
        worse_arr, better_arr: their ARR; 0 of none, NaN where none of it is known.
    """

    currency: str
    worse: int
    better: int
    worse_arr: float
    better_arr: float


def biggest_falls(frame: pd.DataFrame, count: int | None = 10) -> pd.DataFrame:
    """Rows of the portfolio frame whose score fell most, the deepest fall first.

    Args:
        frame: n accounts.
        count: at most so many; None for all.

    Returns:
        Rows with all columns, positions of the frame as index. Of equal falls the larger ARR
        goes first, then the lower account id. ``moved`` tells why.
    """
    return _ranked(frame, frame["change"] <= -LEAST_CHANGE, frame["change"], count)


def biggest_rises(frame: pd.DataFrame, count: int | None = 10) -> pd.DataFrame:
    """Rows of the portfolio frame whose score rose most; as `biggest_falls`."""
    return _ranked(frame, frame["change"] >= LEAST_CHANGE, -frame["change"], count)


def newly_red(frame: pd.DataFrame, count: int | None = None) -> pd.DataFrame:
    """Rows of accounts that are red and were not at the previous snapshot; largest ARR first.

    An account without a previous tier is not newly red: nobody knows what it was.
    """
    was = frame["previous_tier"].isin(["green", "amber"])
    return _ranked(frame, (frame["tier"] == "red") & was, -frame["arr"], count)


def recovered(frame: pd.DataFrame, count: int | None = None) -> pd.DataFrame:
    """Rows of accounts that were red at the previous snapshot and are better; largest ARR first."""
    now = frame["tier"].isin(["green", "amber"])
    return _ranked(frame, now & (frame["previous_tier"] == "red"), -frame["arr"], count)


def tier_moves(frame: pd.DataFrame, *, currency: str | None = None) -> TierMoves:
    """How many accounts are a tier worse, how many a tier better, and what they pay."""
    wanted = main_currency(frame) if currency is None else currency
    code = {tier: place for place, tier in enumerate(TIER_ORDER[:3])}
    # Green is 0: a larger code is a worse tier; NaN, and so no move, where either is missing.
    way = frame["tier"].map(code).astype(float) - frame["previous_tier"].map(code).astype(float)
    arr = frame["arr"].where(frame["currency"] == wanted)
    worse, better = way > 0, way < 0
    return TierMoves(
        wanted,
        int(worse.sum()),
        int(better.sum()),
        sum_known(arr[worse].tolist()),
        sum_known(arr[better].tolist()),
    )


def compared_with(frame: pd.DataFrame) -> date | None:
    """The day of most accounts' previous snapshot, of equals the latest; None without any."""
    days = Counter(frame["previous_day"].dropna().dt.date)
    return max(days, key=lambda day: (days[day], day), default=None)


def _ranked(
    frame: pd.DataFrame, mask: pd.Series[bool], by: pd.Series[float], count: int | None
) -> pd.DataFrame:
    rows = frame[mask.to_numpy(bool)]
    keys = by[rows.index].astype(float).round(9).to_numpy()
    arr = -rows["arr"].fillna(-np.inf).to_numpy(float)
    ids = rows["account_id"].astype(str).to_numpy(object)
    order = np.lexsort((ids.astype(str), arr, keys))
    return rows.iloc[order].iloc[:count]
