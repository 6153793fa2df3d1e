"""*Cases*: every case, with what was known of it at each horizon."""

from __future__ import annotations

from scoring.validation.records import HORIZONS
from workbook_templates.backtest.cases import TABLE
from workbook_templates.backtest.names import CASES
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import chips, money_column, table_range
from workbook_templates.drawing.theme import LOSS

_LAST_ROW = 1_048_575


def draw(c: Canvas) -> None:
    """Draw the Table from the first column on, so that it can be filtered and pivoted."""
    book = c.book
    ws = c.sheets[CASES] = book.sheet(CASES, pages=(1, 0))
    ws.set_row_pixels(0, 36)
    ws.set_row_pixels(1, 20)
    ws.write_string("A1", "", book.sheet_title())
    ws.write_string("A2", "", book.sheet_note())
    c.place("cases_title", CASES, "A1")
    c.place("cases_note", CASES, "A2")
    c.table(TABLE, height=48)
    for days in HORIZONS:
        chips(c, ws, table_range(c, TABLE, f"tier_{days}"))
    for key in ("arr", "arr_after"):
        money_column(c, TABLE, key, "currency")
    lost = book.workbook.add_format({"font_color": LOSS, "bold": True})
    rule = {"type": "cell", "criteria": "==", "value": '"Churned"', "format": lost}
    ws.conditional_format(table_range(c, TABLE, "outcome"), rule)
    row, _ = c.at[TABLE]
    ws.freeze_panes(row, 2)
    ws.repeat_rows(row - 1)
    # Ids such as 00123 are texts on purpose; without this each of them gets a green corner.
    ws.ignore_errors({"number_stored_as_text": f"A{row + 1}:B{_LAST_ROW + 1}"})
    ws.set_selection("A1")
