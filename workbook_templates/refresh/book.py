"""Small changes of a workbook's cells outside `Template.fill`: notes that come back, formulas."""

from __future__ import annotations

from collections.abc import Mapping

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import Value
from workbook_templates.ooxml.plan import full_calculation
from workbook_templates.ooxml.refs import cell_name
from workbook_templates.ooxml.sheetplan import compile_sheet
from workbook_templates.ooxml.xml import Edit, attr, escape, escape_attr, splice
from workbook_templates.ooxml.zipfmt import Packed

__all__ = ["put_formulas", "put_values"]

Cell = tuple[int, int]


def put_values(book: Book, part: str, values: Mapping[Cell, Value]) -> Book:
    """The workbook with values in some cells of a sheet; cells keep their style."""
    if not values:
        return book
    targets = {cell: k for k, cell in enumerate(values)}
    plan = compile_sheet(book.sheet(part), targets, set(), set(), date1904=book.date1904)
    content = plan.render(list(values.values()))
    # `Packed` is what only a whole column is written as.
    assert not isinstance(content, Packed)
    data = content if isinstance(content, bytes) else b"".join(content)
    # What reads these cells has an old value now.
    workbook = full_calculation(book.read(book.workbook))
    new = book.edited({part: data, book.workbook: workbook})
    new.uncalculated = book.uncalculated
    return new


def put_formulas(book: Book, part: str, formulas: Mapping[Cell, str]) -> Book:
    """The workbook with formulas (without "=") in cells that are there; "" leaves them blank."""
    sheet = book.sheet(part)
    edits: list[Edit] = []
    p = sheet.prefix
    for (row, col), text in formulas.items():
        cell = sheet.cell(row, col)
        if cell is None:
            continue
        style = attr(cell.attrs, "s")
        head = b'<%bc r="%b"' % (p, cell_name(row, col).encode())
        head += b"" if style is None else b' s="%b"' % escape_attr(style)
        inside = b"><%bf>%b</%bf></%bc>" % (p, escape(text), p, p) if text else b"/>"
        edits.append((cell.start, cell.end, head + inside))
    if not edits:
        return book
    new = book.edited({part: splice(sheet.data, edits)})
    blank = {(part, *cell) for cell, text in formulas.items() if not text}
    fresh = {(part, *cell) for cell, text in formulas.items() if text}
    new.uncalculated = (book.uncalculated | fresh) - blank
    return new
