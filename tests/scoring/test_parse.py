"""Cells as people type them, read by their column."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.columns import Column
from scoring.parse import currency_of, parse_value
from scoring.parse_column import parse_column
from scoring.parse_text import CellError, Reading, ValueProblem
from scoring.units import format_money, format_value

FRACTION = Column("x", "X", "number", unit="fraction", scale=(0.0, 1.0))
COUNT = Column("x", "X", "count")
MONEY = Column("x", "X", "money")
DATE = Column("x", "X", "date")
TEXT = Column("x", "X", "text")
ID = Column("x", "X", "id")
SEGMENT = Column("x", "X", "segment")
YES_NO = Column("x", "X", "yes_no")
STATE = Column("x", "X", "text", words=("Active", "Passive", "Vacant"))
RATING = Column("x", "X", "number", unit="rating", scale=(1.0, 5.0))


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        (FRACTION, "48%", 0.48),
        (FRACTION, "48 %", 0.48),
        (FRACTION, "0.48", 0.48),
        (FRACTION, 0.48, 0.48),
        (FRACTION, "7.1%", 0.071),
        (COUNT, "1,200", 1200.0),
        (MONEY, "£1,200", 1200.0),
        (MONEY, "$1.2M", 1_200_000.0),
        (MONEY, "120k", 120_000.0),
        (MONEY, "1200 EUR", 1200.0),
        (MONEY, "(300)", -300.0),
        (DATE, "2026-03-04", date(2026, 3, 4)),
        (DATE, "04-03-2026", date(2026, 3, 4)),
        (DATE, "31/12/2026", date(2026, 12, 31)),
        (DATE, "12/31/2026", date(2026, 12, 31)),
        (DATE, "4 Mar 2026", date(2026, 3, 4)),
        (DATE, 46000, date(2025, 12, 9)),
        (DATE, datetime(2026, 3, 4, 12, tzinfo=UTC), date(2026, 3, 4)),
        (SEGMENT, "ENT", "enterprise"),
        (SEGMENT, "Mid-Market", "mid_market"),
        (SEGMENT, "small business", "smb"),
        (STATE, "active", "Active"),
        (YES_NO, True, True),
        (YES_NO, "n", False),
        (TEXT, "NA", "NA"),
        (TEXT, "None", "None"),
        (TEXT, "null", "null"),
        (ID, "00123", "00123"),
        (ID, 123.0, "123"),
        (ID, "NA", "NA"),
    ],
)
def test_values_are_read_as_their_column_needs(column: Column, raw: object, value: object) -> None:
    """Values are read as their column needs."""
    assert parse_value(raw, column) == value


@pytest.mark.parametrize("raw", ["", None, float("nan"), "-", "–", "n/a", "N/A", "  "])
@pytest.mark.parametrize("column", [FRACTION, COUNT, MONEY, DATE, SEGMENT, STATE, YES_NO, TEXT])
def test_blanks_are_missing(column: Column, raw: object) -> None:
    """Blanks are missing."""
    assert parse_value(raw, column) is None


@pytest.mark.parametrize(
    ("column", "raw", "message"),
    [
        (FRACTION, 48, "Not a fraction. Type 48% or 0.48."),
        (FRACTION, "48", "Not a fraction. Type 48% or 0.48."),
        (FRACTION, "148%", "Outside the scale 0% to 100%. Type a value from 0% to 100%."),
        (FRACTION, "abc", "Text where a number belongs. Type a number or leave it blank."),
        (FRACTION, True, "TRUE or FALSE where a number belongs. Type a number."),
        (RATING, 6, "Outside the scale 1 to 5. Type a value from 1 to 5."),
        (COUNT, "48%", "A percentage where a plain number belongs. Type the number itself."),
        (COUNT, 2.5, "Not a whole number. Type a whole number."),
        (MONEY, "1.234,56", ("Ambiguous: the comma may part decimals or thousands. "
                            "Type 1234.56, or declare a decimal comma.")),
        (DATE, "04/03/2026", ("Ambiguous: 4 March or 3 April. Type 2026-03-04 or 2026-04-03, "
                             "or declare the day order.")),
        (DATE, "2026-02-30", "No such day in the calendar. Type it as 2026-01-31."),
        (DATE, 12, "A number where a date belongs. Type it as 2026-01-31."),
        (STATE, "Pasive", "Not one of Active, Passive, Vacant. Type Passive."),
        (FRACTION, CellError("#DIV/0!"), ("The cell shows the error #DIV/0!, so the value is "
                                         "missing. Repair its formula or clear the cell.")),
        (TEXT, "#N/A", ("The cell shows the error #N/A, so the value is missing. "
                       "Repair its formula or clear the cell.")),
    ],
)  # fmt: skip
def test_what_cannot_be_used_says_why_and_what_to_type(
    column: Column, raw: object, message: str
) -> None:
    """What cannot be used says why and what to type."""
    with pytest.raises(ValueProblem) as caught:
        parse_value(raw, column)
    assert str(caught.value) == message


def test_a_declared_locale_decides_ambiguous_text() -> None:
    """A declared locale decides ambiguous text."""
    assert parse_value("1.234,56", MONEY, Reading(decimal=",")) == 1234.56
    assert parse_value("04/03/2026", DATE, Reading(day_first=True)) == date(2026, 3, 4)
    assert parse_value("04/03/2026", DATE, Reading(day_first=False)) == date(2026, 4, 3)


def test_one_unambiguous_date_decides_its_column() -> None:
    """One unambiguous date decides its column."""
    parsed = parse_column(["31/12/2026", "04/03/2026"], DATE, Reading())
    assert parsed.values[1] == np.datetime64("2026-03-04")
    assert not parsed.problems


@pytest.mark.parametrize(
    ("text", "code"), [("£5", "GBP"), ("US$ 5", "USD"), ("5 sek", "SEK"), ("5", None)]
)
def test_money_text_names_its_currency(text: str, code: str | None) -> None:
    """Money text names its currency."""
    assert currency_of(text) == code


CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(-(10**9), 10**9), st.text(max_size=8),
    st.dates(), st.sampled_from(["", "48%", "1,200", "0.5", "#N/A", "-", "2026-01-31", "NA"]),
)  # fmt: skip


@given(st.lists(CELLS, max_size=12), st.sampled_from([FRACTION, COUNT, MONEY, TEXT, ID, STATE]))
def test_a_column_reads_like_its_cells(cells: list[object], column: Column) -> None:
    """A column reads like its cells."""
    parsed = parse_column(cells, column, Reading())
    wrong = {i for i, _, _ in parsed.problems}
    for i, raw in enumerate(cells):
        try:
            expected = parse_value(raw, column)
        except ValueProblem:
            assert i in wrong
            continue
        assert i not in wrong
        value = parsed.values[i]
        assert (value is None or value != value) if expected is None else value == expected


@pytest.mark.parametrize(
    ("amount", "code", "text"),
    [(2_310_000, "USD", "$2.31M"), (410_000, "EUR", "€410K"), (0, "USD", "$0"),
     (999_600, "USD", "$1.00M"), (96_000, "SEK", "SEK 96K"), (float("nan"), "USD", "–")],
)  # fmt: skip
def test_money_in_words(amount: float, code: str, text: str) -> None:
    """Money in words."""
    assert format_money(amount, code) == text


def test_values_in_words() -> None:
    """Values in words."""
    assert format_value(0.48, "fraction") == "48%"
    assert format_value(-0.18, "change") == "−18%"
    assert format_value(2.0, "per_week") == "2.0 a week"
    assert format_value(None, "count") == "–"
