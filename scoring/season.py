"""The same weeks a year ago: whether a fall comes every year and is no alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from scoring.alert_season import NEAR_DAYS, USUAL, YEAR_DAYS
from scoring.prepare import Floats
from scoring.timeline import Timeline
from scoring.trend import VELOCITY_DAYS

__all__ = ["NEAR_DAYS", "YEAR_DAYS", "Season", "portfolio_season", "seasonal_change"]


@dataclass(frozen=True, slots=True)
class Season:
    """A change beside the one of the same weeks a year ago.

    Attributes:
        accounts: that have all four scores.
        change: mean change of the score over the last days.
        year_ago: mean change over the same days a year ago, of the same accounts.
        beyond: change less that of a year ago.
        usual: whether the score fell, and not more than 3 points beyond a year ago.
        since, until: the days a year ago.
    """

    accounts: int
    change: float
    year_ago: float
    beyond: float
    usual: bool
    since: date
    until: date


def seasonal_change(timeline: Timeline, *, days: int = VELOCITY_DAYS) -> pd.DataFrame:
    """Change of every account of ``timeline.now`` beside that of a year ago, row by row.

    Args:
        timeline: today's scores and the snapshots before.
        days: length of the change.

    Returns:
        change, year_ago, beyond in points, NaN where a snapshot is missing; usual: True where
        the score fell, and not more than `USUAL` points beyond a year ago.
    """
    now = timeline.now
    today = np.where(now.status == "Provisional", np.nan, now.total)
    change = today - _score_at(timeline, days)
    year_ago = _score_at(timeline, YEAR_DAYS) - _score_at(timeline, YEAR_DAYS + days)
    beyond = change - year_ago
    usual = (change < 0) & (year_ago < 0) & (beyond >= -USUAL - 1e-9)
    return pd.DataFrame({"change": change, "year_ago": year_ago, "beyond": beyond, "usual": usual})


def portfolio_season(timeline: Timeline, *, days: int = VELOCITY_DAYS) -> Season | None:
    """The same for all accounts together; None where no account's history reaches that far."""
    found = seasonal_change(timeline, days=days).dropna()
    if found.empty:
        return None
    change, year_ago = float(found["change"].mean()), float(found["year_ago"].mean())
    until = timeline.now.as_of - timedelta(days=YEAR_DAYS)
    return Season(
        accounts=len(found),
        change=change,
        year_ago=year_ago,
        beyond=change - year_ago,
        usual=change < 0 and year_ago < 0 and change - year_ago >= -USUAL - 1e-9,
        since=until - timedelta(days=days),
        until=until,
    )


def _score_at(timeline: Timeline, back: int) -> Floats:
    """Score of each account so many days ago: of the nearest snapshot, of equals the older."""
    now = timeline.now
    out = np.full(len(now), np.nan)
    off = {(now.as_of - s.as_of).days - back: s for s in timeline.past}
    near = [k for k in off if abs(k) <= min(NEAR_DAYS, back - 1)]
    for distance in sorted(near, key=lambda k: (abs(k), -k)):
        snapshot = off[distance]
        at = pd.Index(snapshot.account_id).get_indexer(pd.Index(now.account_id))
        fill = np.isnan(out) & (at >= 0)
        out[fill] = snapshot.total[at[fill]]
    return out
