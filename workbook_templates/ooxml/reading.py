"""The value a cell holds now, as far as the file knows it."""

from __future__ import annotations

from workbook_templates.ooxml.book import Book, rich_text
from workbook_templates.ooxml.cells import ERRORS, CellError, Value
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheet import CellSpan
from workbook_templates.ooxml.xml import attr, close_of, scan, unescape

__all__ = ["area_formulas", "area_values", "cell_text", "cell_value"]


def cell_text(book: Book, cell: CellSpan) -> tuple[str, str]:
    """(type, text) of *cell*: type "" for a number or a blank, else b, e or str."""
    kind = attr(cell.attrs, "t") or "n"
    body = cell.body or b""
    if kind == "inlineStr":
        return "str", rich_text(body)
    tag = next((t for t in scan(body, "v") if not t.closing), None)
    text = "" if tag is None else unescape(body[tag.end : close_of(body, tag)[0]])
    if kind == "s":
        at = int(text) if text.isdigit() else -1
        return "str", book.strings[at] if 0 <= at < len(book.strings) else ""
    return ("" if kind == "n" else kind), text


def cell_value(book: Book, cell: CellSpan | None) -> Value:
    """Value of *cell*; a number stays a float, a date its serial."""
    if cell is None:
        return None
    kind, text = cell_text(book, cell)
    if kind in ("str", "d"):
        return text
    if not text:
        return None
    if kind == "b":
        return text == "1"
    if kind == "e":
        return CellError(text if text in ERRORS else "#N/A")
    try:
        return float(text)
    except ValueError:
        return text


def area_values(book: Book, part: str, area: Area) -> dict[tuple[int, int], Value]:
    """Values of the cells of *area* that hold something."""
    sheet = book.sheet(part)
    out: dict[tuple[int, int], Value] = {}
    for row in sheet.rows_between(area.r1, area.r2):
        for cell in sheet.cells(row):
            if area.c1 <= cell.col <= area.c2:
                value = cell_value(book, cell)
                if value is not None:
                    out[row.number, cell.col] = value
    return out


def area_formulas(book: Book, part: str, area: Area) -> set[tuple[int, int]]:
    """Cells (row, column) of *area* that hold a formula; of one in many cells the first."""
    sheet = book.sheet(part)
    return {
        (row.number, cell.col)
        for row in sheet.rows_between(area.r1, area.r2)
        for cell in sheet.cells(row)
        if area.c1 <= cell.col <= area.c2 and cell.body and sheet.formula_in(cell.body)
    }
