"""The rows of a sheet after a Table got more or fewer of them."""

from __future__ import annotations

import re

from workbook_templates.ooxml.change import RowChange
from workbook_templates.ooxml.formulas import formula_tag, row_formulas
from workbook_templates.ooxml.looks import COPIED, usual_looks
from workbook_templates.ooxml.problems import CannotShift
from workbook_templates.ooxml.refs import MAX_ROW, Area, cell_name, shift_formula
from workbook_templates.ooxml.sheet import CellSpan, SheetXml
from workbook_templates.ooxml.xml import attr, escape, set_attr

__all__ = ["RowsAfter", "grow_rows"]


class RowsAfter:
    """The result: the part's bytes and the cells that got a copied formula."""

    def __init__(self, data: bytes, formulas: list[tuple[int, int]]) -> None:
        self.data = data
        self.formulas = formulas


def grow_rows(
    sheet: SheetXml, change: RowChange, *, made: bool = True, usual: bool = False
) -> RowsAfter:
    """Move, add and clear rows of *sheet* as *change* says; references are already moved.

    If not *made*, rows below the Table move and nothing else happens: somebody else writes
    the Table's rows. New rows look like the first one or, if *usual*, as most rows do.

    Raises:
        CannotShift: a row would fall off the sheet, or an array formula would be copied.
    """
    return _Rows(sheet, change, usual=usual).run(made=made)


