"""The hidden sheet *Workings*: what charts read, and steps of formulas."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.basis import draw_basis
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import WORKINGS


def draw(c: Canvas) -> None:
    """Make the sheet, and let each sheet's module draw its own block on it."""
    ws = c.sheets[WORKINGS] = c.book.workbook.add_worksheet(WORKINGS)
    c.book.columns(ws, {"A": 130, "B:M": 84})
    ws.hide()
    draw_basis(c)
    for block in c.workings:
        block(ws)
