"""*Scorecard*: the one printed page."""

from __future__ import annotations

from workbook_templates.drawing.account import history
from workbook_templates.drawing.account.canvas import SCORECARD, Canvas
from workbook_templates.drawing.account.card_header import draw_header
from workbook_templates.drawing.account.card_layout import (
    HEADER_ROWS,
    RISK_ROWS,
    TABLE_TOP,
    WIDTHS,
    risks_top,
    table_rows,
)
from workbook_templates.drawing.account.card_lists import draw_actions, draw_risks
from workbook_templates.drawing.account.card_panel import draw_panel
from workbook_templates.drawing.account.card_tables import (
    draw_dimensions,
    draw_drivers,
    draw_renewal,
)
from workbook_templates.drawing.theme import MUTED


def draw(c: Canvas) -> None:
    """Draw the page; it opens first."""
    book = c.book
    ws = c.sheets[SCORECARD] = book.sheet(SCORECARD, first=True)
    book.columns(ws, WIDTHS)
    _heights(c)
    draw_header(c)
    draw_panel(c)
    chart = history.chart(c)
    chart.set_size({"width": 402, "height": 190})
    ws.insert_chart("F6", chart, {"object_position": 2, "description": ""})
    draw_renewal(c)
    draw_dimensions(c)
    draw_drivers(c)
    draw_risks(c)
    draw_actions(c)
    end = risks_top(c) + RISK_ROWS + 1
    ws.set_row_pixels(end - 1, 30)
    note = book.format(font_size=8, font_color=MUTED, text_wrap=True, valign="top", align="left")
    ws.merge_range(f"B{end}:N{end}", "", note)
    c.place("note", SCORECARD, f"B{end}")
    ws.print_area(0, 0, end - 1, 14)
    ws.set_selection("B1")
    ws.freeze_panes(3, 0)


def _heights(c: Canvas) -> None:
    top = risks_top(c)
    rows = dict(HEADER_ROWS)
    rows |= dict.fromkeys(range(TABLE_TOP, TABLE_TOP + table_rows(c)), 28)
    rows |= {top - 3: 12, top - 2: 24, top - 1: 20}
    rows |= {top + i: 20 if i % 3 == 0 else 28 for i in range(RISK_ROWS)}
    rows[top + RISK_ROWS] = 8
    for row, pixels in rows.items():
        c.sheets[SCORECARD].set_row_pixels(row - 1, pixels)
