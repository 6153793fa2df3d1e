"""Cells of a Table's rows as the file has them, read by columns."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from workbook_templates.ooxml.book import Book
from workbook_templates.ooxml.bulkread import Gathered, Strings, read_blocks
from workbook_templates.ooxml.cells import CellError, Value, clean_text, plain, serial
from workbook_templates.ooxml.reading import cell_value
from workbook_templates.ooxml.refs import Area
from workbook_templates.ooxml.sheet import CellSpan, SheetXml
from workbook_templates.ooxml.xml import unescape
from workbook_templates.refresh.column import Column, Marked

__all__ = ["Read", "as_read", "key_text", "read_cells", "same"]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True)
class Read:
    """Cells of n rows.

    Attributes:
        values: column number → n values; a number is a float, a date its serial.
        formulas: column number → rows, counted from 0, whose cell holds a formula.
    """

    values: Mapping[int, Column]
    formulas: Mapping[int, Marked]


def read_cells(book: Book, part: str, area: Area, columns: Collection[int]) -> Read:
    """The cells of some columns in the rows of *area*."""
    found = {c: Gathered(area.r2 - area.r1 + 1) for c in columns}
    sheet = book.sheet(part)
    decode = _Decoder(book, sheet.prefix)
    for span in read_blocks(
        sheet, area, found, Strings(lambda: book.strings), lambda *cell: decode(*cell)[0]
    ):
        _read_span(sheet, span, found, area, decode)
    return Read(
        {c: Column(g.array(), g.odd) for c, g in found.items()},
        {c: Marked(g.formula) for c, g in found.items()},
    )


def _read_span(
    sheet: SheetXml,
    span: tuple[int, int],
    found: Mapping[int, Gathered],
    area: Area,
    decode: _Decoder,
) -> None:
    """Read the cells between two bytes of a sheet one by one."""
    rows = SheetXml(_alone(sheet, span), sheet.part)
    for row in rows.rows:
        for cell in rows.cells(row):
            if cell.col in found and cell.body:
                value, formula = decode(cell.col, cell.attrs, cell.body)
                at = row.number - area.r1
                found[cell.col].odd[at] = value
                found[cell.col].formula[at] = formula


def _alone(sheet: SheetXml, span: tuple[int, int]) -> bytes:
    p = sheet.prefix
    head, tail = b"<%bworksheet><%bsheetData>" % (p, p), b"</%bsheetData></%bworksheet>" % (p, p)
    return head + sheet.data[slice(*span)] + tail


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
    if "_x" not in text and "\r" not in text:
        return text
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
