"""A workbook filled in which one or more Tables get many rows, given by columns.

The rows are taken out of their sheets first, so that all that refers to them (names, charts,
formulas, formats) is worked out on a small workbook; the first data row stays and stands for all.
Then they are written some thousand at a time, straight into the deflated part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.bulkcells import ColumnWriter
from workbook_templates.ooxml.bulkfold import (
    FirstFormula,
    Folded,
    OtherFormula,
    first_formulas,
    fold,
    other_formulas,
    resize_folded,
)
from workbook_templates.ooxml.bulkpack import pack
from workbook_templates.ooxml.bulkwrite import BulkColumn, Model, RowWriter, Stretch
from workbook_templates.ooxml.caches import chart_parts, find_caches
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.chartplan import Target
from workbook_templates.ooxml.columns import Columns
from workbook_templates.ooxml.dependents import Fold, Resolver
from workbook_templates.ooxml.grow import apply_change, row_change
from workbook_templates.ooxml.looks import COPIED
from workbook_templates.ooxml.plan import Plan
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.refs import MAX_COL, Area
from workbook_templates.ooxml.sheet import CellSpan, SheetXml
from workbook_templates.ooxml.stale import Dependents
from workbook_templates.ooxml.xml import attr
from workbook_templates.ooxml.zipfmt import Content, Packed

__all__ = ["Bulk"]

Sizes = Sequence[tuple[str, int]]

_FEW = 2_000
"""Formulas unlike the first row's that are each looked at; of more all count as stale."""


@dataclass
class BulkTable:
    """A Table that is given by columns.

    Attributes:
        folded: its rows.
        given: column of the sheet → its values.
        others: formulas in its rows unlike the first row's.
        before: the workbook with the rows as they were.
    """

    folded: Folded
    given: dict[int, ColumnWriter]
    others: dict[int, dict[int, OtherFormula]]
    before: Book

    @property
    def area(self) -> Area:
        """The sheet rows that are written, over all columns."""
        d = self.folded.table.data
        return Area(d.r1, 1, max(d.r2, self.folded.last), MAX_COL)

    def fold(self) -> Fold:
        """What the first row's formulas stand for, and the formulas they do not stand for."""
        f = self.folded
        few = [o for of in self.others.values() if len(of) <= _FEW for o in of.values()]
        others = tuple(o.formula for o in few if o.formula.col not in self.given)
        return Fold(f.part, f.first, max(f.last, f.table.data.r2), others)

    def value(self, target: Target) -> tuple[Value] | None:
        """The value of a cell below the first row, or of one that is given."""
        f = self.folded
        if target.part != f.part or not f.first <= target.row <= f.last:
            return None
        if target.col in self.given:
            return (self.given[target.col].value(target.row - f.first),)
        if not f.first < target.row <= f.table.data.r2:
            return None
        cell = self.before.sheet(f.part).cell(target.row, target.col)
        # Of people's formulas nobody knows the value they will have.
        formula = cell and cell.body and self.before.sheet(f.part).formula_in(cell.body)
        return (None if formula else cell_value(self.before, cell),)

    def uncalculated(self) -> set[tuple[str, int, int]]:
        """First of the new cells whose formula gets no value."""
        f = self.folded
        d = f.table.data
        columns = (c for c in f.formulas if d.c1 <= c <= d.c2 and c not in self.given)
        return {(f.part, d.r2 + 1, c) for c in columns} if f.last > d.r2 else set()

    def render(self, plan: Plan, part: Content) -> Packed:
        """The sheet part with all its rows, deflated.

        Args:
            plan: what else changes.
            part: the sheet without the rows, with all else filled.

        Raises:
            DoesNotFit: a value that a cell cannot hold.
        """
        f = self.folded
        data = part if isinstance(part, bytes) else b"".join(part)  # type: ignore[arg-type]
        sheet = SheetXml(data, f.part)
        start, end = sheet.at_row(f.first), sheet.at_row(f.first + 1)
        head, tail = sheet.data[:start], sheet.data[end:]
        if sheet.collapsed:
            p = f.prefix
            at = sheet.data.index(b"<" + sheet.prefix + b"sheetData")
            head = sheet.data[:at] + f"<{p}sheetData>".encode()
            tail = f"</{p}sheetData>".encode() + sheet.data[sheet.end :]
        first = Stretch("first", f.first, f.first + 1, sheet.data, start, end)
        return pack(head, [first, *f.rows], tail, self._writer(plan))

    def _writer(self, plan: Plan) -> RowWriter:
        f, d = self.folded, self.folded.table.data
        sheet = plan.book.sheet(f.part)
        span, now = sheet.row(f.first), first_formulas(sheet, f.first)
        models, tag = dict[int, Model](), list[tuple[str, str]]()
        if span is not None:
            models = {c.col: _model(c, now.get(c.col), f) for c in sheet.cells(span)}
            start = sheet.data[span.start : span.inner]
            tag = [(name, v) for name in COPIED if (v := attr(start, name)) is not None]
        cols = self.given.keys() | self.others.keys() | set(range(d.c1, d.c2 + 1))
        columns = []
        for col in sorted(cols):
            column = self._column(col, models.get(col), plan)
            before = f.formulas.get(col)
            column.again = before is not None and before.element != now[col].element
            column.style = _style(sheet.default_style(None, col))
            column.new_style = _style(sheet.default_style(span, col))
            columns.append(column)
        return RowWriter(columns, f.first, f.prefix, tag)

    def _column(self, col: int, model: Model | None, plan: Plan) -> BulkColumn:
        f, odd = self.folded, self.others.get(col, {})
        out = BulkColumn(col, self.given.get(col), model)
        out.inside = f.table.data.c1 <= col <= f.table.data.c2
        out.odd = {row: other.moved for row, other in odd.items()}
        if out.writer is None:
            every = len(odd) > _FEW
            out.stale = Target(f.part, f.first, col) in plan.stale
            out.odd_stale = frozenset(
                row for row in odd if every or Target(f.part, row, col) in plan.stale
            )
        return out


