"""One cell of a *Model* sheet → a plain value, as spreadsheets really hand them over."""

from __future__ import annotations

import math
import re

from scoring.columns import normalise
from scoring.model_blocks import Field

__all__ = ["OPEN", "Cell", "CellFault", "address", "is_blank", "read_cell"]

Cell = object
"""What a reader of workbooks gives for one cell: text, int, float, bool, a date or None."""

OPEN = "open"
"""Word for a range end without limit where a blank would mean that no range is given."""

_PERCENT = re.compile(r"^([+-]?[\d.,]+)\s*%$")
# In these a typed percentage means the number before the sign: weights and points are of 100.
_OF_HUNDRED = frozenset({"weight", "points"})


class CellFault(ValueError):
    """A cell cannot be read; the message says what is wrong and the next step."""


def address(row: int, column: int) -> str:
    """A1 address of a 0-based row and column: ``address(13, 12)`` is ``M14``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def is_blank(value: Cell) -> bool:
    """Whether a cell holds nothing that a person can see."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str) and not value.strip())


def read_cell(value: Cell, field: Field, *, percent: bool = False) -> object:
    """Read a cell that is not blank.

    Args:
        value: as the reader of workbooks gave it.
        field: what the cell should hold.
        percent: whether ``48%`` means 0.48 here, as in a metric whose unit is a fraction.

    Returns:
        str, float, int, bool, a list of str (aliases), or None for an open end.

    Raises:
        CellFault: the value does not fit the field.
    """
    match field.kind:
        case "text":
            return as_text(value)
        case "aliases":
            return [a for part in re.split(r"[;\n]", as_text(value)) if (a := part.strip())]
        case "word":
            return _word(as_text(value), field.words)
        case "yes_no":
            return _yes_no(value)
        case "whole":
            return _whole(value)
        case "end" if isinstance(value, str) and value.strip().casefold() == OPEN:
            return None
        case _:
            scale = 1 if field.kind in _OF_HUNDRED else 100
            allowed = percent or field.kind in (*_OF_HUNDRED, "fraction")
            return _number(value, divisor=scale if allowed else None)


def as_text(value: Cell) -> str:
    """Text of a cell; a number as people see it, 2024 and not 2024.0."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _number(value: Cell, divisor: int | None) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if math.isinf(value):
            raise CellFault("is not a finite number. Type a number.")
        return float(value)
    text = value.strip() if isinstance(value, str) else ""
    percentage = _PERCENT.match(text)
    if percentage and divisor is None:
        raise CellFault(f'"{text}" is a percentage. Type a plain number in the unit of the metric.')
    try:
        number = float(percentage[1] if percentage else text)
    except ValueError:
        raise CellFault(f'"{as_text(value)}" is not a number. Type a number.') from None
    if not math.isfinite(number):
        raise CellFault(f'"{text}" is not a number. Type a number.')
    return number / divisor if percentage and divisor else number


def _whole(value: Cell) -> int:
    number = _number(value, divisor=None)
    if not number.is_integer():
        raise CellFault(f"{number:g} is not a whole number. Type a whole number.")
    return int(number)


def _yes_no(value: Cell) -> bool:
    word = as_text(value).casefold()
    if word in ("yes", "true", "1", "y"):
        return True
    if word in ("no", "false", "0", "n"):
        return False
    raise CellFault(f'"{as_text(value)}" is neither yes nor no. Type Yes or No.')


def _word(text: str, words: tuple[str, ...]) -> str:
    for word in words:
        if normalise(word) == normalise(text):
            return word
    raise CellFault(f'"{text}" is not allowed here. Use one of: {", ".join(words)}.')
