"""A workbook with everything that people hang on the rows of a Table."""

from __future__ import annotations

import io
from typing import Any

from tests.workbook_templates.books import draw
from tests.workbook_templates.designer import logo

FIRST, LAST = 5, 14
"""Sheet rows of the Table's data."""
HEADERS = ("Key", "ARR", "Usage", "Twice", "Trend")


def rich(*, beside: bool = False, crossing: bool = False) -> bytes:
    """Sheets Accounts (with the Table and notes below it), Summary and Plot.

    Args:
        beside: a second Table stands beside the first.
        crossing: cells inside the Table's rows are merged over two rows.
    """

    def build(book: Any) -> None:
        sheet, other = book.add_worksheet("Accounts"), book.add_worksheet("Summary")
        _rows(book, sheet)
        _hanging(book, sheet)
        _below(book, sheet)
        _summary(book, other, sheet)
        _drawn(book, sheet)
        if beside:
            sheet.add_table("L5:M8", {"name": "Beside", "columns": [{"header": "P"}] * 1 + [{}]})
        if crossing:
            sheet.merge_range("M7:M8", "both")
        chart = book.add_chartsheet("Plot")
        drawn = book.add_chart({"type": "line"})
        drawn.add_series({"values": f"=Accounts!$C${FIRST}:$C${LAST}"})
        chart.set_chart(drawn)
        sheet.protect("", {"insert_rows": True})

    return draw(build)


def _rows(book: Any, sheet: Any) -> None:
    money, bold = book.add_format({"num_format": "#,##0"}), book.add_format({"bold": True})
    columns = [
        {"header": "Key", "total_string": "Total"},
        {"header": "ARR", "format": money, "total_function": "sum"},
        {"header": "Usage"},
        {"header": "Twice", "formula": "=[@ARR]*2"},
        {"header": "Trend"},
    ]
    where = f"A{FIRST - 1}:E{LAST + 1}"
    sheet.add_table(where, {"name": "Accounts_T", "columns": columns, "total_row": True})
    sheet.write(f"F{FIRST - 1}", "Our view", bold)
    for row in range(FIRST, LAST + 1):
        k = row - FIRST
        sheet.write(f"A{row}", f"key {k}")
        sheet.write(f"B{row}", 100 * k, money)
        sheet.write(f"C{row}", k / 10)
        sheet.write_formula(f"D{row}", "=Accounts_T[[#This Row],[ARR]]*2", None, 200 * k)
        sheet.write(f"F{row}", f"view {k}")
        sheet.write_formula(f"G{row}", f"=B{row}/SUM(B${FIRST}:B${LAST})", None, k / 45)
        sheet.write_formula(f"H{row}", f"=G{row}+1", None, 1 + k / 45)
        sheet.write_url(f"K{row}", f"internal:Summary!A{k + 1}", string=f"go {k}")
    sheet.set_row(FIRST + 1, 41, bold)
    sheet.set_row(FIRST + 2, None, None, {"hidden": True, "level": 1})


def _hanging(book: Any, sheet: Any) -> None:
    red = book.add_format({"bg_color": "#FFC7CE"})
    for row in (FIRST, FIRST + 2, LAST):
        sheet.write_comment(f"A{row}", f"note {row - FIRST}", {"author": "Ada"})
    for row in range(FIRST, LAST + 1):
        sheet.add_sparkline(f"E{row}", {"range": f"Accounts!B{row}:C{row}"})
    values = {"type": "cell", "criteria": ">", "value": "$B$2", "format": red}
    sheet.conditional_format(f"B{FIRST}:B{LAST}", values)
    formula = {"type": "formula", "criteria": f"=$C{FIRST}>$B$2", "format": red}
    sheet.conditional_format(f"A{FIRST}:F{LAST}", formula)
    one = {"type": "formula", "criteria": f"=C{FIRST + 2}>0.1", "format": red}
    sheet.conditional_format(f"F{FIRST + 2}", one)
    sheet.conditional_format(f"C{FIRST}:C{LAST}", {"type": "data_bar", "data_bar_2010": True})
    listed = {"validate": "list", "source": ["a", "b"]}
    sheet.data_validation(f"F{FIRST}:F{LAST}", listed)
    sheet.data_validation(f"C{FIRST + 4}", {"validate": "decimal", "criteria": ">",
                                            "value": f"=B{FIRST + 4}"})  # fmt: skip
    sheet.merge_range(f"I{FIRST + 2}:J{FIRST + 2}", "wide")
    sheet.ignore_errors({"number_stored_as_text": f"A{FIRST}:A{LAST}"})
    sheet.unprotect_range(f"F{FIRST}:F{LAST}", "views")


def _below(book: Any, sheet: Any) -> None:
    sheet.write("A1", "Accounts")
    sheet.write("B2", 0.5)
    sheet.write(f"A{LAST + 4}", "below")
    sheet.write_formula(f"B{LAST + 4}", f"=SUM(B{FIRST}:B{LAST})", None, 4500)
    sheet.set_h_pagebreaks([LAST + 3])
    sheet.print_area(f"A1:K{LAST + 4}")
    sheet.repeat_rows(0, FIRST - 2)
    sheet.freeze_panes(FIRST - 1, 1)
    sheet.set_selection(f"B{FIRST + 5}")
    book.define_name("third", f"=Accounts!$A${FIRST + 3}")
    book.define_name("keys", f"=Accounts!$A${FIRST}:$A${LAST}")
    book.define_name("foot", f"=Accounts!$A${LAST + 4}")


def _summary(book: Any, other: Any, sheet: Any) -> None:
    for k in range(10):
        other.write_formula(k, 0, f"=Accounts!A{FIRST + k}", None, f"key {k}")
    other.write_formula("B1", "=SUM(Accounts_T[ARR])", None, 4500)
    other.write_formula("B2", "=B1*2", None, 9000)
    other.write_formula("B3", "=Accounts!B2", None, 0.5)
    other.write_formula("B4", f"=ROWS(Accounts!A{FIRST + 1}:A{FIRST + 4})", None, 4)
    other.write_formula("B5", "=third", None, "key 3")
    chart = book.add_chart({"type": "column"})
    chart.add_series({
        "categories": f"=Accounts!$A${FIRST}:$A${LAST}",
        "values": f"=Accounts!$B${FIRST}:$B${LAST}",
        "values_data": [100 * k for k in range(10)],
        "categories_data": [f"key {k}" for k in range(10)],
    })  # fmt: skip
    other.insert_chart("D2", chart)
    other.add_sparkline("C3", {"range": f"Accounts!B{FIRST + 1}:C{FIRST + 1}"})
    other.write_url("C1", f"internal:Accounts!A{FIRST + 3}", string="third")


def _drawn(book: Any, sheet: Any) -> None:
    picture = {"image_data": io.BytesIO(logo()), "description": "in a row"}
    sheet.insert_image(f"F{FIRST + 2}", "logo.png", {**picture, "object_position": 1})
    sheet.insert_image("N2", "logo.png", {**picture, "object_position": 3})
    sheet.insert_button(f"N{LAST + 3}", {"macro": "Press", "caption": "Press"})
    sheet.set_header("&C&G", {"image_center": "logo.png", "image_data_center": io.BytesIO(logo())})
    sheet.set_background(io.BytesIO(logo()))
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": f"=Accounts!$B${FIRST}:$B${LAST}"})
    sheet.insert_chart(f"N{LAST + 6}", chart)
