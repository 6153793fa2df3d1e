"""Plain sheets of an input workbook, drawn from lists of cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from scoring.columns import Column

Cell = str | float | date | None
"""A cell as typed; the text ``#N/A`` becomes an error cell."""

_PLAIN = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass
class SheetData:
    """A sheet to draw.

    Attributes:
        rows: each as long as ``columns``.
        title: text above the header, with an empty row between; none when empty.
        extra: header → cells of columns that stand to the right and belong to nobody.
    """

    name: str
    columns: Sequence[Column]
    rows: list[list[Cell]]
    title: str = ""
    extra: dict[str, list[Cell]] = field(default_factory=dict)


def write_sheets(path: Path, sheets: Sequence[SheetData]) -> None:
    """Write the sheets to a new .xlsx file; text is always text, never a formula or a link."""
    with Workbook(str(path), _PLAIN) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "share": book.add_format({"num_format": "0%"}),
            "money": book.add_format({"num_format": "#,##0"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
        }
        for data in sheets:
            _draw(book.add_worksheet(data.name), data, head, formats)


def _draw(sheet: Any, data: SheetData, head: Any, formats: dict[str, Any]) -> None:
    top = 0
    if data.title:
        sheet.write_string(0, 0, data.title, formats["title"])
        top = 2
    headers = [c.name for c in data.columns] + list(data.extra)
    for place, header in enumerate(headers):
        sheet.write_string(top, place, header, head)
    for place, column in enumerate(data.columns):
        number = formats.get(_format_name(column))
        sheet.set_column(place, place, _width(column))
        for row, cells in enumerate(data.rows, start=top + 1):
            _write(sheet, row, place, cells[place], number)
    for place, cells in enumerate(data.extra.values(), start=len(data.columns)):
        sheet.set_column(place, place, 20)
        for row, cell in enumerate(cells, start=top + 1):
            _write(sheet, row, place, cell, None)
    sheet.freeze_panes(top + 1, min(2, len(data.columns)))


def _write(sheet: Any, row: int, place: int, cell: Cell, number: Any) -> None:
    if cell == "#N/A":
        sheet.write_formula(row, place, "=NA()", None, "#N/A")
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, number)
    elif cell is not None:
        sheet.write_number(row, place, cell, number)


def _format_name(column: Column) -> str:
    if column.unit in ("fraction", "change"):
        return "share"
    return column.kind


def _width(column: Column) -> float:
    if column.kind == "text" and not column.words:
        return 24
    return max(11, min(len(column.name) * 0.6, 16))
