"""Names and amounts that a history knows of its cases."""

from __future__ import annotations

from datetime import date

import pandas as pd

from scoring.validation.cases import Cases, join_cases
from scoring.validation.facts import one_currency, with_facts
from scoring.validation.snapshots import take_snapshots
from tests.scoring.validation.companies import simple_model

DAYS = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])


def cases(**outcome: object) -> Cases:
    """One account, seen three times at 50 points, and what it decided on 15 March."""
    model = simple_model()
    history = pd.DataFrame({"account_id": "S-1", "date": DAYS})
    history = history.assign(**{m.key: 50.0 for m in model.metrics})
    row = {"account_id": "S-1", "outcome": "renewed", "date": pd.Timestamp(2026, 3, 15), **outcome}
    taken = take_snapshots(history, model)
    return join_cases(pd.DataFrame([row]), taken, days=60, made=date(2026, 4, 1))


def facts(**columns: object) -> pd.DataFrame:
    """What the history says of the account on the three days."""
    return pd.DataFrame({"account_id": "S-1", "date": DAYS, **columns})


def test_the_last_name_and_amount_before_the_outcome() -> None:
    """What is known later, or on the day itself, is not taken for what it paid."""
    late = pd.DataFrame({"account_id": ["S-1"], "date": [pd.Timestamp(2026, 3, 15)],
                         "arr": [999.0], "currency": ["EUR"]})  # fmt: skip
    known = facts(arr=[100.0, 120.0, None], currency="EUR", account_name=["Old", "Sample 1", None])
    told = with_facts(cases(), pd.concat([known, late], ignore_index=True)).frame.iloc[0]
    assert (told["arr"], told["currency"], told["account_name"]) == (120.0, "EUR", "Sample 1")


def test_what_the_list_says_counts() -> None:
    """Name and ARR of the list stay, and so does its currency."""
    given = cases(account_name="Mine", arr=7.0, currency="USD")
    told = with_facts(given, facts(arr=100.0, currency="EUR", account_name="Theirs")).frame.iloc[0]
    assert (told["arr"], told["currency"], told["account_name"]) == (7.0, "USD", "Mine")


def test_two_currencies_do_not_meet() -> None:
    """An ARR after in dollars gets no ARR before in euros."""
    given = cases(arr_after=50.0, currency="USD")
    assert with_facts(given, facts(arr=100.0, currency="EUR")).frame["arr"].isna().all()
    assert with_facts(given, facts(arr=100.0, currency="USD")).frame["arr"].tolist() == [100.0]


def test_nothing_known() -> None:
    """A history without names and amounts changes nothing."""
    before = cases()
    pd.testing.assert_frame_equal(with_facts(before, facts()).frame, before.frame)


def test_the_currency_of_all() -> None:
    """One code is it; two are none; a code without an amount does not count."""
    one = pd.DataFrame({"arr": [1.0, None], "arr_after": None, "currency": ["EUR", "USD"]})
    assert one_currency(one) == "EUR"
    assert one_currency(one.assign(arr=[1.0, 2.0])) == ""
    assert one_currency(one.iloc[:0]) == ""
