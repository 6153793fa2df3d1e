"""Cells of a Table's rows as the file has them, read by columns."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.cells import CellError, Value, clean_text, plain, serial
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.refs import Area, col_name
from workbook_templates.ooxml.sheet import CellSpan, SheetXml
from workbook_templates.ooxml.xml import unescape

__all__ = ["Read", "as_read", "key_text", "read_cells", "same"]

_BATCH = 1000
"""Rows that are looked through at once: all of them would take too much memory."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Read:
    """Cells of n rows.

    Attributes:
        values: column number → n values; a number is a float, a date its serial.
        formulas: column number → rows, counted from 0, whose cell holds a formula.
    """

    values: dict[int, list[Value]] = field(default_factory=dict)
    formulas: dict[int, set[int]] = field(default_factory=dict)


def read_cells(book: Book, part: str, area: Area, columns: Collection[int]) -> Read:
    """The cells of some columns in the rows of *area*."""
    count = area.r2 - area.r1 + 1
    read = Read({c: [None] * count for c in columns}, {c: set() for c in columns})
    sheet = book.sheet(part)
    rows = sheet.rows_between(area.r1, area.r2)
    if not rows or not columns:
        return read
    start, end = rows[0].start, rows[-1].end
    # Some program may write attributes in another order: then cells are read one by one.
    cells, named = b"<" + sheet.prefix + b"c ", b"<" + sheet.prefix + b'c r="'
    if sheet.data.count(cells, start, end) != sheet.data.count(named, start, end):
        for row in rows:
            for found in sheet.cells(row):
                if found.col in read.values and found.body:
                    _keep(book, read, row.number - area.r1, found)
        return read
    for first in range(0, len(rows), _BATCH):
        batch = rows[first : first + _BATCH]
        _read_span(book, sheet, (batch[0].start, batch[-1].end), read, area.r1)
    return read


def _read_span(book: Book, sheet: SheetXml, span: tuple[int, int], read: Read, top: int) -> None:
    """Read the cells between two bytes of a sheet, row *top* being row 0."""
    p = re.escape(sheet.prefix)
    cell = re.compile(
        rb"<" + p + rb'c r="([A-Z]{1,3})([0-9]+)"([^>]*?)(?:/>|>(.*?)</' + p + rb"c>)", re.S
    )
    wanted = {col_name(c).encode(): (c, values) for c, values in read.values.items()}
    decode = _Decoder(book, sheet.prefix)
    opening, skip = decode.v, len(decode.v)
    for letters, number, attrs, body in cell.findall(sheet.data, *span):
        if not body or letters not in wanted:
            continue
        col, values = wanted[letters]
        # Most cells are plain numbers: a call for each would take as long as all the rest.
        if body[:skip] == opening and body.endswith(decode.end) and b"t=" not in attrs:
            values[int(number) - top] = float(body[skip : -skip - 1])
            continue
        values[int(number) - top], formula = decode(col, attrs, body)
        if formula:
            read.formulas[col].add(int(number) - top)


class _Decoder:
    """Values of cells as the usual programs write them; the rare ones take longer."""

    def __init__(self, book: Book, prefix: bytes) -> None:
        self.book, self.strings = book, book.strings
        p = prefix
        self.v, self.end = b"<%bv>" % p, b"</%bv>" % p
        self.text, self.text_end = b"<%bis><%bt>" % (p, p), b"</%bt></%bis>" % (p, p)
        self.formula = b"<" + p + b"f"

    def __call__(self, col: int, attrs: bytes, body: bytes) -> tuple[Value, bool]:
        """The value, and whether it is a formula's."""
        formula = self.formula in body
        start = body.rfind(self.v) if formula else 0
        inside = body[start + len(self.v) : -len(self.end)]
        plain = body.startswith(self.v, start) and body.endswith(self.end)
        if plain and b"t=" not in attrs:
            return (float(inside) if inside else None), formula
        if plain and b't="str"' in attrs:
            return unescape(inside), formula
        if plain and b't="s"' in attrs:
            at = int(inside)
            return (self.strings[at] if at < len(self.strings) else ""), formula
        if body.startswith(self.text) and body.endswith(self.text_end) and body.count(b"<") == 4:
            return unescape(body[len(self.text) : -len(self.text_end)]), False
        return cell_value(self.book, CellSpan(col, 0, 0, attrs, body)), formula


def _keep(book: Book, read: Read, at: int, cell: CellSpan) -> None:
    if b"f>" in (cell.body or b"") or b"f " in (cell.body or b""):
        read.formulas[cell.col].add(at)
    read.values[cell.col][at] = cell_value(book, cell)


def as_read(value: object, *, date1904: bool = False) -> Value:
    """A value to be written, as it would be read back."""
    if value is None or type(value) is str:
        return _text(value) if value else None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        number = float(value)
        return number if math.isfinite(number) else None
    if isinstance(value, date):
        return None if value != value else float(serial(value, date1904=date1904))
    if isinstance(value, CellError):
        return value
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    return as_read(plain(value), date1904=date1904)


def _text(text: str) -> str:
    return clean_text(text).replace("\r\n", "\n")


def same(old: Value, new: Value) -> bool:
    """Whether a cell with *old* need not be written to hold *new*; both as read.

    Programs save fewer digits than Python has, and keep an empty text as a blank.
    """
    if type(old) is float and type(new) is float:
        return old == new or math.isclose(old, new, rel_tol=1e-12, abs_tol=1e-9)
    if isinstance(old, str) and isinstance(new, str):
        return old == new or _plain(old) == _plain(new)
    return old == new or (old in ("", None) and new in ("", None))


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n")


def key_text(value: Value) -> str:
    """What identifies a row: 123 typed as a number is the text 123; 00123 stays 00123."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return _plain(str(value)).strip()
