"""One cell → a number, an amount, a day, a yes or no: read as the same text on a sheet is."""

from __future__ import annotations

import math
from datetime import date
from typing import Literal

from addin.cells import Cell, CellProblem, advice, shown
from scoring.columns import ACCOUNT, Column
from scoring.parse import Value, parse_value
from scoring.parse_text import ValueProblem
from scoring.scales import scale_text

__all__ = [
    "ANY",
    "SCORE",
    "Scale",
    "read_amount",
    "read_date",
    "read_flag",
    "read_number",
    "read_share",
]

Scale = tuple[float | None, float | None]

ANY: Scale = (None, None)
SCORE: Scale = (0.0, 100.0)

_NUMBER = Column("number", "Number", "number")
_AMOUNT = next(c for c in ACCOUNT if c.key == "arr")
_SHARE = Column("share", "Share", "number", unit="fraction", scale=(0.0, 1.0))
_DATE = Column("date", "Date", "date")
_FLAG = Column("flag", "Flag", "yes_no")

# A sum of weights may miss its whole number by this much.
_SLACK = 1e-9


def read_number(cell: Cell, name: str, scale: Scale = ANY, *, blank: float = math.nan) -> float:
    """The number in a cell, ``67.95`` or the text "67.95".

    Args:
        cell: no error cell.
        name: what the number is, for the message.
        scale: lowest and highest, None where open; what a sum of weights misses is mended.
        blank: what a blank cell gives; missing is NaN, as everywhere in the engine.

    Raises:
        CellProblem: ``#VALUE!`` when it is no number, ``#NUM!`` when it lies off the scale.
    """
    number = cell if type(cell) is float and math.isfinite(cell) else _read(cell, name, _NUMBER)
    return blank if number is None else _on_scale(number, name, scale)


def read_amount(cell: Cell, name: str) -> float:
    """The amount of money in a cell, ``£1,200`` or ``120k`` too; NaN where it is blank.

    Raises:
        CellProblem: ``#VALUE!`` when it is no amount, ``#NUM!`` when it is below zero.
    """
    amount = _read(cell, name, _AMOUNT)
    return math.nan if amount is None else _on_scale(amount, name, (0.0, None))


def read_share(cell: Cell, name: str) -> float:
    """The share in a cell, ``0.34`` or ``34%``; NaN where it is blank.

    Raises:
        CellProblem: ``#VALUE!`` when it is no share, ``#NUM!`` when it is a number outside 0 to 1.
    """
    share = _read(cell, name, _SHARE)
    return math.nan if share is None else float(share)  # type: ignore[arg-type]


def read_date(cell: Cell, name: str) -> date | None:
    """The day in a cell: a date, its serial number, or text; None where it is blank.

    Raises:
        CellProblem: ``#VALUE!`` when it is no date, or text that two countries read differently.
    """
    return _read(cell, name, _DATE)  # type: ignore[return-value]


def read_flag(cell: Cell, name: str) -> bool:
    """Whether a cell says yes; a blank does not.

    Raises:
        CellProblem: ``#VALUE!`` when it is neither yes nor no.
    """
    return bool(_read(cell, name, _FLAG))


def _read(cell: Cell, name: str, column: Column) -> Value | None:
    try:
        return parse_value(cell, column)
    except ValueProblem as problem:
        off_scale = type(cell) is float and column.scale != ANY
        code: Literal["#NUM!", "#VALUE!"] = "#NUM!" if off_scale else "#VALUE!"
        raise CellProblem(code, f"{name}: {shown(cell)}. {advice(problem)}") from problem


def _on_scale(value: Value, name: str, scale: Scale) -> float:
    number, (low, high) = float(value), scale  # type: ignore[arg-type]
    if (low is not None and number < low - _SLACK) or (high is not None and number > high + _SLACK):
        text = f"{name}: {shown(number)}. The scale is {scale_text(scale)}; correct the value."
        raise CellProblem("#NUM!", text)
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)
