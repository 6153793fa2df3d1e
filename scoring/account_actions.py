"""Of the *Actions* of many accounts: what was done last, and what is due next."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from scoring.columns import normalise

__all__ = ["ACTION_COLUMNS", "account_actions", "filled"]

DONE = frozenset({"done", "closed", "complete", "completed", "finished", "yes", "resolved"})
DROPPED = frozenset({"dropped", "cancelled", "canceled", "wontdo", "rejected", "obsolete"})
"""Normalised words of the column Status; every other word, and none, is open."""

ACTION_COLUMNS = ("last_action", "last_action_date", "next_action", "next_due", "next_owner")


def account_actions(actions: pd.DataFrame | None, ids: pd.Series[Any]) -> pd.DataFrame:
    """Last done and next open action of each account.

    Args:
        actions: rows as in `columns.ACTIONS`: account_id, action, deadline, status, owner; and
            closed, the day it was. An absent column is missing. None or empty where there are none.
        ids: (n,) account ids, unique.

    Returns:
        n rows in the order of *ids* with `ACTION_COLUMNS`: texts "" and dates NaT where none.
        Last is the action done last, by the day it was closed, else by its deadline; next the open
        one with the earliest deadline. Of equals the one that stands first counts, and one
        without a day comes after those with.
    """
    keys = ids.astype(str)
    out = pd.DataFrame(index=range(len(keys)))
    rows = _read(actions)
    word = rows["status"]
    done = rows[word.isin(DONE)]
    done = done.assign(deadline=done["closed"].fillna(done["deadline"]))
    last = done.sort_values("deadline", ascending=False, kind="stable")
    following = rows[~word.isin(DONE | DROPPED)].sort_values("deadline", kind="stable")
    for name, dated, found in (("last_action", "last_action_date", last),
                               ("next_action", "next_due", following)):  # fmt: skip
        first = found.drop_duplicates("account_id").set_index("account_id").reindex(keys)
        out[name] = filled(first["action"]).to_numpy(object)
        out[dated] = first["deadline"].to_numpy("datetime64[us]")
        owner = filled(first["owner"]).to_numpy(object)
    return out.assign(next_owner=owner)[list(ACTION_COLUMNS)]


def filled(column: pd.Series[Any]) -> pd.Series[Any]:
    """A column of texts, "" where missing; also one that is empty and so has another type."""
    return column.astype(object).where(column.notna(), "")


def _read(actions: pd.DataFrame | None) -> pd.DataFrame:
    frame = pd.DataFrame() if actions is None else actions
    n = len(frame)

    def text(key: str) -> pd.Series[Any]:
        column = frame[key] if key in frame else pd.Series([""] * n, index=frame.index)
        return filled(column).astype(str).astype(object)

    never = pd.Series(np.full(n, np.datetime64("NaT", "us")), index=frame.index)
    days = {key: pd.to_datetime(frame.get(key, never)) for key in ("deadline", "closed")}
    status = text("status")
    words = {word: normalise(word) for word in status.unique()}
    return pd.DataFrame(
        {
            "account_id": text("account_id"),
            "action": text("action"),
            **{key: dates.astype("datetime64[us]") for key, dates in days.items()},
            "status": status.map(words).astype(object),
            "owner": text("owner"),
        }
    )
