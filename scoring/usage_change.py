"""By how much each account's usage changed, and since when it has been far down.

A model may measure the change itself (usage trend of the month or the quarter); else it follows
from a level (active users, logins) today against the snapshot of a quarter ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.earlier import QUARTER_DAYS, earlier
from scoring.prepare import Floats
from scoring.score import Scores
from scoring.timeline import Timeline, unbroken_since, values_of

__all__ = ["DECLINE", "LEVELS", "TRENDS", "UsageChange", "usage_change"]

DECLINE = -0.15
"""002 Early warning report: usage declines of more than 15 %."""

TRENDS = ("usage_trend_month", "usage_trend_quarter", "usage_change")
LEVELS = (
    "active_users",
    "seats_active_share",
    "logins_per_week",
    "logins_vs_target",
    "dau_mau",
    "plan_capacity_used",
    "contract_utilisation",
    "features_used",
    "feature_breadth",
)
"""Metrics of how much is used, the plainest first: people, logins, then breadth."""


@dataclass(frozen=True)
class UsageChange:
    """Usage of n accounts today against before.

    Attributes:
        change: (n,) as a fraction, −0.22 is 22 % down; NaN where not known.
        metric: (n,) key of the metric that tells, "" where none does.
        since: (n,) the first day of the unbroken decline of more than 15 %, NaT where there is
            none. Of a level, the first snapshot that was that far below the one of a quarter ago.
    """

    change: Floats
    metric: NDArray[np.object_]
    since: NDArray[np.datetime64]


def usage_change(
    timeline: Timeline, *, days: int = QUARTER_DAYS, decline: float = DECLINE
) -> UsageChange:
    """Change of the usage of each account of ``timeline.now``.

    Args:
        timeline: today's scores and the snapshots before.
        days: how far back a level is compared.
        decline: below it an account declines.

    Returns:
        Of the metrics that an account has the first in order of `TRENDS`, then `LEVELS`.
    """
    now = timeline.now
    before = earlier(timeline, days=days)
    n = len(now)
    change, metric, base = np.full(n, np.nan), np.full(n, "", dtype=object), np.full(n, np.nan)
    for key in (*TRENDS, *LEVELS):
        if key not in now.values:
            continue
        found = now.values[key].to_numpy(float)
        if key in LEVELS:
            then = before.values[key].to_numpy(float)
            with np.errstate(all="ignore"):
                # Nothing cannot become less.
                found = np.where(then > 0, found / then - 1.0, np.nan)
        take = np.isnan(change) & ~np.isnan(found)
        change[take], metric[take] = found[take], key
        if key in LEVELS:
            base[take] = then[take]
    since = _since(timeline, change, metric, base, decline)
    return UsageChange(change, metric, since)


def _since(
    timeline: Timeline,
    change: Floats,
    metric: NDArray[np.object_],
    base: Floats,
    decline: float,
) -> NDArray[np.datetime64]:
    """Since when the decline holds; a missing value does not end it."""
    ids = timeline.now.account_id

    def told(snapshot: Scores) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        value = _value(snapshot, ids, metric)
        with np.errstate(all="ignore"):
            # The snapshot that a level is compared with is 0 % below itself, so it ends there.
            found = np.where(np.isin(metric, LEVELS), value / base - 1.0, value)
        return found < decline - 1e-9, np.isnan(found)

    return unbroken_since(timeline, change < decline - 1e-9, told)


def _value(snapshot: Scores, ids: NDArray[Any], metric: NDArray[np.object_]) -> Floats:
    out = np.full(len(ids), np.nan)
    for key in (*TRENDS, *LEVELS):
        rows = np.flatnonzero(metric == key)
        if len(rows):
            out[rows] = values_of(snapshot, key, ids[rows])
    return out
