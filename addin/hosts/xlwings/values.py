"""Values as COM hands them over ↔ ours, as far as that needs no Windows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from addin.cells import CellError, Fault, Result, Results

__all__ = ["error_number", "given", "shown"]

# A cell error travels as the HRESULT 0x800A0000 + its number.
_FACILITY = 0x800A0000 - (1 << 32)
_NUMBERS = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029,
    "#NUM!": 2036, "#N/A": 2042, "#GETTING_DATA": 2043, "#SPILL!": 2045, "#CONNECT!": 2046,
    "#BLOCKED!": 2047, "#UNKNOWN!": 2048, "#FIELD!": 2049, "#CALC!": 2050,
}  # fmt: skip
_CODES = {_FACILITY + number: code for code, number in _NUMBERS.items()}
_AS_THEY_ARE = frozenset((float, str, bool, type(None)))
_PLAIN = frozenset((float, str, bool))


def error_number(code: str) -> int:
    """Excel's number of an error, as ``CVErr`` takes it; that of ``#VALUE!`` for a foreign one."""
    return _NUMBERS.get(code, _NUMBERS["#VALUE!"])


def given(argument: object) -> object:
    """An argument as the functions take it.

    Args:
        argument: one value, a tuple of values or a tuple of rows, as pywin32 makes them: a blank
            is None, an error cell an int, a date a datetime, a currency a Decimal.
    """
    if type(argument) in _AS_THEY_ARE:
        return argument
    if not isinstance(argument, tuple):
        return _cell(argument)
    if argument and isinstance(argument[0], tuple):
        return tuple(map(_row, argument))
    return _row(argument)


def _row(row: tuple[object, ...]) -> tuple[object, ...]:
    # Nearly every row of a sheet: looked at once, and handed on as it is.
    if _AS_THEY_ARE.issuperset(map(type, row)):
        return row
    return tuple(map(_cell, row))


def _cell(cell: object) -> object:
    if type(cell) in _AS_THEY_ARE:
        return cell
    if isinstance(cell, int):
        # Excel's own numbers are always floats; a whole number comes from somebody's VBA.
        return CellError(_CODES[cell]) if cell in _CODES else float(cell)
    if isinstance(cell, datetime):
        return datetime.combine(cell.date(), cell.time())  # pywin32 claims that it were UTC
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


def shown(results: Results) -> list[list[object]]:
    """A result as the add-in takes it: rows of floats, texts and, for errors alone, ints.

    pywin32 cannot hand over an error: whatever ``VARIANT(VT_ERROR, …)`` holds arrives as "missing
    argument". So a fault is its number as an int, which no other result is, and the add-in's VBA
    turns every Long into the real error. Lists, because pywin32 takes the first item of a tuple
    for the whole result.
    """
    if isinstance(results, tuple):
        return [_shown_row(row) for row in results]
    return [[_shown(results)]]


def _shown_row(row: Sequence[Result]) -> list[object]:
    if _PLAIN.issuperset(map(type, row)):
        return list(row)
    return [_shown(cell) for cell in row]


def _shown(cell: Result) -> object:
    if isinstance(cell, Fault):
        return error_number(cell.code)
    return cell if isinstance(cell, str | bool) else float(cell)
