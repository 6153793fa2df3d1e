"""Rows that people typed right below a Table that did not grow with them.

Excel takes such a row into the Table as it is typed. LibreOffice does not, nor does Excel with
AutoExpansion off, nor a script; the row is meant all the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.looks import usual_looks
from workbook_templates.ooxml.reading import area_values
from workbook_templates.ooxml.refs import Area, cell_name
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import Edit, attr, scan, set_attr, splice
from workbook_templates.portfolio.tables import TableSpec
from workbook_templates.refresh.find import Chosen, Found, find_tables

__all__ = ["take_in_rows_below"]

_MOST = 500
"""Rows below a Table that are looked at."""
_PLAIN = (None, "0")
"""Style of a cell that nobody gave looks."""


def take_in_rows_below(book: Book, specs: Mapping[str, TableSpec]) -> Book:
    """The workbook with Tables that reach down to the last row typed right below them.

    Args:
        book: as people saved it.
        specs: our Tables by name; only those in which people write rows count.

    Returns:
        The book itself where nothing was typed there. A blank row ends the typed ones; so does
        another Table. A Table with a row of totals stays as it is.
    """
    open_to_rows = {name: spec for name, spec in specs.items() if any(_typed(spec))}
    found, _ = find_tables(book, open_to_rows, Chosen())
    changed: dict[str, bytes] = {}
    for table in found.values():
        area, last = table.table.area, _last_row(book, table)
        if last > area.r2:
            grown = Area(area.r1, area.c1, last, area.c2)
            changed[table.table.part] = _reaching(book.read(table.table.part), area, grown)
            sheet = book.sheet(table.part)
            typed = Area(area.r2 + 1, area.c1, last, area.c2)
            changed[table.part] = _dressed(sheet, table.table.data, typed)
    return book.edited(changed) if changed else book


def _typed(spec: TableSpec) -> list[str]:
    """Keys of the columns that make a row of people's own."""
    return [c.key for c in spec.columns if c.shared]


def _last_row(book: Book, found: Found) -> int:
    """Last row of the sheet that belongs to a Table."""
    area = found.table.area
    columns = [found.columns[k] for k in _typed(found.spec) if k in found.columns]
    if found.table.totals or not columns:
        return area.r2
    others = [t.area.r1 for t in book.tables if t.sheet == found.table.sheet]
    end = min([area.r2 + _MOST, *(top - 1 for top in others if top > area.r2)])
    below = Area(area.r2 + 1, min(columns), end, max(columns))
    filled = {
        row
        for (row, col), value in area_values(book, found.part, below).items()
        if col in columns and value not in (None, "")
    }
    last = area.r2
    while last + 1 in filled:
        last += 1
    return last


def _reaching(data: bytes, area: Area, grown: Area) -> bytes:
    """The part of a Table with another area, that of its filter included."""
    edits: list[Edit] = []
    for tag in scan(data, "table", "autoFilter"):
        if not tag.closing and attr(tag.attrs, "ref") == area.text():
            new = set_attr(data[tag.start : tag.end], "ref", grown.text())
            edits.append((tag.start, tag.end, new))
    return splice(data, edits)


def _dressed(sheet: SheetXml, data: Area, typed: Area) -> bytes:
    """The sheet with typed rows that look as the Table's do; a cell with looks keeps them."""
    styles = usual_looks(sheet, data).styles
    edits: list[Edit] = []
    for row in sheet.rows_between(typed.r1, typed.r2):
        cells = {cell.col: cell for cell in sheet.cells(row)}
        written = []
        for col in sorted(cells.keys() | styles.keys()):
            cell = cells.get(col)
            raw = (
                _blank(sheet, row.number, col)
                if cell is None
                else sheet.data[cell.start : cell.end]
            )
            if col in styles and (cell is None or attr(cell.attrs, "s") in _PLAIN):
                end = raw.index(b">") + 1
                raw = set_attr(raw[:end], "s", styles[col]) + raw[end:]
            written.append(raw)
        edits.append((row.inner, row.close, b"".join(written)))
    return splice(sheet.data, edits)


def _blank(sheet: SheetXml, row: int, col: int) -> bytes:
    return b'<%bc r="%b"/>' % (sheet.prefix, cell_name(row, col).encode())
