"""*Reviews*: what is to be learned of each lost account."""

from __future__ import annotations

from workbook_templates.backtest.names import REVIEWS
from workbook_templates.backtest.reviews import TABLE
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.lists import draw_list


def draw(c: Canvas) -> None:
    """Draw the Table; its cells run over several lines."""
    draw_list(c, REVIEWS, TABLE, "reviews")
