"""*Data quality* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import QUALITY


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[QUALITY] = c.book.sheet(QUALITY, first=False, pages=(1, 0))
    c.book.title(ws, "Data quality")
