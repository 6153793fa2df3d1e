"""A sheet as raw cells, before anything is known about its columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.inputs import Problem

Cells = Sequence[object] | NDArray[np.float64]
"""A column's cells; an array where all are numbers or empty (NaN)."""


def _no_currencies(position: int) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True)
class Grid:
    """Raw cells of one sheet.

    Attributes:
        name: sheet or file name, for messages.
        rows: the cells by row, all rows equally long; "" or None is an empty cell, a spreadsheet
            error is a `CellError`. Of a long sheet only the first ones.
        rest: the columns of the cells below *rows*.
        addressed: whether people know its cells by addresses such as M14.
        ragged: row number (1-based) → its number of cells, for rows that do not fit the header.
        currencies: column position → row number → ISO code, of cells whose format shows one.
        origin: column position (−1 for none) and row number → the table and the row that people
            know, where the sheet was put together from several; else None.
    """

    name: str
    rows: list[list[object]]
    rest: list[Cells] | None = None
    addressed: bool = True
    ragged: dict[int, int] = field(default_factory=dict)
    currencies: Callable[[int], Mapping[int, str]] = _no_currencies
    origin: Callable[[int, int], tuple[str, int]] | None = None

    def below(self, header: int) -> list[Cells]:
        """Columns of the cells below the row at position *header*."""
        from pipeline.sources.blocks import gather, join

        columns = gather(self.rows[header + 1 :], len(self.rows[header]))
        if self.rest is None:
            return columns
        return [join([a, b] if len(a) else [b]) for a, b in zip(columns, self.rest, strict=True)]


@dataclass(frozen=True)
class Book:
    """A source's sheets, each read only when asked for.

    Attributes:
        label: file name, for messages.
        names: sheet names in order.
        grid: reads one sheet; raises `DataError` when it cannot be read safely.
        single: the source is one table, whatever its name (text and Parquet files).
        date1904: numbers in date columns count from 1904.
        problems: what was wrong already when the sheets were put together.
        day: of a source that was asked for one: only what was known then stands in it.
    """

    label: str
    names: tuple[str, ...]
    grid: Callable[[str], Grid]
    single: bool = False
    date1904: bool = False
    problems: tuple[Problem, ...] = ()
    day: date | None = None


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
