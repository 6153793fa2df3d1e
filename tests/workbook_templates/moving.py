"""Rows of Tables moved for the tests, and a small model of what Excel makes of references."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.rearrange import rearrange
from workbook_templates.ooxml.rowmap import RowMap
from workbook_templates.package import Package

Source = Sequence[int | None]
Rows = tuple[int, int]
"""First and last row of a reference, both ends included."""


def moved(data: bytes, **sources: Source) -> bytes:
    """The workbook with the rows of Tables, by name, moved as their sources say."""
    maps = [RowMap(table, tuple(source)) for table, source in sources.items()]
    book = rearrange(Book(Package(data)), maps)
    return book.package.render(book.changed, book.removed)


def deleted(rows: Rows, row: int) -> Rows | None:
    """What Excel makes of a reference when sheet row *row* is deleted."""
    first, last = rows
    if first == last == row:
        return None
    return first - (first > row), last - (last >= row)


def inserted(rows: Rows, row: int) -> Rows:
    """What Excel makes of a reference when a row is inserted at sheet row *row*."""
    first, last = rows
    return first + (first >= row), last + (last >= row)


class Steps:
    """Rows of a Table deleted one by one and inserted one by one at its end.

    Args:
        first, count: first sheet row and number of the Table's data rows.
        source: as of a `RowMap` whose rows keep their order, new ones last.
    """

    def __init__(self, first: int, count: int, source: Source) -> None:
        kept = [k for k in source if k is not None]
        self.first, self.count = first, count
        self.leave = [first + k for k in range(count) if k not in kept]
        self.end = first + len(kept)
        self.news = len(source) - len(kept)

    def rows(self, rows: Rows, *, range_: bool = True) -> Rows | None:
        """Where a reference to sheet rows goes, None when it is lost."""
        last = self.first + self.count - 1
        covers = range_ and rows[0] <= self.first and rows[1] == last
        if covers and self.end + self.news > self.first:
            return rows[0], self.end + self.news - 1
        found: Rows | None = rows
        for row in sorted(self.leave, reverse=True):
            found = deleted(found, row) if found else None
        for _ in range(self.news):
            found = inserted(found, self.end) if found else None
        return found


_REF = re.compile(r"(S!)?(\$?)([A-Z])(\$?)(\d+)(?::(\$?)([A-Z])(\$?)(\d+))?")


def rewritten(
    formula: str, rows: Callable[[Rows, bool], Rows | None], *, home: str, sheet: str = "S"
) -> str:
    """*formula* on sheet *home* with the rows of its references to *sheet* changed by *rows*."""

    def one(m: re.Match[str]) -> str:
        if (m[1] or f"{home}!") != f"{sheet}!":
            return m[0]
        new = rows((int(m[5]), int(m[9] or m[5])), bool(m[7]))
        if new is None:
            return "#REF!"
        first = f"{m[1] or ''}{m[2]}{m[3]}{m[4]}{new[0]}"
        return f"{first}:{m[6]}{m[7]}{m[8]}{new[1]}" if m[7] else first

    return _REF.sub(one, formula)
