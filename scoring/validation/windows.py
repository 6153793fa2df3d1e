"""Time cut into windows, where a list names only who churned: each account and window is a case."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.validation.outcome_list import COLUMNS, LISTED, left_out_of
from scoring.validation.records import LeftOut
from scoring.validation.snapshots import Days, Snapshots

__all__ = ["WINDOW_DAYS", "window_cases"]

WINDOW_DAYS = 90
"""Where only churn is listed, each account and this many days is a case (001's 90 days)."""
SHORT = "The history is too short for a window of 90 days and the time before it"
EARLY = "Before the first window: too little history before it"
LATE = "After the last complete window of the history"
UNSEEN = "Not seen yet, or no longer, on the first day of its window"
VANISHED = "No longer in the history at the end of its window, and no churn listed"
WORSE = "Another outcome of the account in the same window; the first of the worst counts"


def window_cases(
    listed: pd.DataFrame, snapshots: Snapshots, *, first_after: int, oldest: int
) -> tuple[pd.DataFrame, tuple[LeftOut, ...]]:
    """Each account and window in which its outcome is known.

    Windows are counted from the history's first day, so that a longer history only adds some; one
    that the history does not cover to its end is left out, as are those before the first and
    after the last outcome listed: nobody knows whether the list covers them. An account that is
    still in the history at or after a window's last day stayed. It is looked at from the day on
    which one of those that churned in the window did, drawn for it: so both are seen on the same
    days. From one day for all, those that stayed would be seen in other months than those that
    churned, and what comes and goes with the calendar would pass for a relation.

    Args:
        listed: cleaned outcomes, none of them ``renewed``.
        snapshots: of the history.
        first_after: days of history before the first window.
        oldest: a snapshot that is more days older than that does not count.

    Returns:
        Cases with the columns of the list and ``window`` (first day); outcomes left out.
    """
    starts = _starts(snapshots, first_after)
    number = _number(listed, starts)
    why = np.full(len(listed), "", dtype=object)
    why[number < 0] = EARLY
    why[number >= len(starts)] = LATE if len(starts) else SHORT
    inside = listed.assign(number=number)[why == ""]
    worth = inside["outcome"].map({kind: n for n, kind in enumerate(LISTED)})
    inside = inside.assign(worth=worth).sort_values(["account_id", "number", "worth", "date"])
    again = inside.duplicated(["account_id", "number"])
    why[inside.index[again]] = WORSE
    inside = inside[~again]
    grid = _grid(snapshots, starts, inside["number"].to_numpy(int), oldest)
    grid = grid[grid["till_end"] | grid["seen"]]
    both = grid.merge(inside.reset_index(names="row"), "left", on=["account_id", "number"])
    has = both["row"].notna()
    lost = both["outcome"] == "churned"
    good = both["seen"] & (lost | both["till_end"])
    unseen = set(inside.index) - set(both.loc[both["seen"] & has, "row"].astype(int))
    why[sorted(unseen)] = UNSEEN
    why[both.loc[has & both["seen"] & ~good, "row"].astype(int)] = VANISHED
    days = inside[inside["outcome"] == "churned"].groupby("number")["date"].apply(sorted).to_dict()
    return _stayed(both[good], listed, days), left_out_of(why)


def _starts(snapshots: Snapshots, first_after: int) -> Days:
    """First days of all complete windows."""
    if not len(snapshots):
        return np.empty(0, "datetime64[D]")
    first = snapshots.day.min() + np.timedelta64(first_after, "D")
    count = ((snapshots.day.max() - first).astype(int) + 1) // WINDOW_DAYS
    steps = np.arange(max(int(count), 0)) * WINDOW_DAYS
    return np.asarray(first + steps.astype("timedelta64[D]"), dtype="datetime64[D]")


def _number(listed: pd.DataFrame, starts: Days) -> NDArray[np.int64]:
    """(n,) window of each outcome; −1 before the first, the count of windows after the last."""
    if not len(starts):
        return np.zeros(len(listed), dtype=np.int64)
    days = listed["date"].to_numpy("datetime64[D]")
    steps = (days - starts[0]).astype(np.int64) // WINDOW_DAYS
    return np.asarray(np.clip(steps, -1, len(starts)), dtype=np.int64)


def _grid(
    snapshots: Snapshots, starts: Days, listed: NDArray[np.int64], oldest: int
) -> pd.DataFrame:
    """Every account and window that the list covers, and whether it was seen then."""
    numbers = np.arange(listed.min(), listed.max() + 1) if len(listed) else listed
    names = snapshots.accounts
    account = np.repeat(names, len(numbers))
    number = np.tile(numbers, len(names)).astype(np.int64)
    window: Days = starts[number] if len(number) else np.empty(0, "datetime64[D]")
    end: Days = window + np.timedelta64(WINDOW_DAYS - 1, "D")
    return pd.DataFrame({
        "account_id": account, "number": number, "window": window.astype("datetime64[us]"),
        "seen": snapshots.at(account, window, oldest=oldest) >= 0,
        "till_end": np.repeat(snapshots.last_days, len(numbers)) >= end,
    })  # fmt: skip


def _stayed(
    both: pd.DataFrame, listed: pd.DataFrame, churn: Mapping[int, Sequence[pd.Timestamp]]
) -> pd.DataFrame:
    """Cases of the columns of a list, on a drawn day of *churn* where nothing is listed."""
    rows = zip(both["account_id"], both["number"], both["window"], strict=True)
    drawn = [_day_for(str(name), churn.get(number, ()), start) for name, number, start in rows]
    day = pd.Series(drawn, both.index, dtype="datetime64[us]")
    names = listed[listed["account_name"] != ""].drop_duplicates("account_id")
    known = dict(zip(names["account_id"], names["account_name"], strict=True))
    named = [known.get(account, "") for account in both["account_id"]]
    out = both.assign(
        date=both["date"].fillna(day),
        outcome=both["outcome"].fillna("stayed"),
        account_name=pd.Series(named, both.index, dtype=object),
    )
    for key in ("currency", "reason"):
        out[key] = out[key].astype(object).fillna("")
    return out[[*COLUMNS, "window"]].reset_index(drop=True)


def _day_for(account: str, churn: Sequence[pd.Timestamp], start: pd.Timestamp) -> pd.Timestamp:
    """One of the rising days on which others churned, any of the window's where nobody did."""
    # By account and window, so that the order and the number of accounts move nobody's day.
    drawn = zlib.crc32(f"{account} {start:%Y-%m-%d}".encode())
    if churn:
        return churn[drawn % len(churn)]
    return start + pd.Timedelta(days=drawn % WINDOW_DAYS)
