"""*Movers* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import MOVERS


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[MOVERS] = c.book.sheet(MOVERS, first=False, pages=(1, 0))
    c.book.title(ws, "Movers")
