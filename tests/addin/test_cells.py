"""Cells in, cells out."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from addin.cells import (
    CellError,
    CellProblem,
    Fault,
    Grid,
    as_grid,
    as_text,
    filled,
    is_error,
    on_day,
    shown,
    single,
    today,
)


@pytest.mark.parametrize(
    ("argument", "grid"),
    [
        (5.0, ((5.0,),)),
        ("a", (("a",),)),
        (None, ((None,),)),
        ((1.0, 2.0), ((1.0, 2.0),)),
        ([[1.0, 2.0], [3.0, 4.0]], ((1.0, 2.0), (3.0, 4.0))),
        (((1.0,), (2.0,)), ((1.0,), (2.0,))),
        (((1.0, None),), ((1.0, None),)),
        ((), ((),)),
    ],
)
def test_grid(argument: object, grid: object) -> None:
    """A value is one cell, a flat sequence one row, and rows stay rows."""
    assert as_grid(argument) == grid


def test_ragged_grid() -> None:
    """Rows of different lengths are refused."""
    with pytest.raises(CellProblem, match="differ in length"):
        as_grid(((1.0, 2.0), (3.0,)))


@pytest.mark.parametrize("argument", [None, "", " ", 0.0, ((None,),), (("",),)])
def test_blank_text(argument: object) -> None:
    """An argument left out, a blank cell and the 0 that some hosts make of it are no text."""
    assert as_text(argument, "Segment") == ""


@pytest.mark.parametrize("argument", [3.0, True, CellError("#N/A"), (("a", "b"),)])
def test_no_text(argument: object) -> None:
    """Anything but one text is refused and the argument is named."""
    with pytest.raises(CellProblem, match="Segment: ") as caught:
        as_text(argument, "Segment")
    assert caught.value.fault.code == "#VALUE!"


def test_single() -> None:
    """One cell comes out of whatever it is wrapped in."""
    assert as_text(((" smb ",),), "Segment") == "smb"
    assert single(((None,),), "Score") is None
    assert single((), "Score") is None


def test_error_cells() -> None:
    """Error cells are known as such and as exported text; other texts are not."""
    assert is_error(CellError("Err:522"))
    assert is_error("#DIV/0!")
    assert not is_error("#1 customer")
    assert not is_error(None)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (48.0, "48"),
        (0.0, "0"),
        (None, "blank"),
        ("", "blank"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (False, "FALSE"),
        (CellError("#REF!"), "#REF!"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 12, 30), "2026-01-31"),  # noqa: DTZ001 - cells have no zone
        ("two\nlines", "two lines"),
        ("x" * 50, "x" * 39 + "…"),
    ],
)
def test_shown(cell: object, text: str) -> None:
    """Values stand in messages short, on one line."""
    assert shown(cell) == text


@pytest.mark.parametrize(
    ("grid", "rows"),
    [
        (((),), 0),
        (((None, ""), ("", "")), 0),
        (((None,), (0.0,), (None,)), 2),
        (((1.0, None), ("", False), ("", "")), 2),
        (((None,), (CellError("#N/A"),)), 2),
        (((None,), (" ",)), 2),
    ],
)
def test_filled(grid: Grid, rows: int) -> None:
    """Rows down to the last that is not empty; 0, no, an error and a space are something."""
    assert filled(grid) == rows


def test_fault_is_its_code() -> None:
    """As text, a fault is the error that the spreadsheet shows."""
    assert str(Fault("#NUM!", "Score: 120. The scale is 0 to 100; correct the value.")) == "#NUM!"


def test_another_day() -> None:
    """Inside `on_day` today is that day; afterwards, and beside it, it is not."""
    day = date(2026, 11, 22)
    with on_day(day):
        assert today() == day
        with on_day(date(2026, 11, 23)):
            assert today() == date(2026, 11, 23)
        assert today() == day
    assert today() == datetime.now().astimezone().date()
