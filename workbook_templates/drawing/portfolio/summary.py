"""*Summary* of the portfolio workbook: one page that says how the accounts stand."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.renewal_chart import draw_points, renewal_chart
from workbook_templates.drawing.portfolio.summary_cards import draw_cards, draw_title
from workbook_templates.drawing.portfolio.summary_lists import CSM_ROWS, draw_csms, draw_top
from workbook_templates.drawing.portfolio.summary_tiers import (
    draw_matrix,
    draw_moves,
    draw_tiers,
)
from workbook_templates.drawing.portfolio.summary_workings import POINTS, draw_workings
from workbook_templates.drawing.theme import MUTED
from workbook_templates.portfolio.names import SUMMARY
from workbook_templates.portfolio.summary import RENEWAL_CHART

_WIDTHS = {"A": 24, "B": 160, "C:D": 60, "E": 74, "F": 56, "G": 16, "H": 156, "I:J": 52,
           "K": 46, "L": 196, "M": 16, "N": 120, "O:R": 58, "S": 12}  # fmt: skip
_HEIGHTS = {1: 36, 2: 24, 3: 102, 4: 20, 5: 36, 6: 20, 7: 12, 8: 26, 19: 12, 20: 26, 21: 22,
            32: 8, 33: 18, 34: 18, 35: 18}  # fmt: skip


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    book = c.book
    ws = c.sheets[SUMMARY] = book.sheet(SUMMARY, first=True, pages=(1, 1))
    book.columns(ws, _WIDTHS)
    for row in range(1, 36):
        body = 29 if 9 <= row <= 18 else 39  # below: two lines of 9 or three of 8 points
        ws.set_row_pixels(row - 1, _HEIGHTS.get(row, body))
    draw_title(c)
    _text(c)
    draw_cards(c)
    draw_tiers(c)
    draw_matrix(c)
    draw_moves(c)
    _renewals(c)
    draw_top(c)
    draw_csms(c)
    note = book.format(font_size=8, font_color=MUTED, align="left")
    for row, name in ((33, "summary_legend"), (34, "summary_others"), (35, "summary_told")):
        ws.write_blank(f"B{row}", None, note)
        c.place(name, SUMMARY, f"B{row}")
    c.workings.append(lambda hidden: draw_workings(c, hidden, CSM_ROWS))
    c.workings.append(lambda hidden: draw_points(c, hidden, POINTS, "summary"))
    ws.print_area("A1:S35")
    ws.set_selection("B1")
    ws.freeze_panes(2, 0)


def _text(c: Canvas) -> None:
    """The portfolio in sentences, in two columns that can be read."""
    for number, where in enumerate(("B3:I3", "J3:R3"), start=1):
        look = c.book.format(text_wrap=True, align="left", valign="top", indent=number - 1)
        c.sheets[SUMMARY].merge_range(where, "", look)
        c.place(f"summary_text_{number}", SUMMARY, where.split(":")[0])


def _renewals(c: Canvas) -> None:
    ws = c.sheets[SUMMARY]
    c.section(SUMMARY, "N8", "Renewals in 180 days")
    chart = renewal_chart(c, POINTS, RENEWAL_CHART)
    chart.set_size({"width": 352, "height": 258})
    chart.set_plotarea({"layout": {"x": 0.12, "y": 0.03, "width": 0.76, "height": 0.79}})
    alt = {"object_position": 2, "description": "Renewals by days left and score."}
    ws.insert_chart("N9", chart, alt)
    ws.write_blank("N18", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("summary_chart_note", SUMMARY, "N18")
