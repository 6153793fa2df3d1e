"""What a Table's new rows are made of: the looks of most rows, the formulas of the first one."""

from __future__ import annotations

from workbook_templates.ooxml.formulas import formula_tag, row_formulas
from workbook_templates.ooxml.looks import Looks, usual_looks
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.rearrange_move import RowMove
from workbook_templates.ooxml.refs import Area, cell_name, parse_area
from workbook_templates.ooxml.sheet import CellSpan, SheetXml
from workbook_templates.ooxml.xml import attr, escape, set_attr, unescape

__all__ = ["ModelRow"]


class ModelRow:
    """A pattern for new rows of a Table: its first data row, looking as most of them do.

    Args:
        sheet: the Table's sheet before the move.
        move: what moves.

    Attributes:
        formulas: cells (row, column) that were given a formula, which has no value yet.
    """

    def __init__(self, sheet: SheetXml, move: RowMove) -> None:
        self.sheet, self.move = sheet, move
        self.formulas: list[tuple[int, int]] = []
        span = sheet.row(move.data.r1)
        d = move.data
        cells = [] if span is None else sheet.cells(span)
        self._looks = usual_looks(sheet, d) if move.news else Looks({}, {})
        there = {c.col: c for c in cells if d.c1 <= c.col <= d.c2}
        # A column that has nothing in the first row may have its looks in the others.
        self._cells = [
            there.get(col, CellSpan(col, 0, 0, b"", None))
            for col in sorted(there.keys() | self._looks.styles.keys())
        ]
        found = row_formulas(sheet, d.r1) if move.news else ()
        self._shared = {f.col: f.text for f in found if f.kind == "shared"}

    def row(self, number: int) -> bytes:
        """A new row at sheet row *number*."""
        p = self.sheet.prefix
        tag = b'<%brow r="%d">' % (p, number)
        for name, value in self._looks.row.items():
            tag = set_attr(tag, name, value)
        return tag + b"".join(raw for _, raw in self.cells(number)) + b"</%brow>" % p

    def cells(self, number: int) -> list[tuple[int, bytes]]:
        """Column and bytes of each cell of a new row at sheet row *number*."""
        return [(c.col, self._cell(c, number)) for c in self._cells]

    def _cell(self, cell: CellSpan, number: int) -> bytes:
        p, place = self.sheet.prefix, cell_name(number, cell.col)
        head = b'<%bc r="%b"' % (p, place.encode())
        style = self._looks.styles.get(cell.col)
        if style is not None:
            head += b' s="%b"' % style.encode()
        m = formula_tag(p).search(cell.body) if cell.body else None
        if m is None:
            return head + b"/>"
        tag = b"<%bf>" % p
        if attr(m[1], "t") in ("array", "dataTable"):
            tag = self._array(cell, m[1], place)
            cm = attr(cell.attrs, "cm")
            head += b"" if cm is None else b' cm="%b"' % cm.encode()
        text = self._shared.get(cell.col) or unescape(m[2] or b"")
        top = self.move.data.r1
        text = self.move.based(text, self.move.sheet, (top, cell.col), (number, cell.col))
        self.formulas.append((number, cell.col))
        return head + b">" + tag + escape(text) + b"</%bf></%bc>" % (p, p)

    def _array(self, cell: CellSpan, attrs: bytes, place: str) -> bytes:
        area = parse_area(attr(attrs, "ref") or "")
        if area != Area(*(self.move.data.r1, cell.col) * 2):
            raise CannotShift(
                f"The first row of the Table on sheet {self.move.sheet!r} holds an array formula "
                f"over {area.text() if area else 'cells'}, which cannot be copied to new rows. "
                "Use one cell a row."
            )
        return b'<%bf t="array" ref="%b">' % (self.sheet.prefix, place.encode())