@dataclass(frozen=True)
class Bulk:
    """A workbook whose Tables of many rows are folded away while the rest is filled.

    Attributes:
        book: the workbook without the rows; all that refers to them is as it will be.
        tables: the Tables.
    """

    book: Book
    tables: tuple[BulkTable, ...]

    @classmethod
    def of(cls, book: Book, columns: Mapping[str, Columns], sizes: Sizes) -> Bulk:
        """Fold Tables, and give other Tables their *sizes*.

        Args:
            book: the workbook.
            columns: Table (no two on one sheet) → its rows, by headers as they stand there.
            sizes: rows of other Tables, none of them on the same sheets.

        Raises:
            DoesNotFit, CannotShift: as `Template.fill`. NotInBulk: see there.
        """
        before, folds, changes = book, list[Folded](), list[RowChange]()
        for name, rows in columns.items():
            table = next(t for t in book.tables if t.name == name)
            folded, book = fold(book, table, rows.rows)
            folds.append(folded)
        for folded in folds:
            if folded.last != folded.table.data.r2:
                change, book = resize_folded(book, folded)
                changes.append(change)
        for name, size in sizes:
            changes.append(row_change(book, name, size))
            book = apply_change(book, changes[-1])
        tables = []
        for folded, rows in zip(folds, columns.values(), strict=True):
            folded.changes.extend(changes)
            others = other_formulas(folded) if folded.has_formulas() else {}
            tables.append(BulkTable(folded, _writers(book, folded, rows), others, before))
            book.uncalculated |= tables[-1].uncalculated()
        out = cls(book, tuple(tables))
        book.uncalculated = frozenset(
            cell for cell in book.uncalculated if not out.gives(Target(*cell))
        )
        return out

    @property
    def written(self) -> list[tuple[str, Area]]:
        """The cells that get values: part and area."""
        folds = ((t.folded, col) for t in self.tables for col in t.given)
        return [(f.part, Area(f.first, col, f.last, col)) for f, col in folds]

    def holds(self, target: Target) -> bool:
        """A cell stands in rows that are written many at once."""
        cell = Area(target.row, target.col, target.row, target.col)
        return any(t.folded.part == target.part and t.area.contains(cell) for t in self.tables)

    def gives(self, target: Target) -> bool:
        """A cell gets a value from a column."""
        cell = Area(target.row, target.col, target.row, target.col)
        return any(part == target.part and area.contains(cell) for part, area in self.written)

    def dependents(self) -> Dependents:
        """The formulas of the workbook, those in the rows among them."""
        return Dependents(self.book, [table.fold() for table in self.tables])

    def shown(self, resolver: Resolver, start: int) -> tuple[dict[Target, int], list[Value]]:
        """Cells of the rows that charts repeat → index of their value, from *start*; the values."""
        index: dict[Target, int] = {}
        values: list[Value] = []
        caches = (c for p in chart_parts(self.book) for c in find_caches(self.book, p, resolver))
        for target in (Target(*cell) for cache in caches for cell in cache.cells):
            found = next((v for t in self.tables if (v := t.value(target)) is not None), None)
            if found is not None and target not in index:
                index[target] = start + len(values)
                values += found
        return index, values

    def render(self, plan: Plan, parts: Mapping[str, Content]) -> dict[str, Content]:
        """Part → bytes of the sheets with many rows.

        Args:
            plan: what else changes.
            parts: the other changed parts, and these as far as they are filled.
        """
        out: dict[str, Content] = {}
        for table in self.tables:
            part = table.folded.part
            found = parts.get(part) or self.book.read(part)
            out[part] = table.render(plan, found)
        return out


def _writers(book: Book, folded: Folded, rows: Columns) -> dict[int, ColumnWriter]:
    heads = {head.casefold().strip(): k for k, head in enumerate(folded.table.columns)}
    first, out = folded.table.data.c1, dict[int, ColumnWriter]()
    for head, values in rows.data.items():
        col = first + heads[head.casefold().strip()]
        out[col] = ColumnWriter(values, folded.prefix, date1904=book.date1904)
    return out


def _style(style: str | None) -> str:
    return "" if style is None else f' s="{style}"'


def _model(cell: CellSpan, found: FirstFormula | None, folded: Folded) -> Model:
    rest = _style(attr(cell.attrs, "s"))
    if found is None:
        return Model(rest, "", folded.first)
    f = found.formula
    if f.kind != "array":
        return Model(rest, f.text, folded.first)
    cm = attr(cell.attrs, "cm")
    return Model(rest + ("" if cm is None else f' cm="{cm}"'), f.text, folded.first, array=True)
