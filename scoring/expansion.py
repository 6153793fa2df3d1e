"""Whether an account shows that it wants more: a signal that was given, or use above the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scoring.score import Scores

__all__ = ["OVER_USE", "SIGNALS", "expansion_flags", "leaving_flags"]

SIGNALS = ("expansion_signals", "expansion_signal")
"""State columns that say Yes or No."""

OVER_USE: Mapping[str, float] = {
    "plan_capacity_used": 0.8,  # 003 Component 3, Business Health: 50–80 % is healthy
    "contract_utilisation": 1.0,  # ours: more than was bought
    "seats_active_share": 1.0,  # ours: more people than seats
}
"""Metric → share of what was bought, above which an account has outgrown it."""


def expansion_flags(accounts: pd.DataFrame, scores: Scores) -> NDArray[np.bool_]:
    """Whether each account wants more, (n,).

    A given signal decides: Yes or No. Without one, details in words are a Yes. Use above the
    plan is a Yes in any case.

    Args:
        accounts: n rows, columns of `columns.account_columns`.
        scores: of these rows; gives metrics that were derived.
    """
    n = len(accounts)
    said = pd.Series([""] * n, dtype=object)
    for key in SIGNALS:
        if key in accounts:
            said = said.where(said != "", _words(accounts[key]))
    details = pd.Series([""] * n, dtype=object)
    if "expansion_details" in accounts:
        details = _words(accounts["expansion_details"])
    yes = (said == "yes") | (said == "true") | ((said == "") & ~details.isin(["", "no", "none"]))
    out = yes.to_numpy(bool)
    for key, most in OVER_USE.items():
        out = out | (_values(accounts, scores, key) > most + 1e-9)
    return out


def leaving_flags(accounts: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each account shows downgrade or cancellation signals, (n,).

    A given signal decides: Yes or No. Without one, details in words are a Yes.

    Args:
        accounts: n rows, columns of `columns.account_columns`.
    """
    said = pd.Series([""] * len(accounts), dtype=object)
    for key in ("downgrade_signals", "downgrade_details"):
        if key in accounts:
            said = said.where(said != "", _words(accounts[key]))
    return ~said.isin(["", "no", "none", "false"]).to_numpy(bool)


def _words(column: pd.Series[Any]) -> pd.Series[Any]:
    plain = column.reset_index(drop=True).astype(object)
    return plain.where(plain.notna(), "").astype(str).str.strip().str.casefold().astype(object)


def _values(accounts: pd.DataFrame, scores: Scores, key: str) -> NDArray[np.float64]:
    if key in scores.values:
        return np.asarray(scores.values[key].to_numpy(float))
    if key in accounts:
        return np.asarray(pd.to_numeric(accounts[key]).to_numpy(float, na_value=np.nan))
    return np.full(len(accounts), np.nan)
