"""Scores over time: smoothing, and the score of a month ago."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from scoring.prepare import Floats
from scoring.trend import VELOCITY_DAYS


def smooth(history: pd.DataFrame, current: pd.DataFrame, *, as_of: date, days: int) -> Floats:
    """Mean of each account's raw scores of the last ``days`` days, today's included.

    Args:
        history: account_id, date, score (raw); any order, any number of rows an account.
        current: n rows with account_id, score: today's raw scores.
        as_of: the day; history rows after it, or on it, do not count (today's score stands).
        days: window length; rows with ``as_of − days < date < as_of`` count.

    Returns:
        (n,) mean in the order of ``current``; NaN where an account has no score at all.
    """
    now = current[["account_id", "score"]].assign(date=pd.Timestamp(as_of))
    past = pd.DataFrame({"account_id": [], "date": [], "score": []})
    if not history.empty:
        past = history[["account_id", "date", "score"]]
        day = pd.to_datetime(past["date"])
        inside = (day < pd.Timestamp(as_of)) & (day > pd.Timestamp(as_of) - pd.Timedelta(days=days))
        past = past[inside]
    both = now if past.empty else pd.concat([past, now], ignore_index=True)
    means = both.groupby("account_id", sort=False)["score"].mean()
    return np.asarray(means.reindex(current["account_id"]).to_numpy(float))


def score_before(history: pd.DataFrame, *, as_of: date, days: int = VELOCITY_DAYS) -> pd.DataFrame:
    """The score that stood ``days`` days before ``as_of``.

    Args:
        history: account_id, date, score; any order.
        as_of: the day to look back from; only rows before it count.
        days: how far to look back. A row up to three days younger still counts, so that monthly
            snapshots of a short month are found.

    Returns:
        Indexed by account_id: score, and age (days before ``as_of``). An account whose history
        is younger gives its earliest row, so that a velocity over a shorter time is still seen.
    """
    age = (pd.Timestamp(as_of) - pd.to_datetime(history["date"])).dt.days
    rows = history.assign(age=age)[["account_id", "score", "age"]]
    rows = rows[rows["score"].notna() & (age > 0)].sort_values("age")
    old = rows[rows["age"] >= days - 3].groupby("account_id").first()
    return old.combine_first(rows.groupby("account_id").last())
