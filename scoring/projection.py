"""Where a score is heading: a straight line through its snapshots, told only where it is sure.

Ordinary least squares over a window of days. A slope that could as well be chance is no trend,
and gives no projection.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from scoring.student import t_critical
from scoring.timeline import Timeline

__all__ = ["AHEAD_DAYS", "LEAST_POINTS", "WINDOW_DAYS", "Projection", "project", "project_accounts"]

AHEAD_DAYS = 30
WINDOW_DAYS = 185
"""Snapshots older than this do not count (ours): half a year, seven monthly ones."""

LEAST_POINTS = 5
"""Snapshots below which no line is drawn (ours)."""

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Projection:
    """A score some days from now.

    Attributes:
        slope: points a day.
        score: 0–100, where the line is then.
        low, high: interval in which the score of that day lies with 95 %, within 0–100.
        points: snapshots that the line goes through.
        ahead: days from now.
    """

    slope: float
    score: float
    low: float
    high: float
    points: int
    ahead: int


def project(
    days: Sequence[date], scores: Sequence[float], *, as_of: date, ahead: int = AHEAD_DAYS
) -> Projection | None:
    """The projection of one series; None where the slope is not significant (5 %, two-sided).

    Args:
        days: dates of the snapshots, in any order, today's among them.
        scores: raw scores or means 0–100 of those days; NaN is left out.
        as_of: today; what is later or older than `WINDOW_DAYS` is left out.
        ahead: days from today.
    """
    x = np.array([(day - as_of).days for day in days], dtype=float)
    y = np.array(scores, dtype=float)
    found = _fit(np.zeros(len(x), np.intp), x, y, 1, ahead).iloc[0]
    return _told(found, ahead)


def project_accounts(timeline: Timeline, *, ahead: int = AHEAD_DAYS) -> pd.DataFrame:
    """The projection of every account of ``timeline.now``, row by row.

    Returns:
        slope, score, low, high as in `Projection`, NaN where there is none; points.
    """
    now = timeline.now
    score = np.where(now.status == "Provisional", np.nan, now.total)
    today = pd.DataFrame({"account_id": now.account_id, "date": now.as_of, "score": score})
    history = timeline.history()[["account_id", "date", "score"]]
    rows = today if history.empty else pd.concat([history, today], ignore_index=True)
    group = pd.Index(now.account_id).get_indexer(pd.Index(rows["account_id"]))
    x = (pd.to_datetime(rows["date"]) - pd.Timestamp(now.as_of)).dt.days.to_numpy(float)
    inside = group >= 0
    y = rows["score"].to_numpy(float)
    found = _fit(group[inside], x[inside], y[inside], len(now), ahead)
    values = ["slope", "score", "low", "high"]
    # Without a score today there is none to carry on.
    untold = ~found["significant"].to_numpy(bool) | np.isnan(score)
    found.loc[untold, values] = np.nan
    return found[[*values, "points"]]


def _fit(group: np.ndarray, x: np.ndarray, y: np.ndarray, n: int, ahead: int) -> pd.DataFrame:
    """Least squares of each of n groups at once; x in days from today."""
    keep = ~np.isnan(y) & (x <= 0) & (x >= -WINDOW_DAYS)
    group, x, y = group[keep], x[keep], y[keep]

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(group, values, minlength=n)

    count = np.bincount(group, minlength=n)
    with np.errstate(all="ignore"):
        mx, my = total(x) / count, total(y) / count
        dx, dy = x - mx[group], y - my[group]
        sxx, sxy, syy = total(dx * dx), total(dx * dy), total(dy * dy)
        slope = np.where(sxx > 0, sxy / sxx, np.nan)
        spread = np.sqrt(np.maximum(syy - slope * sxy, 0.0) / (count - 2))
        critical = t_critical(np.maximum(count - 2, 1), LEVEL)
        sure = np.abs(slope) > critical * spread / np.sqrt(sxx)
        score = my + slope * (ahead - mx)
        reach = critical * spread * np.sqrt(1 + 1 / count + (ahead - mx) ** 2 / sxx)
    flat = np.abs(slope) < 1e-9
    return pd.DataFrame(
        {
            "slope": slope,
            "score": np.clip(score, 0, 100),
            "low": np.clip(score - reach, 0, 100),
            "high": np.clip(score + reach, 0, 100),
            "points": count,
            "significant": sure & ~flat & (count >= LEAST_POINTS),
        }
    )


def _told(found: pd.Series[float], ahead: int) -> Projection | None:
    if not found["significant"] or math.isnan(found["slope"]):
        return None
    slope, score, low, high = (float(found[k]) for k in ("slope", "score", "low", "high"))
    return Projection(slope, score, low, high, int(found["points"]), ahead)
