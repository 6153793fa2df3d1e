"""*Accounts* of the portfolio workbook: the Table that people filter and add columns to."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import chips, money_column
from workbook_templates.drawing.theme import LOSS, MUTED
from workbook_templates.portfolio.accounts import PRINTED, TABLE
from workbook_templates.portfolio.names import ACCOUNTS

_BAR = 150
"""Top of the score's data bars: they end before the number."""
_SOON, _LITTLE = 30, 0.8
_LAST_ROW = 1048575


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    book = c.book
    ws = c.sheets[ACCOUNTS] = book.sheet(ACCOUNTS, pages=(1, 0))
    ws.set_row_pixels(0, 36)
    ws.set_row_pixels(1, 20)
    ws.write_string("A1", "Accounts", book.sheet_title())
    ws.write_string("A2", "", book.sheet_note())
    c.place("accounts_note", ACCOUNTS, "A2")
    c.table(TABLE)
    _rules(c)
    row, _ = c.at[TABLE]
    ws.freeze_panes(row, 2)
    ws.repeat_rows(row - 1)
    # Whole columns, so that what is printed grows with the Table.
    ws.print_area(0, 0, _LAST_ROW, PRINTED - 1)
    # Ids such as 00123 are texts on purpose; without this each of them gets a green corner.
    ws.ignore_errors({"number_stored_as_text": f"A{row + 1}:B{_LAST_ROW + 1}"})
    ws.set_selection("A5")


def _rules(c: Canvas) -> None:
    ws, book = c.sheets[ACCOUNTS], c.book
    ranges = {x.key: c.column(TABLE, x.key).partition("!")[2] for x in c.tables[TABLE].columns}

    def first(key: str) -> str:
        """Cell of the first row, its row free to move."""
        return "$" + ranges[key].partition(":")[0].replace("$", "")

    book.bar(ws, ranges["score"], _BAR)
    for key in ("tier", "could_be", "previous_tier", "engine_tier"):
        chips(c, ws, ranges[key])
    for key in ("arr", "arr_total", "arr_risk"):
        money_column(c, TABLE, key, "currency")
    for key in ("change", "velocity"):
        book.signed_rules(ws, ranges[key])
    rust = book.workbook.add_format({"font_color": LOSS, "bold": True})
    soon = f"=AND(ISNUMBER({first('days_left')}),{first('days_left')}<={_SOON})"
    ws.conditional_format(
        ranges["days_left"], {"type": "formula", "criteria": soon, "format": rust}
    )
    faint = book.workbook.add_format({"italic": True, "font_color": MUTED})
    little = {"type": "cell", "criteria": "<", "value": _LITTLE, "format": faint}
    ws.conditional_format(ranges["coverage"], little)
