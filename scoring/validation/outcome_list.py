"""A list of outcomes, cleaned: what counts, and why the rest does not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.validation.records import LeftOut

__all__ = ["COLUMNS", "LISTED", "clean_outcomes", "counted", "left_out_of"]

LISTED = ("churned", "contracted", "renewed", "expanded")
"""What a list may say, worst first: of two on one day the worse one counts."""
COLUMNS = ("account_id", "account_name", "outcome", "date", "arr", "arr_after", "currency",
           "reason")  # fmt: skip
"""Of a cleaned list."""
NO_KIND = "Not one of renewed, contracted, expanded, churned"
NO_DATE = "No date"
LATER = "After the day of this backtest: not known yet"
UNKNOWN = "The account is not in the history"
TWICE = "Another outcome of the account that day; the worse one counts"


def clean_outcomes(
    outcomes: pd.DataFrame, known: Sequence[str], *, made: date | None
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[LeftOut, ...]]:
    """Outcomes that can be looked at.

    Args:
        outcomes: account_id, outcome, date, and, where known, the other `COLUMNS`; may be empty,
            then without any column.
        known: accounts of the history.
        made: today; what lies after it has not happened. None: everything has.

    Returns:
        What counts in the order of account and date (one row an account and day); all losses that
        happened, also those of accounts that the history does not know; what was left out.
    """
    frame = _typed(outcomes)
    worth = frame["outcome"].map({kind: n for n, kind in enumerate(LISTED)})
    frame = frame.assign(worth=worth).sort_values(["account_id", "date", "worth"], kind="stable")
    why = np.full(len(frame), "", dtype=object)
    why[frame.duplicated(["account_id", "date"]).to_numpy()] = TWICE
    why[~frame["account_id"].isin(list(known)).to_numpy()] = UNKNOWN
    if made is not None:
        why[(frame["date"] > pd.Timestamp(made)).to_numpy()] = LATER
    why[frame["date"].isna().to_numpy()] = NO_DATE
    why[frame["worth"].isna().to_numpy()] = NO_KIND
    lost = frame[(frame["outcome"] == "churned").to_numpy() & np.isin(why, ["", UNKNOWN])]
    lost = lost.drop_duplicates(["account_id", "date"])
    columns = list(COLUMNS)
    kept = frame.loc[why == "", columns].reset_index(drop=True)
    return kept, lost[columns].reset_index(drop=True), left_out_of(why)


def left_out_of(why: NDArray[np.object_] | Sequence[str]) -> tuple[LeftOut, ...]:
    """Reasons with their counts, most frequent first; "" is none."""
    found = pd.Series(list(why), dtype=object)
    counts = found[found != ""].value_counts(sort=False)
    rows = [LeftOut(reason=str(reason), count=int(n)) for reason, n in counts.items()]
    return counted(rows)


def counted(rows: Sequence[LeftOut]) -> tuple[LeftOut, ...]:
    """The same reasons added up, most frequent first, then by their text."""
    total: dict[str, int] = {}
    for row in rows:
        total[row.reason] = total.get(row.reason, 0) + row.count
    order = sorted(total, key=lambda reason: (-total[reason], reason))
    return tuple(LeftOut(reason=reason, count=total[reason]) for reason in order)


def _typed(outcomes: pd.DataFrame) -> pd.DataFrame:
    """All `COLUMNS` in their types; what a list does not have is unknown."""
    out = pd.DataFrame(index=pd.RangeIndex(len(outcomes)))
    for key in COLUMNS:
        given = outcomes[key].reset_index(drop=True) if key in outcomes else None
        if key == "date":
            days = pd.Series(pd.NaT, index=out.index) if given is None else given
            out[key] = pd.to_datetime(days).dt.normalize().astype("datetime64[us]")
        elif key in ("arr", "arr_after"):
            amounts = pd.Series(np.nan, index=out.index) if given is None else given
            out[key] = pd.to_numeric(amounts).astype(float)
        else:
            text = pd.Series("", index=out.index, dtype=object) if given is None else given
            out[key] = text.astype(object).fillna("").map(lambda x: str(x).strip()).astype(object)
    return out
