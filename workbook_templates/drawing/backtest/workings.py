"""The hidden sheet *Workings*: points of the charts, and the document's own counts."""

from __future__ import annotations

from workbook_templates.backtest.names import WORKINGS
from workbook_templates.drawing.backtest.canvas import Canvas


def draw(c: Canvas) -> None:
    """Make the sheet with one Table a chart, and let other sheets write their own points."""
    ws = c.sheets[WORKINGS] = c.book.workbook.add_worksheet(WORKINGS)
    ws.hide()
    ws.write_string("A2", "Currency", c.book.row())
    ws.write_blank("B2", None, c.book.row())
    c.place("workings_currency", WORKINGS, "B2")
    for name, spec in c.tables.items():
        if spec.sheet == WORKINGS:
            c.table(name, height=20, row_height=20)
    for block in c.workings:
        block(ws)
