"""The formulas of a sheet: where they stand, what they say, which cells they fill."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbook_templates.ooxml.refs import Area, parse_area, parse_cell, shift_formula
from workbook_templates.ooxml.sheet import SheetXml
from workbook_templates.ooxml.xml import attr, unescape

__all__ = ["Formula", "formula_tag", "one_formula", "read_formulas", "row_formulas"]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula cell of a sheet.

    Attributes:
        row, col: its cell.
        start, end: bytes of the `<f>` element in the sheet part.
        text: what it says in this cell; of a shared formula's child, worked out.
        kind: "", "shared", "array" or "dataTable".
        area: the cells it fills: its own, or the array's.
        group: the shared formula's number, else "".
    """

    row: int
    col: int
    start: int
    end: int
    text: str
    kind: str
    area: Area
    group: str


def formula_tag(prefix: bytes) -> re.Pattern[bytes]:
    """Pattern of an `<f>` element: attributes, text (None for `<f/>`)."""
    p = re.escape(prefix)
    return re.compile(rb"<" + p + rb"f((?:\s[^>]*?)?)(?:/>|>([^<]*)</" + p + rb"f\s*>)")


def read_formulas(sheet: SheetXml) -> tuple[Formula, ...]:
    """Every formula of *sheet*, in order; read once for each `SheetXml`."""
    if sheet.memo.get("formulas") is None:
        sheet.memo["formulas"] = _read(sheet)
    found: tuple[Formula, ...] = sheet.memo["formulas"]
    return found


def _read(sheet: SheetXml) -> tuple[Formula, ...]:
    masters: dict[str, tuple[int, int, str]] = {}
    found = _elements(sheet, sheet.start, sheet.end)
    return tuple(one_formula(sheet, m, masters) for m in found)


def row_formulas(sheet: SheetXml, row: int) -> tuple[Formula, ...]:
    """The formulas of sheet row *row*, without a look at those of others where that will do."""
    span = sheet.row(row)
    if span is None:
        return ()
    masters: dict[str, tuple[int, int, str]] = {}
    found = _elements(sheet, span.inner, span.close)
    out = tuple(one_formula(sheet, m, masters) for m in found)
    if any(f.kind == "shared" and f.group not in masters for f in out):
        return tuple(f for f in read_formulas(sheet) if f.row == row)
    return out


def _elements(sheet: SheetXml, start: int, stop: int) -> Iterator[re.Match[bytes]]:
    # Most sheets are mostly values: look at the formulas only, not at every cell.
    pattern, data = formula_tag(sheet.prefix), sheet.data
    needle = b"<" + sheet.prefix + b"f"
    if data.find(b"f", start, stop) < 0:
        return  # one byte is found much faster than two, and plain numbers have no "f"
    at = data.find(needle, start, stop)
    while at >= 0:
        m = pattern.match(data, at, stop)
        if m is not None:
            yield m
        at = data.find(needle, at + 2, stop)


def one_formula(
    sheet: SheetXml, m: re.Match[bytes], masters: dict[str, tuple[int, int, str]]
) -> Formula:
    """The formula whose element is *m*; *masters*: shared ones so far, by group."""
    row, col = _place(sheet, m.start())
    kind = attr(m[1], "t") or ""
    text = unescape(m[2]) if m[2] else ""
    group = (attr(m[1], "si") or "") if kind == "shared" else ""
    area = Area(row, col, row, col)
    if kind == "shared":
        if text:
            masters[group] = (row, col, text)
        elif group in masters:
            r, c, master = masters[group]
            text = shift_formula(master, row - r, col - c)
    elif kind in ("array", "dataTable"):
        area = parse_area(attr(m[1], "ref") or "") or area
    return Formula(row, col, m.start(), m.end(), text, kind, area, group)


def _place(sheet: SheetXml, at: int) -> tuple[int, int]:
    start = sheet.data.rfind(b"<" + sheet.prefix + b"c ", sheet.start, at)
    found = parse_cell(attr(sheet.data[start : sheet.data.index(b">", start)], "r") or "")
    return found or (0, 0)
