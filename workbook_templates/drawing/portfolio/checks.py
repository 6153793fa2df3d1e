"""*Checks* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import CHECKS


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[CHECKS] = c.book.sheet(CHECKS, first=False, pages=(1, 0))
    c.book.title(ws, "Checks")
