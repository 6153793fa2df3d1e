"""*Segments* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import SEGMENTS


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[SEGMENTS] = c.book.sheet(SEGMENTS, first=False, pages=(1, 0))
    c.book.title(ws, "Segments")
