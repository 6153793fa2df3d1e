"""What a row says we wrote into it, against what stands there."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from workbook_templates.ooxml.columns import Columns
from workbook_templates.portfolio.tables import TableColumn, TableSpec
from workbook_templates.portfolio.written import Written, record, watched
from workbook_templates.refresh.today import columns_of

SPEC = TableSpec(
    "Accounts",
    "Accounts",
    ("account_id",),
    (
        TableColumn("account_id", "Account ID"),
        TableColumn("account_name", "Account"),
        TableColumn("csm", "CSM", told=True),
        TableColumn("arr", "ARR", "money", told=True),
        TableColumn("due", "Due", "date", told=True),
        TableColumn("seen", "Seen", "date", told=True),
        TableColumn("score", "Score", told=True, formula="1"),
        TableColumn("action", "Action", told=True, kept=True),
        TableColumn("written", "As written", hidden=True),
    ),
    keeps_order=True,
)
DATA: dict[str, Any] = {
    "account_id": ["1", "2", "3"],
    "account_name": np.array(["Ada  Ltd", "Bea\r\nInc", ""], object),
    "csm": ["Bo", None, "Bo"],
    "arr": np.array([1234.5678, np.nan, 1 / 3]),
    "due": np.array(["2026-11-22", "NaT", "2027-01-31"], "datetime64[ns]"),
    "seen": [date(2026, 11, 22), None, pd.NaT],
}
KEYS = ["account_name", "csm", "arr", "due", "seen"]


def written(letters: Any, *, date1904: bool = False) -> Written:
    """The letters as a workbook has them."""
    return Written(SPEC, list(letters), date1904=date1904)


def test_watched_are_values_that_are_told() -> None:
    """Neither formulas, nor what people write, nor what nobody would change."""
    assert [c.key for c in watched(SPEC)] == KEYS


@pytest.mark.parametrize("date1904", [False, True])
def test_what_was_written_is_not_typed(date1904: bool) -> None:
    """Each kind of value, as it is read back, is the one that was written."""
    letters = record(SPEC, DATA, 3)
    assert {len(text) for text in letters} == {2 + len(KEYS)}
    read = columns_of(SPEC, Columns(DATA, 3), date1904=date1904)
    known = written(letters, date1904=date1904)
    found = [(k, row) for k in KEYS for row in range(3) if known.typed(k, row, read[k][row])]
    assert found == []
    # Programs keep fifteen digits, and lose blanks at the ends.
    assert not known.typed("arr", 2, 0.333333333333333)
    assert not known.typed("account_name", 0, "Ada Ltd ")


@pytest.mark.parametrize(
    ("key", "row", "value"),
    [("csm", 0, "Bob"), ("csm", 1, "Bo"), ("arr", 0, 1234.0), ("arr", 1, 0.0), ("arr", 2, "n/a"),
     ("due", 0, 46000.0), ("account_name", 0, None), ("csm", 2, True)],
)  # fmt: skip
def test_another_value_is_typed(key: str, row: int, value: Any) -> None:
    """A text, a number, a day, something in a blank, a blank in place of something."""
    assert written(record(SPEC, DATA, 3)).typed(key, row, value)


def test_damaged_letters_say_nothing() -> None:
    """Gone, cut, of other columns, not a text: no value is called typed."""
    letters = record(SPEC, DATA, 3)
    other = TableSpec("Accounts", "Accounts", ("account_id",), SPEC.columns[:5])
    for odd in (None, "", letters[0][:-1], 7.0, record(other, DATA, 3)[0] + "AA"):
        assert not written([odd, odd, odd]).typed("csm", 0, "Bob")
    assert not written(letters).typed("score", 0, 99.0)


def test_a_portfolio_without_accounts_has_none() -> None:
    """No rows, no letters."""
    assert record(SPEC, {k: DATA[k][:0] for k in KEYS}, 0).tolist() == []
