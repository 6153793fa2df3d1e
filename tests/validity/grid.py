"""Cell references and the grid's edges."""

from __future__ import annotations

import re
from typing import NamedTuple

COLUMNS = 16_384
ROWS = 1_048_576
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


class Box(NamedTuple):
    """A range, 1-based and inclusive."""

    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Box) -> bool:
        """Whether the two ranges share a cell."""
        return not (
            self.right < other.left
            or other.right < self.left
            or self.bottom < other.top
            or other.bottom < self.top
        )

    def holds(self, column: int, row: int) -> bool:
        """Whether the cell lies inside."""
        return self.left <= column <= self.right and self.top <= row <= self.bottom


def column_number(letters: str) -> int:
    """A is 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 is A."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell(ref: str) -> tuple[int, int] | None:
    """(column, row) of a reference such as ``$B$5``, or None if it is none on the grid."""
    match = _CELL.fullmatch(ref)
    if not match:
        return None
    column, row = column_number(match[1]), int(match[2])
    return (column, row) if column <= COLUMNS and 1 <= row <= ROWS else None


def box(ref: str | None) -> Box | None:
    """The range of a reference such as ``A1:C5`` or ``B2``, or None if it is none."""
    first, _, last = (ref or "").partition(":")
    start, end = cell(first), cell(last or first)
    if start is None or end is None or start[0] > end[0] or start[1] > end[1]:
        return None
    return Box(start[0], start[1], end[0], end[1])


def boxes(refs: str | None) -> list[Box | None]:
    """The ranges of an ``sqref``."""
    return [_area(ref) for ref in (refs or "").split()]


def _area(ref: str) -> Box | None:
    columns = re.fullmatch(r"\$?([A-Z]{1,3}):\$?([A-Z]{1,3})", ref)
    if columns:
        return box(f"{columns[1]}1:{columns[2]}{ROWS}")
    rows = re.fullmatch(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})", ref)
    if rows:
        return box(f"A{rows[1]}:XFD{rows[2]}")
    return box(ref)
