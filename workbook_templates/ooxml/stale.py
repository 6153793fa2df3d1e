"""All formulas of a workbook, and which of them a change makes stale.

Formulas that read alike are looked at once, by sets of rows (`follow`); those that stand for rows
which are not in their sheet, one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from workbook_templates.ooxml.alike import sheet_formulas
from workbook_templates.ooxml.book import Book, Sheet
from workbook_templates.ooxml.dependents import Cells, Fold, Node, Resolver
from workbook_templates.ooxml.follow import CellSet, Reader, follow, readers
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.rowset import bits, rows_of

__all__ = ["Dependents"]

Cell = tuple[int, int]


class Dependents:
    """All formulas of a workbook, ready to say which of them a change makes stale.

    Args:
        book: the workbook.
        folds: rows that are not in its sheets.
    """

    def __init__(self, book: Book, folds: Sequence[Fold] = ()) -> None:
        self.book = book
        self.resolver = Resolver(book)
        self.folds = folds

    @cached_property
    def _nodes(self) -> dict[str, list[Node]]:
        """The formulas of sheets with rows left out."""
        left_out = {fold.part for fold in self.folds}
        return {s.part: self._of(s) for s in self.book.sheets if s.part in left_out}

    def _of(self, sheet: Sheet) -> list[Node]:
        nodes = self.resolver.nodes(sheet)
        for fold in self.folds:
            if fold.part == sheet.part:
                nodes = [
                    self.resolver.folded(n, sheet.name, fold) if n.formula.row == fold.first else n
                    for n in nodes
                ]
                nodes += [
                    Node(fold.part, f, self.resolver.areas(f.text, sheet.name, f.row, f.col))
                    for f in fold.others
                ]
        return nodes

    @cached_property
    def _columns(self) -> list[Reader]:
        """The formulas of all other sheets."""
        sheets = (s for s in self.book.sheets if s.has_cells and s.part not in self._nodes)
        return [reader for sheet in sheets for reader in self._readers(sheet)]

    def _readers(self, sheet: Sheet) -> list[Reader]:
        # Tables of other sizes elsewhere leave this sheet, and what its formulas read, as it was.
        memo, resolver = self.book.sheet(sheet.part).memo, self.resolver
        known: tuple[Mapping[tuple[str, str], object], list[Reader]] | None = memo.get("readers")
        if known is None or not resolver.holds(known[0]):
            resolver.seen = {}
            found = list(readers(resolver, sheet))
            memo["readers"] = known = resolver.seen, found
            resolver.seen = {}
        return known[1]

    def computed(self, part: str, cells: Collection[Cell]) -> set[Cell]:
        """Those of some *cells* of sheet *part* that hold a formula or a part of an array's."""
        if part in self._nodes:
            areas = [n.formula.area for n in self._nodes[part]]
            rows: dict[int, int] = {}
        else:
            found = sheet_formulas(self.book.sheet(part))
            areas = [f.area for f in found.others.values()]
            rows = {}
            for group in found.groups:
                rows[group.col] = rows.get(group.col, 0) | group.mask
        alone = {(a.r1, a.c1) for a in areas if a.is_cell}
        wide = [a for a in areas if not a.is_cell]
        return {
            (row, col)
            for row, col in cells
            if rows.get(col, 0) >> row & 1
            or (row, col) in alone
            or any(a.contains(Area(row, col, row, col)) for a in wide)
        }

    def stale(self, changed: Cells, given: Cells) -> list[tuple[str, Area]]:
        """Formulas that read a changed cell, directly or not, and were given no value.

        Args:
            changed: cells that get new values; grows by the cells that become stale.
            given: cells whose cached value the caller passes.
        """
        own, now = _cell_set(given), _cell_set(changed)
        alone = [
            _Alone(n)
            for nodes in self._nodes.values()
            for n in nodes
            if not own.touches(n.part, n.formula.area)
        ]
        columns = [left for r in self._columns if (left := _without(r, own)) is not None]
        waiting = [(reader, reader.rows) for reader in (*alone, *columns)]
        follow(now, (reader for reader, _ in waiting))
        out: list[tuple[str, Area]] = []
        for reader, before in waiting:
            for row in rows_of(before & ~reader.rows):
                area = reader.area or Area(row, reader.col, row, reader.col)
                changed.add_area(reader.part, area)
                stands = reader.node.formula.area if isinstance(reader, _Alone) else area
                out.append((reader.part, stands))
        return out


class _Alone(Reader):
    """A formula that is looked at on its own; it may stand for many rows."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.part, node.area, node.reads)
        self.node = node


def _without(reader: Reader, given: CellSet) -> Reader | None:
    """The formulas that were given no value."""
    if reader.area is not None:
        if given.touches(reader.part, reader.area):
            return None
        return Reader(reader.part, reader.area, reader.reads, reader.own)
    rows = reader.rows & ~given.rows(reader.part, reader.col, reader.col)
    return Reader(reader.part, (reader.col, rows), reader.reads, reader.own) if rows else None


def _cell_set(cells: Cells) -> CellSet:
    out = CellSet()
    for part, col, rows in cells.columns():
        out.add(part, col, bits(rows))
    for part, area in cells.areas():
        out.add_area(part, area)
    return out
