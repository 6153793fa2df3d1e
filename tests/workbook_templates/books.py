"""Workbooks drawn for the tests, and ways to look into a filled one."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import xlsxwriter


def draw(build: Callable[[Any], None], **options: Any) -> bytes:
    """Bytes of a workbook that *build* draws on an XlsxWriter workbook."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    build(book)
    book.close()
    return out.getvalue()


def card(book: Any) -> None:
    """A small scorecard: inputs, formulas, a Table with two rows, a chart, formats."""
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet, history = book.add_worksheet("Card"), book.add_worksheet("History")
    sheet.write("A1", "Account")
    sheet.write_blank("B1", None, bold)
    sheet.write("B2", 1)
    sheet.write_formula("B3", "=B2*2", None, 2)
    sheet.write("B4", 45000, day)
    sheet.write_formula("B5", "=SUM(History!$B$2:$B$3)", None, 30)
    sheet.write_formula("B9", "=B5+1", None, 31)
    sheet.write_formula("B10", "=A1", None, "Account")
    sheet.merge_range("D1:F2", "merged", bold)
    for name, at in {
        "account": "$B$1",
        "score": "$B$2",
        "twice": "$B$3",
        "day": "$B$4",
        "block": "$D$6:$E$8",
        "title": "$D$1:$F$2",
        "missing": "$H$30",
    }.items():
        book.define_name(name, f"=Card!{at}")
    for row, (when, score) in enumerate((("m1", 10), ("m2", 20)), 1):
        history.write(row, 0, when)
        history.write(row, 1, score)
    columns = [
        {"header": "When"},
        {"header": "Score"},
        {"header": "Double", "formula": "=[@Score]*2"},
    ]
    history.add_table(0, 0, 2, 2, {"name": "Hist", "columns": columns})
    chart = book.add_chart({"type": "line"})
    chart.add_series(
        {"name": "x", "categories": "=History!$A$2:$A$3", "values": "=History!$B$2:$B$3"}
    )
    chart.set_title({"name": "Old title"})
    sheet.insert_chart("G2", chart, {"description": "old alt"})
    history.conditional_format("B2:B3", {"type": "data_bar"})
    history.data_validation("A2:A3", {"validate": "list", "source": ["a", "b"]})
    history.add_sparkline("F2", {"range": "History!B2:B3"})


def part(data: bytes, name: str) -> str:
    """Text of one part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def changed(before: bytes, after: bytes) -> set[str]:
    """Names of the parts that differ, were added or removed."""
    with zipfile.ZipFile(io.BytesIO(before)) as a, zipfile.ZipFile(io.BytesIO(after)) as b:
        old = {n: a.read(n) for n in a.namelist()}
        new = {n: b.read(n) for n in b.namelist()}
    return {n for n in old.keys() | new.keys() if old.get(n) != new.get(n)}


def cells(data: bytes, sheet: str, *, values: bool = True) -> dict[str, Any]:
    """Cell → value (or formula) as openpyxl reads them."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=values)
    return {
        c.coordinate: c.value for row in book[sheet].iter_rows() for c in row if c.value is not None
    }


def cell(data: bytes, name: str, ref: str) -> str:
    """The XML of one cell, "" when the part has none."""
    m = re.search(rf'<c r="{ref}"(?:[^>]*/>|.*?</c>)', part(data, name), re.S)
    return m[0] if m else ""


SHEET1, SHEET2 = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
CHART = "xl/charts/chart1.xml"


def rewrite(data: bytes, changes: dict[str, Callable[[str], str]]) -> bytes:
    """The workbook with the text of some parts changed by a function."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            raw = old.read(name)
            new.writestr(name, changes[name](raw.decode()) if name in changes else raw)
    return out.getvalue()
