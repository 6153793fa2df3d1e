"""*Alerts* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.names import ALERTS


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = c.sheets[ALERTS] = c.book.sheet(ALERTS, first=False, pages=(1, 0))
    c.book.title(ws, "Alerts")
