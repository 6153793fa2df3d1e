"""*Summary* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import SUMMARY


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[SUMMARY] = c.book.sheet(SUMMARY, first=True, pages=(1, 1))
    c.book.title(ws, "Summary")
