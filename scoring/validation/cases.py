"""Outcomes beside what was known before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.validation.outcome_list import clean_outcomes, counted, left_out_of
from scoring.validation.records import HORIZONS, LeftOut
from scoring.validation.snapshots import Days, Places, Snapshots, order_key
from scoring.validation.windows import WINDOW_DAYS, window_cases

__all__ = ["KINDS", "OLDEST_DAYS", "WINDOW_DAYS", "Cases", "join_cases"]

KINDS = ("renewed", "contracted", "expanded", "churned", "stayed")
"""What an outcome may be; ``stayed`` is made here, where a list names only churn."""
OLDEST_DAYS = 45
"""A snapshot this much older than asked for still is the one that stood then: a month (ours)."""
RHYTHM_SHARE = 1.25
"""Where snapshots are rarer, the one that stood then may be so many times their median gap old."""
_EVER = np.datetime64("0001-01-01", "D")
"""Before every day."""
NO_SPELL = "Churned before, and not seen again since"
FIRST = "On or before the account's first snapshot"
NO_SNAPSHOT = "No snapshot old enough and not too old before it"
NO_SCORE = "No score before it: the snapshots hold too little"


@dataclass(frozen=True)
class Cases:
    """n cases: an account, what it decided, and what was known before.

    Attributes:
        snapshots: that positions point into.
        design: renewals or windows; see `records.Backtest`.
        frame: account_id, account_name, outcome (one of `KINDS`), date (datetime64), arr,
            arr_after (NaN unknown), currency, reason; ``since``, the first snapshot's day of the
            spell that the outcome ended (an account that churned and came back has two);
            ``window``, its first day in the windows design, else NaT; in the order of account
            and date.
        at: horizon in days → (n,) position of the snapshot that stood then, with a score.
        landmark: (n,) position of the snapshot that a probability is fitted to: in the renewals
            design the one of the horizon looked at, in the windows design that of the window's
            first day.
        left_out: outcomes that could not be used.
        oldest: a snapshot that is more days older than asked for does not count.
        lost: all losses listed that happened, with or without a snapshot before, in the columns
            of the list.
    """

    snapshots: Snapshots
    design: Literal["renewals", "windows"]
    frame: pd.DataFrame
    at: Mapping[int, Places]
    landmark: Places
    left_out: tuple[LeftOut, ...]
    oldest: int = OLDEST_DAYS
    lost: pd.DataFrame = field(default_factory=pd.DataFrame)

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

    @property
    def strata(self) -> NDArray[np.intp]:
        """(n,) a number a window, within which outcomes may be dealt out anew; 0 in renewals."""
        if self.design == "renewals":
            return np.zeros(len(self), dtype=np.intp)
        return np.asarray(pd.factorize(self.frame["window"])[0], dtype=np.intp)

    def lead(self, days: int, *, oldest: int | None = None) -> Places:
        """(n,) position of the snapshot so many days before each outcome, −1 for none.

        Args:
            days: at least 1: what was known on the day itself may be the outcome.
            oldest: a snapshot that is more days older does not count; as the cases' without.

        Raises:
            ValueError: days below 1.
        """
        allowed = self.oldest if oldest is None else oldest
        return _with_score(self.snapshots, _stood(self.snapshots, self.frame, days, allowed))


def join_cases(
    outcomes: pd.DataFrame,
    snapshots: Snapshots,
    *,
    days: int,
    horizons: Sequence[int] = HORIZONS,
    made: date | None = None,
) -> Cases:
    """Outcomes beside the snapshots that stood before them.

    Args:
        outcomes: account_id, outcome, date (datetime64), and, where known, account_name, arr,
            arr_after, currency, reason. Without any ``renewed`` the accounts that are still seen
            at the end of each `WINDOW_DAYS` stayed.
        snapshots: of the history.
        days: the horizon that a probability is fitted at.
        horizons: days before the outcome.
        made: today; outcomes after it are not known yet.
    """
    oldest = max(OLDEST_DAYS, int(np.ceil(RHYTHM_SHARE * snapshots.rhythm)))
    listed, lost, faults = clean_outcomes(outcomes, snapshots.accounts.tolist(), made=made)
    windows = not (listed["outcome"] == "renewed").any()
    more: tuple[LeftOut, ...] = ()
    if windows:
        before = min(horizons)
        frame, more = window_cases(listed, snapshots, first_after=before, oldest=oldest)
    else:
        frame = listed.assign(window=pd.Series(pd.NaT, listed.index, "datetime64[us]"))
    frame = frame.sort_values(["account_id", "date"], kind="stable", ignore_index=True)
    frame["since"] = _since(frame, listed, snapshots, oldest)
    at = {h: _stood(snapshots, frame, h, oldest) for h in horizons}
    if windows:
        landmark = _in_spell(snapshots, frame, _days(frame["window"]), oldest)
    else:
        landmark = _stood(snapshots, frame, days, oldest)
    why = _why_not(frame, snapshots, [*at.values(), landmark])
    use = why == ""
    mine = why[np.asarray(frame["outcome"] != "stayed", dtype=bool)]
    return Cases(
        snapshots=snapshots,
        design="windows" if windows else "renewals",
        frame=frame[use].reset_index(drop=True),
        at={h: _with_score(snapshots, found)[use] for h, found in at.items()},
        landmark=_with_score(snapshots, landmark)[use],
        left_out=counted([*faults, *more, *left_out_of(mine)]),
        oldest=oldest,
        lost=lost,
    )


def _since(
    frame: pd.DataFrame, listed: pd.DataFrame, snapshots: Snapshots, oldest: int
) -> pd.Series[pd.Timestamp]:
    """First snapshot's day of each case's spell: after the account's last churn before.

    Rows of an account that churned may go on although it is gone. It is back where a later outcome
    is listed; else only where it was away from the history for longer than a snapshot is old.
    """
    names = frame["account_id"].to_numpy(object)
    begins = _days(frame["window"].fillna(frame["date"]))
    before = _churn_before(names, begins, listed)
    latest = listed.groupby("account_id")["date"].max()
    last = _days(latest.reindex(names))
    first = snapshots.after(names, np.where(np.isnat(before), _EVER, before))
    out = np.full(len(frame), np.datetime64("NaT", "D"))
    out[first >= 0] = snapshots.day[first[first >= 0]]
    # A churn after which nothing is listed: only a gap tells that the account was away.
    for row in np.flatnonzero(~np.isnat(before) & ~(last >= begins)).tolist():
        out[row] = _back(snapshots, str(names[row]), before[row], oldest)
    return pd.Series(out.astype("datetime64[us]"), index=frame.index)


def _churn_before(names: NDArray[np.object_], days: Days, listed: pd.DataFrame) -> Days:
    """(n,) the last churn of each account before a day, NaT for none."""
    churn = listed[listed["outcome"] == "churned"]
    lost, when = churn["account_id"].to_numpy(object), _days(churn["date"])
    code, _ = pd.factorize(np.concatenate([lost, names]))
    order = np.argsort(order_key(code[: len(lost)], when), kind="stable")
    lost_code, when = code[: len(lost)][order], when[order]
    found = np.searchsorted(order_key(lost_code, when), order_key(code[len(lost) :], days)) - 1
    out = np.full(len(names), np.datetime64("NaT", "D"))
    rows = np.flatnonzero(found >= 0)
    rows = rows[lost_code[found[rows]] == code[len(lost) :][rows]]
    out[rows] = when[found[rows]]
    return out


def _back(snapshots: Snapshots, name: str, churn: Any, away: int) -> Any:
    """The first day an account was seen after a churn and *away* days without; NaT for none."""
    mine = snapshots.day[slice(*snapshots.span(name))]
    later = mine[mine > churn]
    gaps = np.diff(np.concatenate([[churn], later])).astype(np.int64)
    found = later[gaps > away]
    return found[0] if len(found) else np.datetime64("NaT", "D")


def _stood(snapshots: Snapshots, frame: pd.DataFrame, days: int, oldest: int) -> Places:
    """(n,) the snapshot so many days before each outcome in the same spell; −1 for none."""
    if days < 1:
        raise ValueError(f"a snapshot must stand at least 1 day before the outcome, got {days}")
    when = _days(frame["date"] - pd.Timedelta(days=days))
    return _in_spell(snapshots, frame, when, oldest)


def _in_spell(snapshots: Snapshots, frame: pd.DataFrame, when: Days, oldest: int) -> Places:
    """(n,) the snapshot of each case's account on or before a day, in its spell; −1 for none."""
    found = snapshots.at(frame["account_id"].to_numpy(object), when, oldest=oldest)
    since = _days(frame["since"])
    fits = (found >= 0) & ~np.isnat(since)
    if len(snapshots):
        fits &= snapshots.day[np.maximum(found, 0)] >= since
    return np.where(fits, found, -1)


def _days(stamps: pd.Series[pd.Timestamp]) -> Days:
    return np.asarray(stamps.to_numpy("datetime64[D]"), dtype="datetime64[D]")


def _with_score(snapshots: Snapshots, found: Places) -> Places:
    """Positions, −1 where the snapshot has no score."""
    if not len(snapshots):
        return found
    return np.where((found >= 0) & ~np.isnan(snapshots.total[np.maximum(found, 0)]), found, -1)


def _why_not(
    frame: pd.DataFrame, snapshots: Snapshots, found: Sequence[Places]
) -> NDArray[np.object_]:
    """(n,) why a case cannot be used, "" where it can."""
    why = np.full(len(frame), NO_SNAPSHOT, dtype=object)
    if not len(frame):
        return why
    why[(frame["date"] <= frame["since"]).to_numpy()] = FIRST
    why[frame["since"].isna().to_numpy()] = NO_SPELL
    why[np.any([places >= 0 for places in found], axis=0)] = NO_SCORE
    scored = [_with_score(snapshots, places) >= 0 for places in found]
    why[np.any(scored, axis=0)] = ""
    return why
