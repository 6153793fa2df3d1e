"""Scores over time: change, velocity, trend arrows, smoothing."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from scoring.prepare import Floats

VELOCITY_DAYS = 30
"""001 Trending and velocity: change over 30 days, divided by 30."""


def velocity(score: float, previous: float, days: float = VELOCITY_DAYS) -> float:
    """Points a day between two scores ``days`` apart; NaN where either is missing."""
    return (score - previous) / days if days > 0 else float("nan")


def velocity_label(points_per_day: float) -> str:
    """Class of a velocity by 001: at −0.5 and below "Declining fast" … from +0.5 "Improving fast".

    Within ±0.2, both ends included, is "Stable"; NaN gives "".
    """
    if points_per_day != points_per_day:
        return ""
    size = abs(points_per_day)
    # Sums of decimals fall a hair short of the edges that the document names.
    if size <= 0.2 + 1e-9:
        return "Stable"
    word = "Improving" if points_per_day > 0 else "Declining"
    return f"{word} fast" if size >= 0.5 - 1e-9 else word


def trend_arrow(score: float, previous: float, tolerance: float = 0.0) -> str:
    """↑, → or ↓ against an earlier score; "" where either is missing."""
    change = score - previous
    if change != change:
        return ""
    if abs(change) <= tolerance + 1e-9:
        return "→"
    return "↑" if change > 0 else "↓"


def assessment(tier: str, label: str) -> str:
    """What tier and velocity together say (001 Risk assessment); "" where they say nothing new."""
    falling, rising = label.startswith("Declining"), label.startswith("Improving")
    if tier == "red":
        return (
            "Recovery possible"
            if label == "Improving fast"
            else "Critical, still falling"
            if falling
            else ""
        )
    if tier == "amber":
        return (
            "Urgent intervention needed"
            if label == "Declining fast"
            else "Recovering"
            if rising
            else ""
        )
    return "Early warning, reach out now" if tier == "green" and falling else ""


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
