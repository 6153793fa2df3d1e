"""A small workbook with one of everything, and a way to plant a fault in it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

Edit = Callable[[dict[str, bytes]], None]


def write_sample(path: Path) -> Path:
    """Write a workbook with tables, charts, conditions, validations, sparklines, comments."""
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as book:
        bold = book.add_format(
            {"bold": True, "num_format": '0.0 "pts";[Red]-0.0', "bg_color": "#EEEEEE"}
        )
        sheet = book.add_worksheet("Data")
        other = book.add_worksheet("It's more")
        _cells(sheet, bold)
        _conditions(book, sheet, bold)
        chart = book.add_chart({"type": "line"})
        chart.add_series(
            {"name": "Score", "categories": "=Data!$A$2:$A$5", "values": "=Data!$B$2:$B$5"}
        )
        sheet.insert_chart("H2", chart, {"description": "Scores"})
        sheet.write_comment("A1", "said", {"author": "Ann"})
        sheet.write_url("G1", "https://example.com/a?b=1", string="site")
        sheet.merge_range("A12:C12", "merged", bold)
        sheet.set_landscape()
        sheet.print_area("A1:G12")
        sheet.repeat_rows(0)
        sheet.set_print_scale(80)
        sheet.set_header("&CHealth")
        sheet.freeze_panes(1, 0)
        sheet.set_column("A:C", 14)
        other.add_table("B2:C4", {"name": "Second", "columns": [{"header": "K"}, {"header": "V"}]})
        other.write_formula("A1", "=SUM(Scores[Points])", value=10)
        other.write_formula("A2", '=IF(Data!B2>2,"Green ()","Red; ""x""")', value="Green ()")
        other.write_array_formula("E1:E2", "{=Data!B2:B3*2}", value=2)
        book.define_name("Best", "=Data!$B$2")
    return path


def _cells(sheet: xlsxwriter.worksheet.Worksheet, bold: xlsxwriter.format.Format) -> None:
    rows = [["a", 1, True], ["b", 2, False], ["c", 3, True], ["d", 4, True]]
    columns = [{"header": "Name"}, {"header": "Points", "format": bold}, {"header": "Good"}]
    sheet.add_table("A1:C5", {"name": "Scores", "data": rows, "columns": columns})
    sheet.write_number("E2", 7.5, bold)
    sheet.write_formula("E3", "=NA()", value="#N/A")
    sheet.write_boolean("E4", True)


def _conditions(
    book: xlsxwriter.Workbook,
    sheet: xlsxwriter.worksheet.Worksheet,
    bold: xlsxwriter.format.Format,
) -> None:
    good = book.add_format({"font_color": "#006100"})
    sheet.conditional_format("B2:B5", {"type": "cell", "criteria": ">", "value": 2, "format": good})
    sheet.conditional_format("B2:B5", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("E2", {"type": "formula", "criteria": "=$B$2>1", "format": good})
    sheet.data_validation("E8", {"validate": "list", "source": ["Green", "Amber", "Red"]})
    sheet.data_validation("E9", {"validate": "list", "source": "=Data!$A$2:$A$5"})
    sheet.data_validation(
        "E10", {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100}
    )
    sheet.add_sparkline("F2", {"range": "Data!B2:B5"})


def plant(source: Path, target: Path, edit: Edit) -> Path:
    """Copy the workbook with *edit* done to its parts (name → bytes)."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    edit(parts)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target


def swap(part: str, old: str, new: str) -> Edit:
    """An edit that replaces the first *old* in *part*; it must be there."""

    def edit(parts: dict[str, bytes]) -> None:
        text = parts[part].decode()
        if old not in text:
            raise ValueError(f"{part} has no {old!r}")
        parts[part] = text.replace(old, new, 1).encode()

    return edit
