"""From which tier to which: accounts and ARR between the previous snapshot and today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from scoring.amounts import main_currency
from scoring.groups import TIER_ORDER
from scoring.portfolio import sum_known
from scoring.tier_trend import STANDS_DAYS
from scoring.timeline import Timeline

__all__ = ["GONE", "NEW", "Migration", "migration"]

NEW, GONE = "new", "gone"
FROM = (*TIER_ORDER, NEW)
TO = (*TIER_ORDER, GONE)


@dataclass(frozen=True, slots=True)
class Migration:
    """Accounts by what they were and what they are.

    Attributes:
        currency: of the amounts.
        rows: what they were: tier keys, "" for no score, "new".
        columns: what they are: tier keys, "" for no score, "gone".
        accounts: a row of counts for each of ``rows``.
        arr: ARR likewise; 0 of no account, NaN where none of it is known.
        first: there is no earlier snapshot, so that nothing can have moved.
    """

    currency: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    accounts: tuple[tuple[int, ...], ...]
    arr: tuple[tuple[float, ...], ...]
    first: bool

    def at(self, was: str, now: str) -> tuple[int, float]:
        """Accounts and ARR of one cell."""
        row, column = self.rows.index(was), self.columns.index(now)
        return self.accounts[row][column], self.arr[row][column]


def migration(
    frame: pd.DataFrame,
    timeline: Timeline,
    *,
    currency: str | None = None,
    last_arr: pd.Series[float] | None = None,
    stands_days: int = STANDS_DAYS,
) -> Migration:
    """The matrix of tiers: previous against today's.

    Args:
        frame: the portfolio frame of today.
        timeline: today's scores and the snapshots before.
        currency: amounts in it count; the one of most accounts when not given.
        last_arr: account id → ARR, in the currency, of accounts that the frame lacks.
        stands_days: an account is gone when it stood at the last snapshot, or so many days
            before it, and the frame lacks it. One that went earlier is not told again.

    Returns:
        The cells of the columns but "gone" sum to the accounts of the frame. An account that no
        earlier snapshot knows is new; one that they know without any score was "".
    """
    wanted = main_currency(frame) if currency is None else currency
    history = timeline.history()
    known = frame["account_id"].isin(set(history["account_id"]))
    was = frame["previous_tier"].to_numpy(object)
    was = np.where((was == "") & ~known.to_numpy(bool), NEW, was)
    moves = pd.DataFrame(
        {
            "was": was,
            "now": frame["tier"].to_numpy(object),
            "arr": frame["arr"].where(frame["currency"] == wanted).to_numpy(float),
        }
    )
    moves = pd.concat([moves, _gone(frame, history, last_arr, stands_days)], ignore_index=True)
    cells = {key: part["arr"].tolist() for key, part in moves.groupby(["was", "now"], sort=False)}
    accounts = tuple(tuple(len(cells.get((a, b), [])) for b in TO) for a in FROM)
    arr = tuple(tuple(sum_known(cells.get((a, b), [])) for b in TO) for a in FROM)
    return Migration(wanted, FROM, TO, accounts, arr, history.empty)


def _gone(
    frame: pd.DataFrame,
    history: pd.DataFrame,
    last_arr: pd.Series[float] | None,
    stands_days: int,
) -> pd.DataFrame:
    """Accounts of the last snapshots that the frame lacks, with their last tier."""
    if history.empty:
        return pd.DataFrame({"was": [], "now": [], "arr": []})
    days = pd.to_datetime(history["date"])
    recent = history[days >= days.max() - timedelta(days=stands_days)]
    last = recent[~recent["account_id"].isin(set(frame["account_id"]))]
    last = last.drop_duplicates("account_id", keep="last")
    amounts = pd.Series(dtype=float) if last_arr is None else last_arr
    return pd.DataFrame(
        {
            "was": last["tier"].to_numpy(object),
            "now": np.full(len(last), GONE, dtype=object),
            "arr": amounts.reindex(last["account_id"]).to_numpy(float),
        }
    )
