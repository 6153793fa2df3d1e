"""*Review*: what a manager must look at."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    chips,
    money_column,
    page,
    printed,
    quiet_rows,
    table_range,
)
from workbook_templates.portfolio.names import REVIEW
from workbook_templates.portfolio.review import TABLE


def draw(c: Canvas) -> None:
    """Draw the Table under a line that counts each kind."""
    ws = page(c, REVIEW, "review")
    c.table(TABLE, height=34, row_height=46)
    ws.set_row_pixels(2, 20)
    ws.write_blank("B3", None, c.book.sheet_note())
    c.place("review_kinds", REVIEW, "B3")
    chips(c, ws, table_range(c, TABLE, "tier"))
    money_column(c, TABLE, "arr", "currency")
    quiet_rows(c, TABLE, ("Seen",))
    ws.freeze_panes(c.at[TABLE][0], 4)
    ws.repeat_rows(c.at[TABLE][0] - 1)
    printed(c, TABLE, "since")
