"""ARR of outcomes and of the history in one currency, where the project has rates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

__all__ = ["converted", "currency_note", "known_facts"]

_FACTS = ("account_id", "date", "account_name", "arr", "currency")
Rates = tuple[str, Mapping[str, float]]
"""The base currency, and currency → units of it."""


def known_facts(rows: pd.DataFrame) -> pd.DataFrame:
    """Of a history's rows what `with_facts` takes: whose they are, of when, name and ARR."""
    return rows[[key for key in _FACTS if key in rows.columns]]


def converted(frame: pd.DataFrame, rates: Rates | None) -> pd.DataFrame:
    """Amounts in the base currency; those of a currency without a rate stay as they are.

    Args:
        frame: any of arr, arr_after, currency.
        rates: None leaves everything as it is.
    """
    if rates is None or "currency" not in frame.columns:
        return frame
    base, values = rates
    rate = frame["currency"].map(dict(values)).astype(float)
    known = rate.notna()
    out = frame.assign(currency=frame["currency"].where(~known, base))
    for key in ("arr", "arr_after"):
        if key in frame.columns:
            amount = frame[key].astype(float)
            out[key] = np.where(known, amount * rate, amount)
    return out


def currency_note(cases: pd.DataFrame) -> str:
    """Why amounts are not added up; "" where they are, or where there are none.

    Args:
        cases: of a backtest, with arr and currency.
    """
    known = cases[cases["arr"].notna()]
    codes = sorted({str(code) or "none given" for code in known["currency"]})
    if len(codes) < 2:
        return ""
    return (
        f"ARR is in {', '.join(codes)} and not added up. Section rates in healthsheet.toml makes "
        "one currency of them."
    )
