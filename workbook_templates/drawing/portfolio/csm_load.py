"""*CSM load* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import CSM_LOAD


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[CSM_LOAD] = c.book.sheet(CSM_LOAD, first=False, pages=(1, 0))
    c.book.title(ws, "CSM load")
