"""What reads what, column by column: which formulas a change of some cells makes stale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from workbook_templates.ooxml.alike import ROW, Alike, sheet_formulas
from workbook_templates.ooxml.book import Sheet
from workbook_templates.ooxml.dependents import Place3D, Resolver
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.rowset import first_row, last_row, span
from workbook_templates.ooxml.xml import unescape

__all__ = ["CellSet", "Reader", "follow", "readers"]

_WIDE = 256
"""Columns of an area that is remembered as a whole."""
_PROBES = (900_001, 900_002)
"""Two rows in which formulas that read alike are read, to tell own rows from fixed ones."""


class CellSet:
    """Cells over all sheets, by columns; rows are sets as in `rowset`."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[int, int]] = {}
        self._wide: dict[str, list[Area]] = {}

    def add(self, part: str, col: int, rows: int) -> None:
        """Add some rows of a column."""
        columns = self._columns.setdefault(part, {})
        columns[col] = columns.get(col, 0) | rows

    def add_area(self, part: str, area: Area) -> None:
        """Add every cell of *area*."""
        if area.c2 - area.c1 > _WIDE:
            self._wide.setdefault(part, []).append(area)
            return
        for col in range(area.c1, area.c2 + 1):
            self.add(part, col, span(area.r1, area.r2))

    def __bool__(self) -> bool:
        return bool(self._columns or self._wide)

    def __iter__(self) -> Iterator[tuple[str, int, int]]:
        """Part, column and rows of all that was not added as a wide area."""
        for part, columns in self._columns.items():
            yield from ((part, col, rows) for col, rows in columns.items())

    @property
    def wide(self) -> Iterator[tuple[str, Area]]:
        """The wide areas."""
        return ((part, area) for part, areas in self._wide.items() for area in areas)

    def rows(self, part: str, first: int, last: int) -> int:
        """Rows that have one of the cells in columns *first*..*last*."""
        out = 0
        for rows in self._within(part, first, last):
            out |= rows
        for area in self._wide.get(part, ()):
            if area.c1 <= last and first <= area.c2:
                out |= span(area.r1, area.r2)
        return out

    def touches(self, part: str, area: Area) -> bool:
        """At least one cell of *area* is in the set."""
        height = area.r2 - area.r1
        for rows in self._within(part, area.c1, area.c2):
            below = rows >> area.r1
            if below and first_row(below) <= height:
                return True
        return any(area.overlaps(wide) for wide in self._wide.get(part, ()))

    def _within(self, part: str, first: int, last: int) -> Iterator[int]:
        columns = self._columns.get(part)
        if not columns:
            return
        if last - first < len(columns):
            for col in range(first, last + 1):
                if col in columns:
                    yield columns[col]
        else:
            for col, rows in columns.items():
                if first <= col <= last:
                    yield rows


class _Own(NamedTuple):
    """Columns of sheet *part* that formulas read in their own row, or from it to row *fixed*."""

    part: str
    first: int
    last: int
    fixed: int


class Reader:
    """Formulas of one column, or an array formula, and what they read.

    Args:
        part: their sheet.
        rows: the rows of those that are not known to be stale yet; 0 for an array formula.
        col: their column.
        area: what an array formula fills.
        reads: fixed areas that all of them read; None for any cell.
        own: what they read in their own rows.
    """

    def __init__(
        self,
        part: str,
        where: tuple[int, int] | Area,
        reads: list[Place3D] | None,
        own: Iterable[_Own] = (),
    ) -> None:
        self.part, self.reads, self.own = part, reads, tuple(own)
        self.area = where if isinstance(where, Area) else None
        self.col, self.rows = (0, 1) if isinstance(where, Area) else where

    def take(self, changed: CellSet) -> bool:
        """Add to *changed* those that read one of its cells; whether there were some."""
        hit = self._hit(changed)
        if not hit:
            return False
        self.rows &= ~hit
        if self.area is not None:
            changed.add_area(self.part, self.area)
        else:
            changed.add(self.part, self.col, hit)
        return True

    def _hit(self, changed: CellSet) -> int:
        if self.reads is None or any(changed.touches(p.part, p.area) for p in self.reads):
            return self.rows
        hit = 0
        for own in self.own:
            rows = changed.rows(own.part, own.first, own.last)
            hit |= _between(rows, own.fixed, self.rows) if own.fixed else rows
        return hit & self.rows


def _between(changed: int, fixed: int, rows: int) -> int:
    """Those of *rows* with a changed row between them and row *fixed*, ends included."""
    out = 0
    below = changed >> fixed
    if below:
        out |= rows >> (low := first_row(below) + fixed) << low
    above = changed & span(0, fixed)
    if above:
        out |= rows & span(0, last_row(above))
    return out


def readers(
    resolver: Resolver, sheet: Sheet, stays: Callable[[int, int], int] | None = None
) -> Iterator[Reader]:
    """The formulas of *sheet* and what they read.

    Args:
        resolver: of the workbook.
        sheet: the sheet.
        stays: column and rows → those of the rows whose formulas are wanted.
    """
    found = sheet_formulas(resolver.book.sheet(sheet.part))
    for group in found.groups:
        rows = group.mask if stays is None else stays(group.col, group.mask)
        if not rows:
            continue
        if group.settled:
            yield _reader(resolver, sheet, group, rows)
            continue
        for row in group.rows:
            if rows >> row & 1:
                reads = resolver.areas(group.text(row), sheet.name, row, group.col)
                yield Reader(sheet.part, (group.col, span(row, row)), reads)
    for f in found.others.values():
        if stays is None or stays(f.col, span(f.row, f.row)):
            reads = resolver.areas(f.text, sheet.name, f.row, f.col)
            yield Reader(sheet.part, f.area, reads)


def _reader(resolver: Resolver, sheet: Sheet, group: Alike, rows: int) -> Reader:
    where = group.col, rows
    if ROW not in group.key and "@" not in group.sample and "[" not in group.sample:
        # It says the same in every row.
        return Reader(
            sheet.part, where, resolver.areas(group.sample, sheet.name, group.rows[0], group.col)
        )
    both = [
        resolver.read(unescape(group.key.replace(ROW, b"%d" % r)), sheet.name, r, group.col)
        for r in _PROBES
    ]
    if both[0] is None or both[1] is None:
        return Reader(sheet.part, where, None)
    fixed: list[Place3D] = []
    own: list[_Own] = []
    for a, b in zip(*both, strict=True):
        top, bottom = a.area.r1 != b.area.r1, a.area.r2 != b.area.r2
        if not top and not bottom:
            fixed.append(a)
            continue
        end = 0 if top and bottom else a.area.r2 if top else a.area.r1
        own.append(_Own(a.part, a.area.c1, a.area.c2, end))
    return Reader(sheet.part, where, fixed, own)


def follow(changed: CellSet, waiting: Iterable[Reader]) -> None:
    """Add to *changed* every formula that reads one of its cells, directly or not."""
    left = list(waiting)
    again = True
    while again:
        again = False
        rest = []
        for reader in left:
            again = reader.take(changed) or again
            if reader.rows:
                rest.append(reader)
        left = rest
