"""Where a template can be filled: named cells and blocks, Tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NoReturn

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.plan import Target
from workbook_templates.ooxml.problems import DoesNotFit, MissingPlace
from workbook_templates.ooxml.refs import MAX_COL, MAX_ROW, Area, RefToken, split_sheet, tokens

__all__ = ["Place", "Rows", "TablePlace", "TableRows", "find_places", "find_tables"]

Rows = Sequence[Sequence[Value]]
TableRows = Rows | Sequence[Mapping[str, Value]]
_PLAIN, _ROWS = (list, tuple), frozenset({list, tuple})
"""Surely no mapping: asking for an abstract class takes ten times as long."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named cell (or merged cell, filled at its anchor) or block of cells.

    Attributes:
        name: the defined name.
        sheet: name of its sheet.
        ref: "B6" or "B6:D11".
        rows, cols: its size in cells that can be filled.
    """

    name: str
    sheet: str
    ref: str
    rows: int
    cols: int
    part: str
    area: Area

    def targets(self) -> tuple[Target, ...]:
        """Its cells, row by row."""
        return _cells(self.part, self.area)

    def flatten(self, value: Value | Rows) -> Sequence[Value]:
        """One value for each of `targets`; the rest of a block is blank.

        Raises:
            DoesNotFit: more rows or columns than the place has, or one value for a block.
        """
        if not isinstance(value, (list, tuple)):
            if self.rows * self.cols != 1:
                raise DoesNotFit(
                    f"Place {self.name!r} ({self.sheet}!{self.ref}) is a block of {self.rows} × "
                    f"{self.cols} cells: give a list of rows, not one value."
                )
            return (value,)  # type: ignore[return-value]
        if not _ROWS.issuperset(map(type, value)):
            for row in value:
                if not isinstance(row, _PLAIN):
                    self._no_row(row)
        cols, widths = self.cols, set(map(len, value))
        if len(value) > self.rows or any(width > cols for width in widths):
            self._too_large(value)
        if widths == {cols}:
            out = list(chain.from_iterable(value))
        else:
            out = [v for row in value for v in (*row, *(None,) * (cols - len(row)))]
        return out + [None] * (self.rows * cols - len(out))

    def _too_large(self, rows: Rows) -> NoReturn:
        raise DoesNotFit(
            f"Place {self.name!r} ({self.sheet}!{self.ref}) has room for {self.rows} × "
            f"{self.cols} cells, but {len(rows)} × {max(map(len, rows))} were given. "
            "Make the named range larger in the template, or give less."
        )

    def _no_row(self, row: object) -> NoReturn:
        raise DoesNotFit(
            f"Place {self.name!r} ({self.sheet}!{self.ref}) was given {row!r} where a row, "
            "a list of values, belongs. Give a list of rows."
        )


@dataclass(frozen=True, slots=True)
class TablePlace:
    """An Excel Table.

    Attributes:
        name: its name in formulas.
        sheet: name of its sheet.
        ref: the whole Table, header and totals rows included.
        columns: its column headers.
        rows: number of its data rows.
    """

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    rows: int
    part: str
    data: Area

    def has_header(self, place: Place) -> bool:
        """Whether *place* is the header cell of one of its columns."""
        a, rows = place.area, self.data
        inside = rows.c1 <= a.c1 == a.c2 <= rows.c2
        return inside and place.part == self.part and a.r1 == a.r2 == rows.r1 - 1

    def columns_given(self, rows: TableRows) -> tuple[int, ...]:
        """Columns, counted from 0, that *rows* have values for.

        Raises:
            MissingPlace: a mapping names a column that the Table does not have.
            DoesNotFit: a plain row does not have one value for each column.
        """
        names: dict[str, None] = {}
        width = len(self.columns)
        for row in rows:
            if not isinstance(row, _PLAIN) and isinstance(row, Mapping):
                names.update(dict.fromkeys(row))
            elif len(row) != width:
                raise DoesNotFit(
                    f"Table {self.name!r} has {width} columns, but a row of {len(row)} "
                    "values was given. Give one value a column, or rows as mappings."
                )
        if rows and not names:
            return tuple(range(width))
        return tuple(sorted({self.column(name) for name in names}))

    def column(self, name: str) -> int:
        """Column with the header *name*, counted from 0.

        Raises:
            MissingPlace: there is none.
        """
        wanted = name.casefold().strip()
        for k, column in enumerate(self.columns):
            if column.casefold().strip() == wanted:
                return k
        raise MissingPlace(
            f"Table {self.name!r} on sheet {self.sheet!r} has no column {name!r}; it has "
            f"{', '.join(self.columns)}. Correct the name or add the column in the template."
        )

    def targets(self, columns: tuple[int, ...]) -> list[Target]:
        """The cells of *columns*, row by row."""
        a = self.data
        return [Target(self.part, r, a.c1 + c) for r in range(a.r1, a.r2 + 1) for c in columns]

    def flatten(self, rows: TableRows, columns: tuple[int, ...]) -> list[Value]:
        """One value for each of `targets`; a key that a row lacks is blank."""
        out: list[Value] = []
        keys: dict[str, int] = {}
        for row in rows:
            if isinstance(row, _PLAIN) or not isinstance(row, Mapping):
                out += row
                continue
            line: dict[int, Value] = {}
            for name, value in row.items():
                if name not in keys:
                    keys[name] = self.column(name)
                line[keys[name]] = value
            out += [line.get(c) for c in columns]
        return out or [None] * len(columns)


@lru_cache(maxsize=4096)
def _cells(part: str, area: Area) -> tuple[Target, ...]:
    return tuple(
        Target(part, row, col)
        for row in range(area.r1, area.r2 + 1)
        for col in range(area.c1, area.c2 + 1)
    )


def find_places(book: Book) -> dict[str, Place]:
    """Defined names that are one cell or one block, by name.

    A sheet-scoped name that a workbook-scoped one hides is listed as "Sheet!name".
    """
    out: dict[str, Place] = {}
    for defined in sorted(book.names, key=lambda n: bool(n.local)):
        place = _place(book, defined.name, defined.formula)
        if place is None:
            continue
        key = f"{defined.local}!{defined.name}" if defined.name in out else defined.name
        out[key] = place
    return out


def _place(book: Book, name: str, formula: str) -> Place | None:
    found = tokens(formula)
    if name.startswith("_xlnm.") or len(found) != 1:
        return None
    token = found[0]
    if not isinstance(token, RefToken) or (token.start, token.end) != (0, len(formula)):
        return None
    sheets = split_sheet(token.prefix)
    area = token.area
    if sheets is None or sheets[0] != sheets[1] or area.r2 - area.r1 + 1 == MAX_ROW:
        return None
    part = book.part_of(sheets[0])
    if not part or area.c2 - area.c1 + 1 == MAX_COL:
        return None
    # The same name on the same sheet, as it is for most Tables' other sizes, is the same place.
    memo, key = book.sheet(part).memo, ("place", name, formula)
    if key not in memo:
        memo[key] = _on_sheet(book, name, part, area)
    place: Place = memo[key]
    return place


def _on_sheet(book: Book, name: str, part: str, area: Area) -> Place:
    sheet = next(s.name for s in book.sheets if s.part == part)
    fill = area
    if any(merge.contains(area) for merge in book.sheet(part).merges):
        merge = next(m for m in book.sheet(part).merges if m.contains(area))
        fill = Area(merge.r1, merge.c1, merge.r1, merge.c1)
    rows, cols = fill.r2 - fill.r1 + 1, fill.c2 - fill.c1 + 1
    return Place(name, sheet, area.text(), rows, cols, part, fill)


def find_tables(book: Book) -> dict[str, TablePlace]:
    """Every Table by name."""
    out: dict[str, TablePlace] = {}
    for t in book.tables:
        part, data = book.part_of(t.sheet), t.data
        rows = data.r2 - data.r1 + 1
        out[t.name] = TablePlace(t.name, t.sheet, t.area.text(), t.columns, rows, part, data)
    return out
