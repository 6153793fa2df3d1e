"""Blocks of a sheet: rows of cells under headers, and the names of their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlsxwriter.utility import xl_range_abs

__all__ = ["Area", "Block", "Cell", "Placed", "place"]


class Cell(NamedTuple):
    """A value; where it follows from other cells also the formula that gives it."""

    value: float | str
    formula: str = ""


class Area(NamedTuple):
    """A named range inside a block, counted from its first row and column."""

    name: str
    column: int
    columns: int = 1
    row: int = 0
    rows: int | None = None
    """How many; None for all that follow."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, headers, rows of cells, and what its ranges are called."""

    heading: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    areas: tuple[Area, ...]


class Placed(NamedTuple):
    """A block and the 0-based row of its heading; the headers stand below, then the rows."""

    block: Block
    top: int

    def names(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Each range's name and its address."""
        first = self.top + 2
        for area in self.block.areas:
            count = len(self.block.rows) - area.row if area.rows is None else area.rows
            start = first + area.row
            right = area.column + area.columns - 1
            where = xl_range_abs(start, area.column, start + count - 1, right)
            yield area.name, f"{sheet}!{where}"


def place(blocks: Sequence[Block], top: int) -> list[Placed]:
    """Put blocks one under another, a blank row after each; *top* is the first heading's row."""
    placed = []
    for block in blocks:
        placed.append(Placed(block, top))
        top += len(block.rows) + 3
    return placed
