"""Outcomes beside what was known before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.validation.records import HORIZONS, LeftOut
from scoring.validation.snapshots import Days, Places, Snapshots

__all__ = ["KINDS", "OLDEST_DAYS", "WINDOW_DAYS", "Cases", "join_cases"]

KINDS = ("renewed", "contracted", "expanded", "churned", "stayed")
"""What an outcome may be; ``stayed`` is made here, where a list names only churn."""
OLDEST_DAYS = 45
"""A snapshot this much older than asked for still is the one that stood then: a month (ours)."""
WINDOW_DAYS = 90
"""Where only churn is listed, each account and this many days is a case (001's 90 days)."""


@dataclass(frozen=True)
class Cases:
    """n cases: an account, what it decided, and what was known before.

    Attributes:
        snapshots: that positions point into.
        design: renewals or windows; see `records.Backtest`.
        frame: account_id, account_name, outcome (one of `KINDS`), date (datetime64[D]), arr,
            arr_after (NaN unknown), currency, reason; in the order of account and date.
        at: horizon in days → (n,) position of the snapshot that stood then, with a score.
        landmark: (n,) position of the snapshot that a probability is fitted to: in the renewals
            design the one of the horizon looked at, in the windows design that of the window's
            first day.
        left_out: outcomes that could not be used.
    """

    snapshots: Snapshots
    design: Literal["renewals", "windows"]
    frame: pd.DataFrame
    at: Mapping[int, Places]
    landmark: Places
    left_out: tuple[LeftOut, ...]

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def churned(self) -> NDArray[np.bool_]:
        """(n,) whether the account was lost."""
        return np.asarray(self.frame["outcome"] == "churned", dtype=bool)

    @property
    def accounts(self) -> NDArray[np.intp]:
        """(n,) a number an account, to draw whole accounts."""
        codes, _ = pd.factorize(self.frame["account_id"])
        return np.asarray(codes, dtype=np.intp)

    def lead(self, days: int, *, oldest: int = OLDEST_DAYS) -> Places:
        """(n,) position of the snapshot so many days before each outcome, −1 for none."""
        when: Days = (self.frame["date"] - pd.Timedelta(days=days)).to_numpy("datetime64[D]")
        found = self.snapshots.at(self.frame["account_id"].to_numpy(object), when, oldest=oldest)
        scored = ~np.isnan(self.snapshots.total[np.maximum(found, 0)]) if len(found) else found
        return np.where((found >= 0) & scored, found, -1)


def join_cases(
    outcomes: pd.DataFrame,
    snapshots: Snapshots,
    *,
    days: int,
    horizons: Sequence[int] = HORIZONS,
) -> Cases:
    """Outcomes beside the snapshots that stood before them.

    Args:
        outcomes: account_id, outcome, date (datetime64), and, where known, account_name, arr,
            arr_after, currency, reason. Without any ``renewed`` the accounts that are still seen
            at the end of each `WINDOW_DAYS` stayed.
        snapshots: of the history.
        days: the horizon that a probability is fitted at.
        horizons: days before the outcome.
    """
    frame = outcomes.sort_values(["account_id", "date"]).reset_index(drop=True)
    for key in ("arr", "arr_after"):
        frame[key] = frame[key].astype(float) if key in frame else np.nan
    for key in ("account_name", "currency", "reason"):
        frame[key] = frame[key].fillna("") if key in frame else ""
    cases = Cases(snapshots, "renewals", frame, {}, np.empty(0, np.intp), ())
    at = {h: cases.lead(h) for h in horizons}
    return Cases(snapshots, "renewals", frame, at, cases.lead(days), ())
