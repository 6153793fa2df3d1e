"""*Archive* of the portfolio workbook."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.portfolio.archive import TABLE
from workbook_templates.portfolio.names import ARCHIVE

_NOTE = (
    "What people wrote beside rows that are gone. It goes back when the account does; "
    "nothing here is ever deleted."
)


def draw(c: Canvas) -> None:
    """Draw the sheet: what was kept of rows that a refresh took away."""
    ws = c.sheets[ARCHIVE] = c.book.sheet(ARCHIVE, first=False, pages=(1, 0))
    c.book.title(ws, note=_NOTE)
    c.book.columns(ws, {"A": 12})
    c.place("archive_title", ARCHIVE, "B1")
    c.table(TABLE, height=24)
    ws.freeze_panes(5, 3)
    ws.repeat_rows(4)
