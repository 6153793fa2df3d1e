"""Amounts in several currencies: never added up, but by currency, or in one by given rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from scoring.errors import DataError

__all__ = ["CurrencyTotal", "by_currency", "convert", "main_currency", "own_amounts"]


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """ARR in one currency.

    Attributes:
        currency: ISO code, "" where nobody said.
        accounts: with an ARR in it.
        arr: their sum, in the currency.
    """

    currency: str
    accounts: int
    arr: float


def convert(frame: pd.DataFrame, rates: Mapping[str, float] | None) -> pd.DataFrame:
    """The portfolio frame with amounts in the base currency where a rate is given.

    Args:
        frame: arr and currency.
        rates: currency → units of the base, which is the currency at 1; None converts nothing.

    Returns:
        The frame with ``attrs["base"]``: the base, "" where nothing was converted. An account
        whose currency has no rate, or that names none, keeps its amount.

    Raises:
        DataError: no currency stands at 1, or a rate is not above 0.
    """
    base = "" if rates is None else _base(rates)
    if rates is not None:
        factor = frame["currency"].map(rates).astype(float)
        known = factor.notna()
        frame = frame.assign(
            arr=frame["arr"] * factor.fillna(1.0),
            currency=frame["currency"].where(~known, base),
        )
    frame.attrs["base"] = base
    return frame


def _base(rates: Mapping[str, float]) -> str:
    wrong = [f"{code} {rate:g}" for code, rate in rates.items() if not 0 < rate < math.inf]
    if wrong:
        raise DataError(f"Rates must be above 0: {', '.join(wrong)}. Correct them.")
    base = next((code for code, rate in rates.items() if rate == 1), None)
    if base is None:
        raise DataError("No currency of the rates stands at 1. Add the base: USD = 1.")
    return base


def main_currency(frame: pd.DataFrame) -> str:
    """The currency of most accounts that have an ARR; of equals the first by its code."""
    counts = frame.loc[frame["arr"].notna(), "currency"].value_counts()
    if counts.empty:
        return ""
    most = counts[counts == counts.max()]
    # A named currency goes before none.
    return min(map(str, most.index), key=lambda code: (code == "", code))


def own_amounts(frame: pd.DataFrame, currency: str | None = None) -> pd.Series[float]:
    """ARR of the accounts in one currency, NaN for the others, in the order of the frame.

    Args:
        frame: arr and currency.
        currency: the one asked for; the main one when not given.
    """
    wanted = main_currency(frame) if currency is None else currency
    return frame["arr"].where(frame["currency"] == wanted, np.nan)


def by_currency(frame: pd.DataFrame) -> tuple[CurrencyTotal, ...]:
    """Sums of ARR by currency: the main one first, then the largest number of accounts."""
    known = frame[frame["arr"].notna()]
    main = main_currency(frame)
    totals = [
        CurrencyTotal(str(code), len(rows), math.fsum(rows["arr"]))
        for code, rows in known.groupby("currency", sort=True)
    ]
    return tuple(sorted(totals, key=lambda t: (t.currency != main, -t.accounts, t.currency)))
