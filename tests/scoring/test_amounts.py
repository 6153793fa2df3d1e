"""Amounts in several currencies."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from scoring.amounts import by_currency, convert, main_currency, own_amounts
from scoring.errors import DataError


def amounts(*pairs: tuple[float, str]) -> pd.DataFrame:
    """A frame of amounts and currencies."""
    return pd.DataFrame(pairs, columns=["arr", "currency"])


def test_the_currency_of_most_accounts_is_the_main_one() -> None:
    """Accounts count, not amounts; of equals the first by its code, and a named one before none."""
    assert main_currency(amounts((1, "EUR"), (1, "EUR"), (1e9, "USD"))) == "EUR"
    assert main_currency(amounts((1, "USD"), (1, "EUR"))) == "EUR"
    assert main_currency(amounts((1, ""), (1, "USD"))) == "USD"
    assert main_currency(amounts((math.nan, "USD"), (1, ""))) == ""
    assert main_currency(amounts()) == ""


def test_currencies_are_never_added_up() -> None:
    """Each currency has its own total, the main one first; unknown amounts are in none."""
    frame = amounts((5, "USD"), (7, "EUR"), (1, "EUR"), (math.nan, "EUR"), (2, ""))
    totals = [(t.currency, t.accounts, t.arr) for t in by_currency(frame)]
    assert totals == [("EUR", 2, 8.0), ("", 1, 2.0), ("USD", 1, 5.0)]
    assert own_amounts(frame).tolist()[1:3] == [7, 1]
    assert own_amounts(frame, "USD").isna().sum() == 4


def test_rates_convert_what_they_know() -> None:
    """Amounts with a rate are in the base; others keep theirs, and the frame says the base."""
    frame = convert(
        amounts((10, "EUR"), (10, "USD"), (10, "SEK"), (10, "")), {"USD": 1, "EUR": 1.1}
    )
    assert frame["arr"].tolist() == pytest.approx([11, 10, 10, 10])
    assert frame["currency"].tolist() == ["USD", "USD", "SEK", ""]
    assert frame.attrs["base"] == "USD"


def test_without_rates_nothing_is_converted() -> None:
    """No rates leave all as it is."""
    frame = convert(amounts((10, "EUR"), (math.nan, "")), None)
    assert frame["arr"].iloc[0] == 10
    assert np.isnan(frame["arr"].iloc[1])
    assert frame.attrs["base"] == ""


@pytest.mark.parametrize("rates", [{"EUR": 1.1}, {"USD": 1, "EUR": 0}, {"USD": 1, "EUR": math.nan}])
def test_rates_that_make_no_sense(rates: dict[str, float]) -> None:
    """Rates without a base, and rates that are not above 0, are refused with the next step."""
    with pytest.raises(DataError, match=r"Add the base|Correct them"):
        convert(amounts((10, "EUR")), rates)
