"""Accounts, ARR and mean score by tier over time, from the snapshots there are.

Snapshots come late, twice or not at all: on each date an account's last known score counts, for
as long as it may stand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import TIER_ORDER
from scoring.portfolio import shares
from scoring.timeline import Timeline

__all__ = [
    "STANDS_DAYS",
    "TrendPoint",
    "month_ends",
    "monthly_trend",
    "snapshot_days",
    "tier_trend",
]

STANDS_DAYS = 45
"""A score this old still stands (ours): a month, and a snapshot that came two weeks late."""


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The accounts that had a score on a day.

    Attributes:
        day: the date.
        accounts: green, amber, red: how many.
        shares: of those, 0–1 in thousandths that sum to 1; NaN where there are none.
        arr: green, amber, red: ARR as it is today, of accounts of today, in one currency.
        average: mean raw score, NaN where there is none.
        gone: accounts that the source of today lacks, and that were missing for the first time
            after the point before. 0 at the first point.
    """

    day: date
    accounts: tuple[int, int, int]
    shares: tuple[float, float, float]
    arr: tuple[float, float, float]
    average: float
    gone: int


def tier_trend(
    timeline: Timeline,
    frame: pd.DataFrame,
    *,
    days: Sequence[date] | None = None,
    stands_days: int = STANDS_DAYS,
    currency: str | None = None,
) -> tuple[TrendPoint, ...]:
    """Accounts by tier on each of several days.

    Args:
        timeline: today's scores and the snapshots before.
        frame: the portfolio frame of today; amounts come from here, since earlier ones are not
            kept with a score.
        days: rising; the days of all snapshots and today when not given.
        stands_days: a score counts until it is older than this.
        currency: amounts in it count; the one of most accounts when not given.

    Returns:
        One point a day. Today's is the frame's own: an account that lost its score today is in
        no tier.
    """
    wanted = main_currency(frame) if currency is None else currency
    own = frame["arr"].where(frame["currency"] == wanted)
    arr = pd.Series(own.to_numpy(float), index=frame["account_id"])
    history = timeline.history()
    history = history.assign(date=pd.to_datetime(history["date"]))
    left = _left(history, timeline, arr.index)
    history = history.assign(left=left.reindex(history["account_id"]).to_numpy())
    points: list[TrendPoint] = []
    for day in snapshot_days(timeline) if days is None else days:
        today = day >= timeline.now.as_of
        stood = _today(frame) if today else _standing(history, day, stands_days)
        since = pd.Timestamp(points[-1].day) if points else pd.Timestamp.max
        gone = (left > since) & (left <= pd.Timestamp(day))
        points.append(_point(day, stood, arr, int(gone.sum())))
    return tuple(points)


def monthly_trend(
    timeline: Timeline, frame: pd.DataFrame, *, months: int = 12, currency: str | None = None
) -> tuple[TrendPoint, ...]:
    """Accounts by tier at the end of each month and today; from the first month with a score.

    Args:
        timeline: as for `tier_trend`.
        frame: as for `tier_trend`.
        months: at most so many, the running one included.
        currency: as for `tier_trend`.
    """
    known = snapshot_days(timeline)
    ends = [d for d in month_ends(timeline.now.as_of, months) if d >= known[0]]
    points = tier_trend(timeline, frame, days=ends, currency=currency)
    first = next((i for i, p in enumerate(points) if sum(p.accounts)), len(points))
    return points[first:]


def snapshot_days(timeline: Timeline) -> tuple[date, ...]:
    """Days of all snapshots, today's the last."""
    return (*(s.as_of for s in timeline.past), timeline.now.as_of)


def month_ends(as_of: date, months: int) -> tuple[date, ...]:
    """The last days of the months before, and the day itself; *months* in all."""
    if months < 1:
        return ()
    firsts = pd.date_range(end=as_of, periods=months, freq="MS")
    days = sorted({*(f.date() - timedelta(days=1) for f in firsts), as_of})
    return tuple(days[-months:])


def _left(history: pd.DataFrame, timeline: Timeline, present: pd.Index[Any]) -> pd.Series[Any]:
    """Account id → the first snapshot that lacks it, of accounts that today's source lacks."""
    last = history[~history["account_id"].isin(present)].groupby("account_id")["date"].max()
    days = pd.to_datetime(pd.Series(snapshot_days(timeline))).to_numpy("datetime64[us]")
    found = days[np.searchsorted(days, last.to_numpy("datetime64[us]"), side="right")]
    return pd.Series(found, index=last.index, dtype="datetime64[us]")


def _today(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.loc[frame["tier"] != "", ["account_id", "score", "tier"]]


def _standing(history: pd.DataFrame, day: date, stands_days: int) -> pd.DataFrame:
    """Of each account the last row with a score that is not too old on the day."""
    end = pd.Timestamp(day)
    inside = (history["date"] <= end) & (history["date"] >= end - pd.Timedelta(days=stands_days))
    rows = history[inside & (history["tier"] != "") & ~(history["left"] <= end)]
    return rows.drop_duplicates("account_id", keep="last")


def _point(day: date, stood: pd.DataFrame, arr: pd.Series[float], gone: int) -> TrendPoint:
    tier = stood["tier"].to_numpy(object)
    amounts = arr.reindex(stood["account_id"]).to_numpy(float)
    counts, sums = [], []
    for key in TIER_ORDER[:3]:
        mine = amounts[tier == key]
        counts.append(len(mine))
        known = mine[~np.isnan(mine)]
        sums.append(math.fsum(known) if len(known) or not len(mine) else math.nan)
    score = stood["score"].to_numpy(float)
    score = score[~np.isnan(score)]
    average = math.fsum(score) / len(score) if len(score) else math.nan
    green, amber, red = shares(counts)
    return TrendPoint(
        day,
        (counts[0], counts[1], counts[2]),
        (green, amber, red),
        (sums[0], sums[1], sums[2]),
        average,
        gone,
    )
