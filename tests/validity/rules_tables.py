"""Tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from tests.validity import grid
from tests.validity.book import Book, Sheet, Table
from tests.validity.package import Problem
from tests.validity.xml import MAIN, whole

_NAME = re.compile(r"(?:[^\W\d]|[_\\])[\w.\\]*")


def identities(book: Book) -> Iterator[Problem]:
    """Ids and names are unique over the whole workbook, names well formed."""
    tables = [table for sheet in book.sheets for table in sheet.tables]
    for key, count in Counter(table.root.get("id") for table in tables).items():
        if count > 1:
            yield Problem("table-id-duplicate", book.part, str(key))
    for name, count in Counter(table.name.lower() for table in tables).items():
        if count > 1:
            yield Problem("table-name-duplicate", book.part, name)
    for table in tables:
        name = table.name
        if name.lower() in book.names:
            yield Problem("table-name-taken", table.part, name)
        odd = grid.cell(name.upper()) or name.lower() in ("r", "c") or len(name) > 255
        if odd or not _NAME.fullmatch(name):
            yield Problem("table-name-syntax", table.part, name)


def shapes(book: Book) -> Iterator[Problem]:
    """A table has its columns, a data row, its filter inside, and no other table over it."""
    for sheet in book.sheets:
        for table in sheet.tables:
            yield from _shape(table)
        for one, other in combinations(sheet.tables, 2):
            if one.area and other.area and one.area.meets(other.area):
                yield Problem("tables-overlap", sheet.part, f"{one.name} {other.name}")


def _shape(table: Table) -> Iterator[Problem]:
    area = table.area
    if area is None:
        yield Problem("table-off-grid", table.part, str(table.root.get("ref")))
        return
    columns = [c.get("name") or "" for c in table.root.iter(MAIN + "tableColumn")]
    if len(columns) != area.right - area.left + 1:
        yield Problem("table-column-count", table.part, f"{len(columns)} in {area}")
    if len({c.lower() for c in columns}) != len(columns):
        yield Problem("table-column-duplicate", table.part)
    for key, count in Counter(c.get("id") for c in table.root.iter(MAIN + "tableColumn")).items():
        if count > 1:
            yield Problem("table-column-id", table.part, str(key))
    fixed = whole(table.root.get("headerRowCount"), 1) + whole(table.root.get("totalsRowCount"))
    if area.bottom - area.top + 1 < fixed + 1:
        yield Problem("table-without-rows", table.part)
    found = table.root.find(MAIN + "autoFilter")
    inner = None if found is None else grid.box(found.get("ref"))
    if inner and (inner.left, inner.top, inner.right) != (area.left, area.top, area.right):
        yield Problem("table-filter", table.part, f"{inner} in {area}")


def headers(book: Book) -> Iterator[Problem]:
    """The header cells hold the names of the columns as text."""
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.area and whole(table.root.get("headerRowCount"), 1):
                yield from _header(sheet, table, table.area)


def _header(sheet: Sheet, table: Table, area: grid.Box) -> Iterator[Problem]:
    for index, column in enumerate(table.root.iter(MAIN + "tableColumn")):
        ref = f"{grid.column_letters(area.left + index)}{area.top}"
        cell = sheet.cells.get(ref)
        name = column.get("name") or ""
        text = cell.text if cell and cell.kind in ("s", "inlineStr", "str") else None
        if text is None or _plain(text) != _plain(name):
            yield Problem("table-header", table.part, f"{ref} {text!r} is not {name!r}")


def _plain(text: str) -> str:
    decoded = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), text)
    return decoded.replace("\r", "")


RULES = [identities, shapes, headers]
