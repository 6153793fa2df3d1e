"""*Method*: how everything was counted, and what was left out."""

from __future__ import annotations

from workbook_templates.backtest.method import TABLE
from workbook_templates.backtest.names import METHOD
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import page


def draw(c: Canvas) -> None:
    """Draw the Table of steps."""
    ws = page(c, METHOD, "method")
    c.table(TABLE, height=22, row_height=c.tall(TABLE))
    row = c.at[TABLE][0]
    ws.freeze_panes(row, 0)
    ws.repeat_rows(row - 1)
