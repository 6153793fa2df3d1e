"""A worksheet part cut into constant bytes and slots, one slot for each cell to be filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from workbook_templates.ooxml.cells import Value, cell_writers
from workbook_templates.ooxml.formulas import formula_tag
from workbook_templates.ooxml.refs import Area, cell_name
from workbook_templates.ooxml.remembered import Remembered
from workbook_templates.ooxml.sheet import CellSpan, RowSpan, SheetXml
from workbook_templates.ooxml.xml import escape_attr, set_attr, without
from workbook_templates.ooxml.zipfmt import LONG_PIECE, Content

__all__ = ["SheetPlan", "compile_sheet"]

Cell = tuple[int, int]


Writer = Remembered[tuple[bytes, ...]]
Raw = bytes | memoryview


@dataclass
class SheetPlan:
    """The compiled part: `render` joins constant pieces with freshly written cells.

    Attributes:
        pieces: constant bytes, with b"" at every odd place, where a value goes.
        indexes: for each cell the index of its value.
        writers: for each cell what writes it: one piece, or two round the formula it keeps.
    """

    pieces: list[Raw] = field(default_factory=list)
    indexes: list[int] = field(default_factory=list)
    writers: list[Writer] = field(default_factory=list)

    @cached_property
    def _long(self) -> bool:
        return any(len(piece) > LONG_PIECE for piece in self.pieces)

    def render(self, values: Sequence[Value]) -> Content:
        """The part with *values* in its cells."""
        chosen = map(values.__getitem__, self.indexes)
        cells = [writer[type(v)][v] for writer, v in zip(self.writers, chosen, strict=True)]
        pieces = self.pieces.copy()
        pieces[1::2] = chain.from_iterable(cells)
        return pieces if self._long else b"".join(pieces)


def compile_sheet(
    sheet: SheetXml,
    targets: Mapping[Cell, int],
    stale: set[Cell],
    computed: set[Cell],
    *,
    date1904: bool,
) -> SheetPlan:
    """Cut *sheet* at the cells that change.

    Args:
        sheet: the part.
        targets: (row, column) → index of the value it will hold.
        stale: formula cells whose cached value must go.
        computed: cells filled by a formula or an array formula.
        date1904: dates count from 1904.
    """
    return _Compiler(sheet, targets, stale, computed, date1904=date1904).run()


class _Compiler:
    def __init__(
        self,
        sheet: SheetXml,
        targets: Mapping[Cell, int],
        stale: set[Cell],
        computed: set[Cell],
        *,
        date1904: bool,
    ) -> None:
        self.sheet, self.targets, self.stale, self.computed = sheet, targets, stale, computed
        self.plan = SheetPlan()
        self.cells = cell_writers(sheet.prefix, date1904=date1904)
        self.pieces: list[Raw] = []
        self.view = memoryview(sheet.data)
        self.holes: list[int] = []
        self.at = 0
        self.formula = formula_tag(sheet.prefix)
        self.tail = b"</" + sheet.prefix + b"c>"

    def run(self) -> SheetPlan:
        rows: dict[int, list[int]] = {}
        for row, col in self.targets.keys() | self.stale:
            rows.setdefault(row, []).append(col)
        sheet, p = self.sheet, self.sheet.prefix
        if sheet.collapsed:
            self._copy(sheet.start, sheet.end)
            self._put(b"<" + p + b"sheetData>")
        for number in sorted(rows):
            span = sheet.row(number)
            if span is None:
                self._new_row(number, sorted(rows[number]))
            else:
                self._old_row(span, sorted(rows[number]))
        if sheet.collapsed:
            self._put(b"</" + p + b"sheetData>")
        self._put(self.view[self.at :])
        self._merge()
        self._widen()
        return self.plan

    def _merge(self) -> None:
        # Fewer pieces join faster; this runs once, `render` many times.
        last = 0
        for at in self.holes:
            self.plan.pieces += (_joined(self.pieces[last:at]), b"")
            last = at + 1
        self.plan.pieces.append(_joined(self.pieces[last:]))

    def _put(self, raw: Raw) -> None:
        if raw:
            self.pieces.append(raw)

    def _copy(self, upto: int, resume: int) -> None:
        self._put(self.view[self.at : upto])
        self.at = resume

    def _new_row(self, number: int, cols: list[int]) -> None:
        sheet, p = self.sheet, self.sheet.prefix
        cols = [c for c in cols if (number, c) in self.targets]
        if not cols:
            return
        if not sheet.collapsed:
            later = sheet.rows_between(number, 1 << 30)
            upto = later[0].start if later else sheet.end
            self._copy(upto, upto)
        self._put(b'<%brow r="%d">' % (p, number))
        for col in cols:
            self._new_cell(None, number, col)
        self._put(b"</%brow>" % p)

    def _old_row(self, span: RowSpan, cols: list[int]) -> None:
        data = self.sheet.data
        empty = span.inner == span.end
        if empty:
            self._copy(span.start, span.end)
            self._put(data[span.start : span.inner - 2].rstrip() + b">")
        cells = self.sheet.cells_at(span, cols)
        k = 0
        for col in cols:
            while k < len(cells) and cells[k].col < col:
                k += 1
            if k < len(cells) and cells[k].col == col:
                self._old_cell(span.number, cells[k])
            elif (span.number, col) in self.targets:
                if not empty:
                    upto = cells[k].start if k < len(cells) else span.close
                    self._copy(upto, upto)
                self._new_cell(span, span.number, col)
        if empty:
            self._put(b"</%brow>" % self.sheet.prefix)

    def _new_cell(self, row: RowSpan | None, number: int, col: int) -> None:
        style = self.sheet.default_style(row, col)
        head = b'<%bc r="%b"' % (self.sheet.prefix, cell_name(number, col).encode())
        if style is not None:
            head += b' s="%b"' % escape_attr(style)
        self._slot((number, col), head, b"")

    def _old_cell(self, number: int, cell: CellSpan) -> None:
        place = (number, cell.col)
        m = self.formula.search(cell.body) if cell.body else None
        formula = m[0] if m else b""
        # vm points at a picture or a data type in the cell: the new value replaces it.
        drop = ("t", "vm") if formula else ("t", "vm", "cm")
        head = b"<" + self.sheet.prefix + b"c" + without(cell.attrs, *drop)
        # What stays of the start tag mostly stands there already: no need to cut before it.
        same = len(head) if self.sheet.data.startswith(head, cell.start) else 0
        self._copy(cell.start + same, cell.end)
        head = head[same:]
        if place in self.targets:
            self._slot(place, head, formula)
        else:
            self._put(head + (b">" + formula + self.tail if formula else b"/>"))

    def _slot(self, place: Cell, head: bytes, formula: bytes) -> None:
        """A cell to be written: *head* is its start tag, as far as it stays."""
        writer = self.cells.filled if place in self.computed else self.cells.plain
        self._put(head)
        self._hole()
        if formula:
            writer = self.cells.halves
            self._put(b">" + formula)
            self._hole()
        self.plan.indexes.append(self.targets[place])
        self.plan.writers.append(writer)

    def _hole(self) -> None:
        self.holes.append(len(self.pieces))
        self.pieces.append(b"")

    def _widen(self) -> None:
        found = self.sheet.dimension
        if found is None or not self.targets:
            return
        start, end, area = found
        rows = [row for row, _ in self.targets]
        cols = [col for _, col in self.targets]
        wide = Area(
            min(area.r1, *rows), min(area.c1, *cols), max(area.r2, *rows), max(area.c2, *cols)
        )
        if wide != area:
            first = bytes(self.plan.pieces[0])
            tag = set_attr(first[start:end], "ref", wide.text())
            self.plan.pieces[0] = first[:start] + tag + first[end:]


def _joined(pieces: list[Raw]) -> Raw:
    # A view of a long sheet's rest need not be copied.
    only_one_long = len(pieces) == 1 and len(pieces[0]) > LONG_PIECE
    return pieces[0] if only_one_long else b"".join(pieces)
