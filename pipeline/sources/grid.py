"""A sheet as raw cells, before anything is known about its columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Cells = Sequence[object]


@dataclass(frozen=True)
class Grid:
    """Raw cells of one sheet.

    Attributes:
        name: sheet or file name, for messages.
        rows: the cells by row, all rows equally long; "" or None is an empty cell, a spreadsheet
            error is a `CellError`. Of a column store only the header row.
        columns: the cells below the header by column, where the source stores columns.
        addressed: whether people know its cells by addresses such as M14.
        ragged: row number (1-based) → its number of cells, for rows that do not fit the header.
    """

    name: str
    rows: list[list[object]]
    columns: list[Cells] | None = None
    addressed: bool = True
    ragged: dict[int, int] = field(default_factory=dict)

    def below(self, header: int) -> list[Cells]:
        """Columns of the cells below the row at position *header*."""
        if self.columns is not None:
            return self.columns
        body = self.rows[header + 1 :]
        return list(zip(*body, strict=True)) if body else [()] * len(self.rows[header])


@dataclass(frozen=True)
class Book:
    """A source's sheets, each read only when asked for.

    Attributes:
        label: file name, for messages.
        names: sheet names in order.
        grid: reads one sheet; raises `DataError` when it cannot be read safely.
        single: the source is one table, whatever its name (text and Parquet files).
        date1904: numbers in date columns count from 1904.
    """

    label: str
    names: tuple[str, ...]
    grid: Callable[[str], Grid]
    single: bool = False
    date1904: bool = False


def column_letters(position: int) -> str:
    """Letters of a 0-based column position: 0 → A, 26 → AA."""
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_position(letters: str) -> int:
    """0-based position of column letters: A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, position: int) -> str:
    """A1 address of a 1-based row and a 0-based column position."""
    return f"{column_letters(position)}{row}"
