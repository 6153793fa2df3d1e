"""Numbers, amounts, shares, days and flags out of cells."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.cells import Cell, CellProblem
from addin.readers import (
    SCORE,
    read_amount,
    read_date,
    read_flag,
    read_number,
    read_share,
)

DAY = date(2026, 6, 30)


def refusal(reader: Callable[..., object], cell: Cell, *more: object) -> str:
    """Code and sentence with which a cell is refused."""
    with pytest.raises(CellProblem) as caught:
        reader(cell, "Score", *more)
    return f"{caught.value.fault.code} {caught.value.fault.message}"


@given(st.floats(0, 100))
def test_a_number_and_its_text_are_the_same(number: float) -> None:
    """A number is read alike from a number cell and from the text that shows it."""
    text = f"{number:.10f}"
    assert read_number(number, "Score", SCORE) == number
    assert read_number(text, "Score", SCORE) == float(text)


@pytest.mark.parametrize("blank", [None, "", "  ", "–", "n/a"])
def test_blanks(blank: Cell) -> None:
    """A blank is missing, never zero, unless the caller says what it stands for."""
    assert math.isnan(read_number(blank, "Score", SCORE))
    assert read_number(blank, "Days", blank=30) == 30
    assert math.isnan(read_amount(blank, "ARR"))
    assert math.isnan(read_share(blank, "Churn"))
    assert read_date(blank, "Renewal date") is None
    assert read_flag(blank, "Expansion") is False


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("good", "#VALUE! Score: good. Text where a number belongs. Type a number or leave it"),
        (True, "#VALUE! Score: TRUE. TRUE or FALSE where a number belongs."),
        (DAY, "#VALUE! Score: 2026-06-30. A date or time where a number belongs."),
        ("48%", "#VALUE! Score: 48%. A percentage where a plain number belongs."),
        ("67,95", "#VALUE! Score: 67,95. Ambiguous: the comma may part decimals or thousands."),
        (math.inf, "#VALUE! Score: inf. Infinite."),
        (101.0, "#NUM! Score: 101. The scale is 0 to 100; correct the value."),
        ("-3", "#NUM! Score: -3. The scale is 0 to 100; correct the value."),
    ],
)
def test_numbers_that_are_refused(cell: Cell, told: str) -> None:
    """The sentence names the argument and the value, and says what is right."""
    assert refusal(read_number, cell, SCORE).startswith(told)


def test_what_sums_of_weights_miss_is_mended() -> None:
    """A score a hair beyond its scale lies on its end."""
    assert read_number(100.0000000001, "Score", SCORE) == 100.0
    assert read_number(-1e-12, "Score", SCORE) == 0.0


def test_amounts() -> None:
    """Amounts are read with their currency and their magnitude, and are never below zero."""
    cells: list[Cell] = [1200.0, "1200", "£1,200", "1.2k", "1 200 EUR"]
    assert [read_amount(cell, "ARR") for cell in cells] == [1200.0] * 5
    assert refusal(read_amount, "(300)").startswith("#NUM! Score: -300. The scale is 0 or more;")
    assert refusal(read_amount, "lots").startswith("#VALUE! Score: lots.")


def test_shares() -> None:
    """A share is a fraction or a per cent; 34 is told how to be typed."""
    assert read_share(0.34, "Churn") == read_share("34%", "Churn") == 0.34
    told = "Score: 34. Not a fraction. Type 34% or 0.34."
    assert refusal(read_share, 34.0) == f"#NUM! {told}"
    assert refusal(read_share, "34") == f"#VALUE! {told}"


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        datetime.fromisoformat("2026-06-30T18:00"),
        46203.0,
        46203.9,
        "2026-06-30",
        "30 June 2026",
        "30/06/2026",
    ],
)
def test_days(cell: Cell) -> None:
    """A day is read from a date, its number with or without a time, or text."""
    assert read_date(cell, "Renewal date") == DAY


@pytest.mark.parametrize("cell", [60.0, -1.0, "soon", "03/04/2026", "31 June 2026", True])
def test_days_that_are_refused(cell: Cell) -> None:
    """What is no day, or two days to two countries, is never guessed."""
    assert refusal(read_date, cell).startswith("#VALUE! Score: ")


def test_flags() -> None:
    """Yes and no are read as a person or a spreadsheet says them."""
    yes: list[Cell] = [True, 1.0, "Yes", "x", "TRUE"]
    no: list[Cell] = [False, 0.0, "no", "FALSE"]
    assert [read_flag(cell, "Expansion") for cell in yes] == [True] * 5
    assert [read_flag(cell, "Expansion") for cell in no] == [False] * 4
    assert (
        refusal(read_flag, "maybe") == "#VALUE! Score: maybe. Neither Yes nor No. Type Yes or No."
    )
