"""Which formulas read which cells, so that no stale cached value is ever passed on."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from workbook_templates.ooxml.book import Book, Sheet, Table
from workbook_templates.ooxml.formulas import Formula, read_formulas
from workbook_templates.ooxml.refs import (
    Area,
    NameToken,
    RefToken,
    StructToken,
    shift_formula,
    split_sheet,
    tokens,
)

__all__ = ["Cells", "Fold", "Node", "Place3D", "Resolver"]

_ANYWHERE = {"INDIRECT", "OFFSET"}
"""Functions that may read any cell, whatever their arguments say."""


_LARGE = 4096
"""Cells of an area that is remembered as a whole."""


class Place3D(NamedTuple):
    """An area of the sheet part *part*."""

    part: str
    area: Area


class Cells:
    """A set of cells over all sheets, quick to ask whether an area holds one of them."""

    def __init__(self) -> None:
        self._columns: dict[str, dict[int, list[int]]] = {}
        self._areas: dict[str, list[Area]] = {}

    def copy(self) -> Cells:
        """The same cells in another set."""
        out = Cells()
        for part, columns in self._columns.items():
            out._columns[part] = {col: rows.copy() for col, rows in columns.items()}
        out._areas = {part: areas.copy() for part, areas in self._areas.items()}
        return out

    def add(self, part: str, row: int, col: int) -> None:
        """Add one cell."""
        rows = self._columns.setdefault(part, {}).setdefault(col, [])
        if not rows or rows[-1] < row:
            rows.append(row)
        elif rows[at := bisect_left(rows, row)] != row:
            rows.insert(at, row)

    def add_area(self, part: str, area: Area) -> None:
        """Add every cell of *area*."""
        if area.size > _LARGE:
            self._areas.setdefault(part, []).append(area)
            return
        for col in range(area.c1, area.c2 + 1):
            for row in range(area.r1, area.r2 + 1):
                self.add(part, row, col)

    def columns(self) -> Iterator[tuple[str, int, Sequence[int]]]:
        """Part, column and rows of the cells that are not in one of the `areas`."""
        for part, columns in self._columns.items():
            yield from ((part, col, rows) for col, rows in columns.items())

    def areas(self) -> Iterator[tuple[str, Area]]:
        """Part and area of those that were added as large areas."""
        return ((part, area) for part, areas in self._areas.items() for area in areas)

    def touches(self, part: str, area: Area) -> bool:
        """At least one cell of *area* is in the set."""
        if any(area.overlaps(large) for large in self._areas.get(part, ())):
            return True
        columns = self._columns.get(part)
        if not columns:
            return False
        wide = area.c2 - area.c1 > len(columns)
        cols = [c for c in columns if area.c1 <= c <= area.c2] if wide else _span(area)
        for col in cols:
            rows = columns.get(col)
            if rows:
                at = bisect_left(rows, area.r1)
                if at < len(rows) and rows[at] <= area.r2:
                    return True
        return False


def _span(area: Area) -> range:
    return range(area.c1, area.c2 + 1)


class Node(NamedTuple):
    """A formula of sheet *part* and the areas it reads; None for any cell."""

    part: str
    formula: Formula
    reads: list[Place3D] | None
    fills: Area | None = None

    @property
    def area(self) -> Area:
        """The cells it fills; of a formula that stands for many rows, those of all of them."""
        return self.fills or self.formula.area


class Fold(NamedTuple):
    """Rows of a sheet of which only the first is there, as formulas in it stand for all.

    Attributes:
        part: the sheet.
        first, last: the rows.
        others: formulas in them that do not read as the first row's.
    """

    part: str
    first: int
    last: int
    others: tuple[Formula, ...] = ()


_PROBES = (900_001, 900_002)
"""Two rows in which formulas of one shape are read, to tell own rows from fixed ones."""


@lru_cache(maxsize=64)
def _own_cells(row: int) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.$\\])(\$?[A-Za-z]{{1,3}}){row}(?![\w.(!])")


def _shape(formula: str, row: int) -> str | None:
    """*formula* with NUL for its own row in relative references; None where it has none.

    A sheet's quoted name and a Table's column may look like a cell: such formulas have no shape.
    """
    if "'" in formula or "[" in formula or "@" in formula:
        return None
    shape, count = _own_cells(row).subn("\\1\0", formula)
    return shape if count else None


def _in_row(a: Place3D, b: Place3D, row: int) -> Place3D:
    """The area that is *a* in the first of the probed rows and *b* in the second."""
    one, two = a.area, b.area
    area = one._replace(
        r1=row if one.r1 != two.r1 else one.r1, r2=row if one.r2 != two.r2 else one.r2
    )
    if area.r1 > area.r2:
        area = area._replace(r1=area.r2, r2=area.r1)
    return Place3D(a.part, area)


class Resolver:
    """Turns the references of a formula into areas of sheet parts."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._order = [s.name.casefold() for s in book.sheets]
        self._known: dict[tuple[str, str], object] = {}
        for n in book.names:
            self._known[n.name.casefold(), n.local.casefold()] = n.formula
        for t in book.tables:
            self._known["[table]", t.name.casefold()] = t
        self._consulted: dict[tuple[str, str], object] = {}
        self.seen: dict[tuple[str, str], object] = {}
        self._parts: dict[tuple[str, str], tuple[str, ...]] = {}

    def areas(self, formula: str, sheet: str, row: int, col: int) -> list[Place3D] | None:
        """Areas that *formula* in a cell of *sheet* reads; None when it may read any cell."""
        shape = _shape(formula, row)
        if shape is not None:
            return self._of_shape(shape, sheet, row, col)
        return self.read(formula, sheet, row, col)

    def _of_shape(self, shape: str, sheet: str, row: int, col: int) -> list[Place3D] | None:
        """Areas of formulas that differ only in their own row: two of them tell of all."""
        both = [self.read(shape.replace("\0", str(r)), sheet, r, col) for r in _PROBES]
        if both[0] is None or both[1] is None:
            return None
        return [
            a if a is b or a == b else _in_row(a, b, row)
            for a, b in zip(both[0], both[1], strict=True)
        ]

    def read(self, formula: str, sheet: str, row: int, col: int) -> list[Place3D] | None:
        """As `areas`, without a look at what formulas have in common."""
        own_row = "#This Row" in formula or "@" in formula or formula.startswith("[")
        key = formula, sheet, row if own_row else 0
        known = self.book.references.get(key)
        if known is not None and self.holds(known[0]):
            self.seen |= known[0]
            return list(known[1]) if known[1] is not None else None
        out: list[Place3D] = []
        self._consulted = {}
        exact = self._collect(formula, (sheet, row, col), out, frozenset())
        found = out if exact else None
        # It holds for the next layout as well, if the names and Tables it went by are the same.
        self.book.references[key] = self._consulted, found
        self.seen |= self._consulted
        return found

    def holds(self, consulted: Mapping[tuple[str, str], object]) -> bool:
        """The names and Tables that were consulted are the same in this workbook."""
        return all(self._known.get(key) == value for key, value in consulted.items())

    def nodes(self, sheet: Sheet) -> list[Node]:
        """The formulas of *sheet* and what they read."""
        xml = self.book.sheet(sheet.part)
        memo: tuple[dict[tuple[str, str], object], list[Node]] | None = xml.memo.get("nodes")
        if memo is None or not self.holds(memo[0]):
            self.seen = {}
            found = [
                Node(sheet.part, f, self.areas(f.text, sheet.name, f.row, f.col))
                for f in read_formulas(xml)
            ]
            xml.memo["nodes"] = memo = self.seen, found
            self.seen = {}
        return memo[1]

    def folded(self, node: Node, sheet: str, fold: Fold) -> Node:
        """A formula of the first row, standing for its copies in all rows of *fold*."""
        f = node.formula
        fills = f.area._replace(r2=fold.last)
        text = shift_formula(f.text, fold.last - fold.first, 0)
        below = self.areas(text, sheet, fold.last, f.col)
        if node.reads is None or below is None or len(below) != len(node.reads):
            return Node(node.part, f, None, fills)
        reads = [
            Place3D(a.part, _hull(a.area, b.area)) for a, b in zip(node.reads, below, strict=True)
        ]
        return Node(node.part, f, reads, fills)

    def _consult(self, key: tuple[str, str]) -> object:
        value = self._known.get(key)
        self._consulted[key] = value
        return value

    def _collect(
        self, formula: str, at: tuple[str, int, int], out: list[Place3D], seen: frozenset[str]
    ) -> bool:
        for token in tokens(formula):
            if isinstance(token, RefToken):
                out += self.reference(token, at[0])
            elif isinstance(token, StructToken):
                out += self._structured(token, at)
            elif not self._name(token, at, out, seen):
                return False
        return True

    def _name(
        self,
        token: NameToken,
        at: tuple[str, int, int],
        out: list[Place3D],
        seen: frozenset[str],
    ) -> bool:
        if token.call and token.name.upper() in _ANYWHERE:
            return False
        key = token.name.casefold()
        table = self._consult(("[table]", key))
        if isinstance(table, Table) and not token.call:
            out.append(Place3D(self.book.part_of(table.sheet), table.data))
            return True
        home = split_sheet(token.prefix)
        if key in seen or home is None:
            return True
        formula = self._consult((key, (home[0] or at[0]).casefold()))
        formula = formula if formula is not None else self._consult((key, ""))
        if not isinstance(formula, str):
            return True
        return self._collect(formula, at, out, seen | {key})

    def reference(self, token: RefToken, home: str) -> list[Place3D]:
        """The area that *token* in a formula on sheet *home* names, once a sheet."""
        key = token.prefix, home
        if key not in self._parts:
            self._parts[key] = self._named_parts(token.prefix, home)
        return [Place3D(part, token.area) for part in self._parts[key]]

    def _named_parts(self, prefix: str, home: str) -> tuple[str, ...]:
        sheets = split_sheet(prefix)
        if sheets is None:
            return ()
        first, last = (name.casefold() or home.casefold() for name in sheets)
        if first not in self._order or last not in self._order:
            return ()
        a, b = sorted((self._order.index(first), self._order.index(last)))
        return tuple(sheet.part for sheet in self.book.sheets[a : b + 1])

    def _structured(self, token: StructToken, at: tuple[str, int, int]) -> Iterator[Place3D]:
        if token.table:
            table = self._consult(("[table]", token.table.casefold()))
        else:
            table = self._around(at)
        if not isinstance(table, Table):
            return
        self._consult(("[table]", table.name.casefold()))
        area, inner = table.area, token.inner.strip()
        columns = sorted(c for c in map(str.casefold, table.columns) if c in inner.casefold())
        exact = [i for i, c in enumerate(table.columns) if _unquoted(inner) == c.casefold()]
        if exact:
            area = Area(area.r1, area.c1 + exact[0], area.r2, area.c1 + exact[0])
        elif columns:
            at_columns = [i for i, c in enumerate(table.columns) if c.casefold() in columns]
            area = Area(area.r1, area.c1 + at_columns[0], area.r2, area.c1 + at_columns[-1])
        if "#this row" in inner.casefold() or inner.startswith("@"):
            area = Area(at[1], area.c1, at[1], area.c2)
        part = self.book.part_of(table.sheet)
        if part:
            yield Place3D(part, area)

    def _around(self, at: tuple[str, int, int]) -> Table | None:
        cell = Area(at[1], at[2], at[1], at[2])
        return next(
            (t for t in self.book.tables if t.sheet == at[0] and t.area.contains(cell)), None
        )


def _hull(a: Area, b: Area) -> Area:
    return Area(min(a.r1, b.r1), min(a.c1, b.c1), max(a.r2, b.r2), max(a.c2, b.c2))


def _unquoted(inner: str) -> str:
    for mark in ("[#this row],", "@"):
        if inner.casefold().startswith(mark):
            inner = inner[len(mark) :]
    return inner.strip().strip("[]").replace("'", "").casefold()
