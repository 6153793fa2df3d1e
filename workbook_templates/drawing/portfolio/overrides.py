"""*Overrides*: people set a tier or a score, with reason, author and expiry."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import page, table_range
from workbook_templates.portfolio.names import OVERRIDES
from workbook_templates.portfolio.overrides import TABLE

_HELP = (
    "Type account, tier or score, reason, author and expiry; the next refresh applies a complete "
    "row. It drops off by itself after its last day."
)


def draw(c: Canvas) -> None:
    """Draw the Table, with what may be typed in it."""
    ws = page(c, OVERRIDES, "overrides")
    c.table(TABLE, height=34, row_height=30)
    ws.set_row_pixels(2, 20)
    ws.write_string("B3", _HELP, c.book.sheet_note())
    ws.data_validation(
        table_range(c, TABLE, "score"),
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 100,
         "input_title": "Score", "input_message": "0 to 100; or leave it and set a tier.",
         "error_message": "Type a number from 0 to 100."},
    )  # fmt: skip
    for key, text in (("set_on", "The day you decide it."), ("expires", "Its last day.")):
        ws.data_validation(
            table_range(c, TABLE, key),
            {"validate": "date", "criteria": ">=", "value": "=DATE(2000,1,1)",
             "input_title": "Day", "input_message": text, "error_message": "Type a date."},
        )  # fmt: skip
    ws.freeze_panes(c.at[TABLE][0], 3)
    ws.repeat_rows(c.at[TABLE][0] - 1)
