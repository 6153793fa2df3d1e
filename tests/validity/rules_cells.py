"""Rows, cells, their values and formulas."""

from __future__ import annotations

import math
from collections.abc import Iterator

from tests.validity import grid
from tests.validity.book import Book, Cell, Sheet
from tests.validity.formulas import faults
from tests.validity.package import Problem
from tests.validity.xml import MAIN, Element, units, whole

_TEXT = 32_767


def rows(book: Book) -> Iterator[Problem]:
    """Rows and cells stand in order, on the grid, each once."""
    for sheet in book.sheets:
        last = 0
        for row in sheet.root.iter(MAIN + "row"):
            number = int(row.get("r") or last + 1)
            if number <= last or number > grid.ROWS:
                yield Problem("row-order", sheet.part, f"{number} after {last}")
            last = number
            if float(row.get("ht") or 0) > 409.5:
                yield Problem("row-height", sheet.part, f"{number}: {row.get('ht')}")
            if whole(row.get("outlineLevel")) > 7:
                yield Problem("outline-level", sheet.part, str(number))
            yield from _order(sheet, row, number)


def _order(sheet: Sheet, row: Element, number: int) -> Iterator[Problem]:
    last = 0
    for element in row.findall(MAIN + "c"):
        ref = element.get("r")
        if ref is None:
            last += 1
            continue
        at = grid.cell(ref)
        if at is None:
            yield Problem("cell-off-grid", sheet.part, ref)
            continue
        if at[1] != number:
            yield Problem("cell-row", sheet.part, f"{ref} in row {number}")
        if at[0] <= last:
            yield Problem("cell-order", sheet.part, ref)
        last = at[0]


def values(book: Book) -> Iterator[Problem]:
    """Each value fits its type, each style exists."""
    styles = max(book.count("cellXfs", "xf"), 1)
    for sheet in book.sheets:
        for ref, cell in sheet.cells.items():
            if whole(cell.element.get("s")) >= styles:
                yield Problem("cell-style", sheet.part, f"{ref} s={cell.element.get('s')}")
            rule = _value_fault(cell, len(book.strings))
            if rule:
                yield Problem(rule, sheet.part, f"{ref} {(cell.raw or '')[:20]!r}")


def _value_fault(cell: Cell, strings: int) -> str | None:
    raw = cell.raw
    if cell.kind != "n" and cell.kind != "e" and cell.text and units(cell.text) > _TEXT:
        return "text-length"
    if raw in (None, ""):
        return None
    if cell.kind == "n" and not finite(raw):
        return "cell-number"
    if cell.kind == "s" and (not raw.strip().isdigit() or int(raw) >= strings):
        return "cell-string-index"
    if cell.kind == "b" and raw not in ("0", "1", "true", "false"):
        return "cell-boolean"
    if cell.kind == "e" and not raw.startswith("#"):
        return "cell-error"
    return None


def finite(text: str) -> bool:
    """Whether the text is a number that Excel can hold."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def formulas(book: Book) -> Iterator[Problem]:
    """Every formula parses, with its prefixes, and names sheets that exist."""
    for sheet in book.sheets:
        for ref, cell in sheet.cells.items():
            if cell.formula is not None and cell.formula.text:
                for fault in faults(cell.formula.text, book.known):
                    rule = "formula-prefix" if "prefix" in fault else "formula"
                    yield Problem(rule, sheet.part, f"{ref}: {fault}")


def dimension(book: Book) -> Iterator[Problem]:
    """The declared dimension holds every cell: some readers stop at its edge."""
    for sheet in book.sheets:
        declared = sheet.root.find(MAIN + "dimension")
        area = None if declared is None else grid.box(declared.get("ref"))
        if area is None:
            continue
        for ref, cell in sheet.cells.items():
            at = grid.cell(ref)
            if at and cell.raw and not area.holds(*at):
                yield Problem("dimension", sheet.part, f"{ref} outside")
                break


RULES = [rows, values, formulas, dimension]