class _Rows:
    def __init__(self, sheet: SheetXml, change: RowChange, *, usual: bool) -> None:
        self.sheet, self.change = sheet, change
        p = re.escape(sheet.prefix)
        self.number = re.compile(
            rb"(<" + p + rb"(?:row|c)(?:\s[^>]*?)?\sr\s*=\s*[\"'])([A-Za-z]*)\d+"
        )
        self.formulas: list[tuple[int, int]] = []
        d = change.data
        first = sheet.row(d.r1)
        self.looks = usual_looks(sheet, d if usual else d._replace(r2=d.r1))
        cells = [] if first is None else sheet.cells(first)
        self.model = {c.col: c for c in cells if d.c1 <= c.col <= d.c2}
        texts = {} if first is None else self._texts(d.r1)
        self.texts: dict[int, tuple[str, str]] = texts

    def _texts(self, row: int) -> dict[int, tuple[str, str]]:
        return {f.col: (f.kind, f.text) for f in row_formulas(self.sheet, row)}

    def run(self, *, made: bool) -> RowsAfter:
        sheet, change = self.sheet, self.change
        # The Table's rows that stay are not cut: there may be many.
        first = min(change.data.r2, change.last) + 1
        start = sheet.start if sheet.missing or sheet.collapsed else sheet.at_row(first)
        rows = self._moved(first)
        if made:
            self._make(rows)
        inner = b"".join(raw for _, raw in sorted(rows.items()))
        data = sheet.data
        if sheet.collapsed:
            tag = b"<" + sheet.prefix + b"sheetData>"
            end = b"</" + sheet.prefix + b"sheetData>"
            inner = tag + inner + end
        return RowsAfter(b"".join((data[:start], inner, data[sheet.end :])), self.formulas)

    def _make(self, rows: dict[int, bytes]) -> None:
        """Clear rows that the Table leaves, move its totals, add its new rows."""
        change, d = self.change, self.change.data
        for number in range(change.last + 1, d.r2 + 1):
            if number in rows:
                rows[number] = self._replace_cells(rows[number], number, [])
        if change.totals and not change.inserted and change.last < d.r2:
            self._move_totals(rows)
        for number in range(d.r2 + 1, change.last + 1):
            rows[number] = self._grown(rows.get(number), number)

    def _moved(self, first: int) -> dict[int, bytes]:
        """The rows from sheet row *first* on where they go."""
        sheet, change = self.sheet, self.change
        out: dict[int, bytes] = {}
        for row in sheet.rows_between(first, MAX_ROW):
            raw = sheet.data[row.start : row.end]
            number = change.row(row.number)
            if number > MAX_ROW:
                raise CannotShift(
                    f"Sheet {change.sheet!r} has no room for {change.inserted} more rows: row "
                    f"{row.number} would fall off its end. Delete what stands there."
                )
            if number != row.number:
                raw = self.number.sub(rb"\g<1>\g<2>%d" % number, raw)
            out[number] = raw
        return out

    def _one(self, raw: bytes) -> tuple[bytes, list[CellSpan], bytes]:
        """Start tag, cells and end tag of a row's bytes; cell spans are relative to *raw*."""
        p = self.sheet.prefix
        alone = b"<%bworksheet><%bsheetData>%b</%bsheetData></%bworksheet>" % (p, p, raw, p, p)
        part = SheetXml(alone, self.sheet.part)
        row = part.rows[0]
        cells = [
            CellSpan(c.col, c.start - row.start, c.end - row.start, c.attrs, c.body)
            for c in part.cells(row)
        ]
        tag = raw[: row.inner - row.start]
        if tag.endswith(b"/>"):
            tag = tag[:-2].rstrip() + b">"
        return tag, cells, b"</" + p + b"row>"

    def _replace_cells(self, raw: bytes, number: int, new: list[tuple[int, bytes]]) -> bytes:
        """The row with the Table's cells replaced by *new* (column, bytes)."""
        tag, cells, end = self._one(raw)
        d = self.change.data
        kept = [(c.col, raw[c.start : c.end]) for c in cells if not d.c1 <= c.col <= d.c2]
        inside = b"".join(cell for _, cell in sorted(kept + new))
        return tag + inside + end

    def _move_totals(self, rows: dict[int, bytes]) -> None:
        change, d = self.change, self.change.data
        raw = rows.get(change.totals)
        if raw is None:
            return
        _, cells, _ = self._one(raw)
        target = change.last + 1
        moved = [
            (c.col, self.number.sub(rb"\g<1>\g<2>%d" % target, raw[c.start : c.end]))
            for c in cells
            if d.c1 <= c.col <= d.c2
        ]
        rows[change.totals] = self._replace_cells(raw, change.totals, [])
        rows[target] = self._replace_cells(rows.get(target) or self._blank(target), target, moved)

    def _blank(self, number: int) -> bytes:
        p = self.sheet.prefix
        return b'<%brow r="%d"></%brow>' % (p, number, p)

    def _grown(self, raw: bytes | None, number: int) -> bytes:
        cols = sorted(self.model.keys() | self.looks.styles.keys())
        new = [(col, self._copy(col, number)) for col in cols]
        if raw is None:
            raw = self._with_height(self._blank(number), COPIED)
        elif attr(raw[: raw.index(b">")], "ht") is None:
            raw = self._with_height(raw, ("ht", "customHeight"))
        return self._replace_cells(raw, number, new)

    def _with_height(self, raw: bytes, names: tuple[str, ...]) -> bytes:
        gt = raw.index(b">") + 1
        tag = raw[:gt]
        for name in names:
            value = self.looks.row.get(name)
            if value is not None:
                tag = set_attr(tag, name, value)
        return tag + raw[gt:]

    def _copy(self, col: int, number: int) -> bytes:
        """A grown row's cell: the column's style, the first row's formula, no value."""
        p, place = self.sheet.prefix, cell_name(number, col)
        head = b'<%bc r="%b"' % (p, place.encode())
        style = self.looks.styles.get(col)
        if style is not None:
            head += b' s="%b"' % style.encode()
        if col not in self.texts:
            return head + b"/>"
        kind, text = self.texts[col]
        text = shift_formula(text, number - self.change.data.r1, 0)
        self.formulas.append((number, col))
        tag = b"<%bf>" % p
        if kind == "array":
            cell = self.model[col]
            tag = self._array(cell, place)
            cm = attr(cell.attrs, "cm")
            head += b"" if cm is None else b' cm="%b"' % cm.encode()
        return head + b">" + tag + escape(text) + b"</%bf></%bc>" % (p, p)

    def _array(self, cell: CellSpan, place: str) -> bytes:
        m = formula_tag(self.sheet.prefix).search(cell.body or b"")
        area = attr(m[1], "ref") if m else None
        if area != Area(*(self.change.data.r1, cell.col) * 2).text():
            raise CannotShift(
                f"The first row of the Table on sheet {self.change.sheet!r} holds an array formula "
                f"over {area}, which cannot be copied to new rows. Use one cell a row."
            )
        return b'<%bf t="array" ref="%b">' % (self.sheet.prefix, place.encode())
