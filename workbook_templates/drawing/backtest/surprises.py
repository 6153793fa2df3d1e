"""*Surprises*: green accounts that churned, red ones that stayed."""

from __future__ import annotations

from workbook_templates.backtest.names import SURPRISES
from workbook_templates.backtest.surprises import TABLE
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.lists import draw_list
from workbook_templates.drawing.portfolio.parts import chips, table_range


def draw(c: Canvas) -> None:
    """Draw the Table."""
    ws = draw_list(c, SURPRISES, TABLE, "surprises")
    chips(c, ws, table_range(c, TABLE, "tier"))
