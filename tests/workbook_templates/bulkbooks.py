"""Workbooks with a Table that people work in, and what tells two fillings apart."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.workbook_templates.books import SHEET1, draw, rewrite
from workbook_templates.fill import Template, Value
from workbook_templates.ooxml import bulkpack, bulkvalues
from workbook_templates.ooxml.columns import Columns

HEADS = ("Id", "Name", "ARR", "Day", "Live", "Twice", "Mine")


def people(rows: int, extra: Callable[[Any, Any], None] = lambda _b, _s: None) -> bytes:
    """Table *T* of *rows* rows on *Data* with formulas and people's cells; *Sum* reads it."""

    def build(book: Any) -> None:
        sheet, other = book.add_worksheet("Data"), book.add_worksheet("Sum")
        money, day = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": 14})
        mark, last = book.add_format({"bg_color": "#FFFF00"}), rows + 2
        sheet.set_column("B:B", 20, book.add_format({"italic": True}))
        sheet.set_row(2, 30)
        for row in range(3, last + 1):
            sheet.write(f"A{row}", f"old {row}")
            if row % 2:
                sheet.write(f"B{row}", row, mark if row % 3 else None)
            sheet.write(f"C{row}", row * 1.5, mark if row == 4 else money)
            sheet.write(f"D{row}", row, day)
            sheet.write_boolean(f"E{row}", True)
            sheet.write_formula(f"F{row}", f"=C{row}*2+Sum!$B$1", money, 2)
            sheet.write_formula(f"G{row}", f'=$C{row}+D{row}&"<"', None, "x")
            if row % 2 == 0:
                sheet.write(f"I{row}", f"beside {row} & co")
            sheet.write_formula(f"J{row}", f"=F{row}-1", None, 1)
        sheet.add_table(1, 0, last - 1, 6, {"name": "T", "columns": [{"header": h} for h in HEADS]})
        sheet.conditional_format(2, 2, last - 1, 2, {"type": "data_bar"})
        other.write("B1", 0)
        other.write_formula("A1", f"=SUM(Data!$C$3:$C${last})", None, 5)
        other.write_formula("A2", f"=COUNTIFS(Data!$E$3:$E${last},TRUE)", None, 5)
        other.write_formula("A3", "=A1+1", None, 5)
        chart = book.add_chart({"type": "column"})
        names, values = f"=Data!$A$3:$A${last}", f"=Data!$C$3:$C${last}"
        chart.add_series({"categories": names, "values": values})
        other.insert_chart("D4", chart)
        book.define_name("zero", "=Sum!$B$1")
        extra(book, sheet)

    return draw(build)


def given(rows: list[list[Value]], heads: tuple[str, ...] = HEADS[:6]) -> Columns:
    """Rows as columns."""
    return Columns.of({head: [row[k] for row in rows] for k, head in enumerate(heads)})


def some(count: int) -> Columns:
    """Rows of usual values."""
    return given(
        [[f"id{k}", f"name {k % 2}", k + 0.25, k or None, k % 2 == 0, k * 2] for k in range(count)]
    )


@contextmanager
def short_pieces() -> Iterator[None]:
    """Rows are written and read a few at a time, and equal texts looked for at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulkpack, "_CELLS", 16)
        patch.setattr(bulkpack, "_BYTES", 700)
        patch.setattr(bulkvalues, "_FEW", 3)
        yield


def both(
    book: bytes, columns: Columns, table: str = "T", **more: Any
) -> tuple[dict[str, str], dict[str, str]]:
    """Parts of the workbook filled by columns, and filled row by row."""
    values = more.pop("values", {"zero": 1})
    others = more.pop("tables", {})
    with short_pieces():
        new = Template(book).fill(values, {table: columns, **others}, **more)
    old = Template(book).fill(values, {table: columns.mappings(), **others}, **more)
    both_parts = parts(new), parts(old)
    for found in both_parts:
        found[SHEET1] = _without_stale(found[SHEET1], len(columns) + 2)
    return both_parts


def parts(data: bytes) -> dict[str, str]:
    """The parts as text, all numbers of cells and points in one form."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {n: _VALUE.sub(_number, archive.read(n).decode()) for n in archive.namelist()}


def _without_stale(text: str, last: int) -> str:
    """Formulas beside emptied rows without cached values, which filling row by row may leave."""

    def bare(m: re.Match[str]) -> str:
        return m[0] if int(m[2]) <= last else f"{m[1]}{m[3]}"

    return re.sub(
        r'(<(?:x:)?c r="J(\d+)"[^>]*><(?:x:)?f[^>]*>[^<]*</(?:x:)?f>)'
        r"<(?:x:)?v>[^<]*</(?:x:)?v>(</)",
        bare,
        text,
    )


_VALUE = re.compile(r"<((?:\w+:)?v)>(-?\d[\d.]*(?:e[-+]?\d+)?)</")


def _number(m: re.Match[str]) -> str:
    return f"<{m[1]}>{float(m[2])!r}</"


def reshaped(book: bytes, change: Callable[[str], str]) -> bytes:
    """The workbook with the XML of its first sheet written in another way."""
    return rewrite(book, {SHEET1: change})
