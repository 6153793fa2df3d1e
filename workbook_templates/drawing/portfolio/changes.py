"""*Changes* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.changes import TABLE
from workbook_templates.portfolio.names import CHANGES


def draw(c: Canvas) -> None:
    """Draw the sheet: what the last refresh changed, line by line."""
    ws = c.sheets[CHANGES] = c.book.sheet(CHANGES, first=False, pages=(1, 0))
    c.book.title(ws)
    c.book.columns(ws, {"A": 12})
    c.place("changes_title", CHANGES, "B1")
    c.place("changes_note", CHANGES, "B2")
    ws.set_row_pixels(2, 20)
    ws.write_blank("B3", None, c.book.sheet_note())
    c.place("changes_more", CHANGES, "B3")
    ws.set_row_pixels(3, 8)
    # Where the refresh reads, for the button in Excel: nothing for people to look at.
    for ref, name in (("H1", "source"), ("H2", "source_query"), ("I1", "backtest_file")):
        ws.write_blank(ref, None, c.book.format(num_format=";;;"))
        c.place(name, CHANGES, ref)
    c.table(TABLE, height=24)
    ws.freeze_panes(5, 3)
    ws.repeat_rows(4)
