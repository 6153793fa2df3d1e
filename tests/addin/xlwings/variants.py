"""Values as they travel between Excel's VBA and Python."""

from __future__ import annotations

from datetime import date, datetime

from addin.cells import Cell, CellError, Fault, Grid, Result, Results

_ERRORS = {
    "#NULL!": -2146826288, "#DIV/0!": -2146826281, "#VALUE!": -2146826273, "#REF!": -2146826265,
    "#NAME?": -2146826259, "#NUM!": -2146826252, "#N/A": -2146826246,
}  # fmt: skip
_CODES = {number & 0xFFFF: code for code, number in _ERRORS.items()}
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no time zone


def serial(day: date) -> float:
    """A date as `Range.Value2` gives it."""
    whole = day if isinstance(day, datetime) else datetime.combine(day, datetime.min.time())
    return (whole - _EPOCH).total_seconds() / 86400


def cell(value: Cell) -> object:
    """A cell as `Range.Value2` gives it."""
    if isinstance(value, CellError):
        return _ERRORS[value.code]
    return serial(value) if isinstance(value, date) else value


def area(grid: Grid) -> object:
    """A range as `Range.Value2` gives it: one cell as its value, several as rows."""
    if len(grid) == len(grid[0]) == 1:
        return cell(grid[0][0])
    return [[cell(value) for value in row] for row in grid]


def as_object(grid: Grid) -> object:
    """A range as an object, as xlwings' own wrapper hands it over; for `answers`."""
    return {
        "range": [
            [{"date": c.isoformat()} if isinstance(c, date) else cell(c) for c in row]
            for row in grid
        ]
    }


def result(value: object) -> Results:
    """What the sheet shows after the add-in's VBA has turned Longs into errors."""
    if not isinstance(value, list):
        return _result(value)
    if value and isinstance(value[0], list):
        return tuple(tuple(map(_result, row)) for row in value)
    return (tuple(map(_result, value)),)


def _result(value: object) -> Result:
    if isinstance(value, int) and not isinstance(value, bool):
        return Fault(_CODES[value])
    assert isinstance(value, float | str)
    return value
