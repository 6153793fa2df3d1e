"""*Backtest*: the answer on one printed page."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from scoring.rollup import TIERS
from workbook_templates.backtest.front import (
    AUC_CHART,
    BRACKET_CHART,
    CURVE_CHART,
    DIMENSION_CHART,
    FACTS,
    LEFT_ROOM,
    NEXT_ROOM,
    TIER_CHART,
    WHY_ROOM,
)
from workbook_templates.backtest.names import BACKTEST
from workbook_templates.backtest.recommendations import KINDS
from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.charts import auc_bars, columns, curve, points
from workbook_templates.drawing.portfolio.parts import Card, cards
from workbook_templates.drawing.theme import ACCENT, LOSS, MUTED, SOLID, WATERFALL

_WIDE, _CHART, _ROW = 97, 382, 23
"""Pixels: a column, the width of a chart, a row."""
_CHARTS, _TELL, _FACTS = 9, 21, 35
"""First rows of the charts, of what follows from them, of what was tested."""
_LAST = 38


def draw(c: Canvas) -> None:
    """Draw headline, figures, charts, recommendations, what to do next, what was tested."""
    book = c.book
    ws = c.sheets[BACKTEST] = book.sheet(BACKTEST, first=True)
    book.columns(ws, {"A": 12, "B:M": _WIDE, "N": 12})
    book.title(ws)
    _headline(c, ws)
    cards(c, BACKTEST, 5, "M", _cards(c))
    _verdict_rules(c, ws)
    for row in range(_CHARTS, _LAST + 1):
        ws.set_row_pixels(row - 1, _ROW)
    for row in (4, 8, _CHARTS + 11, _FACTS - 1):
        ws.set_row_pixels(row - 1, 10)
    _charts(c)
    _recommendations(c, ws)
    _next(c, ws)
    _facts(c, ws)
    ws.print_area(0, 0, _LAST - 1, 13)
    ws.set_selection("B1")


def _headline(c: Canvas, ws: Worksheet) -> None:
    look = c.book.format(font_size=20, bold=True, align="left", shrink=True)
    ws.merge_range("B1:M1", "", look)
    c.place("front_title", BACKTEST, "B1")
    for row in (2, 3):
        ws.write_blank(f"B{row}", None, c.book.sheet_note())
        ws.set_row_pixels(row - 1, 18)
    c.place("front_detail", BACKTEST, "B2:B3")


def _cards(c: Canvas) -> tuple[Card, ...]:
    days = c.shape.days
    return (
        Card("front_verdict", "B", "Verdict", "text"),
        Card("front_auc", "D", f"AUC {days} days before", "auc"),
        Card("front_churn", "F", "Churned", "percent1"),
        Card("front_lift", "H", "Churn among the lowest 10%", "times"),
        Card("front_caught", "J", "Lost after an alert", "percent"),
        Card("front_below", "L", f"Lost ARR not green {days} d before", "percent"),
    )


def _verdict_rules(c: Canvas, ws: Worksheet) -> None:
    """The verdict's word stands out by colour as well; not by the colours of tiers."""
    for word, colour in (("Evidence", ACCENT), ("No evidence", WATERFALL), ("Wrong way", LOSS)):
        look = c.book.workbook.add_format({"font_color": colour})
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
        ws.conditional_format("B6", rule)


def _charts(c: Canvas) -> None:
    days, size = c.shape.days, (_CHART, 11 * _ROW)
    if not c.shape.compared:
        c.section(BACKTEST, f"B{_CHARTS}", "Nothing to compare")
        for row in range(_CHARTS + 1, _CHARTS + LEFT_ROOM + 1):
            c.sheets[BACKTEST].write_blank(f"B{row}", None, c.book.format(align="left"))
        c.place("front_left", BACKTEST, f"B{_CHARTS + 1}:B{_CHARTS + LEFT_ROOM}")
        return
    columns(c, TIER_CHART, "TierBars", (BACKTEST, f"B{_CHARTS}"), size,
            title=f"Churn by tier, {days} days before", along="Tier",
            colours=[SOLID[key] for key in TIERS])  # fmt: skip
    columns(c, BRACKET_CHART, "BracketBars", (BACKTEST, f"F{_CHARTS}"), size,
            title=f"Churn by score, {days} days before", along="Score")  # fmt: skip
    points(c, AUC_CHART, "AucPoints", (BACKTEST, f"J{_CHARTS}"), size,
           title="How well the score tells churn apart")  # fmt: skip


def _recommendations(c: Canvas, ws: Worksheet) -> None:
    """Left the calibration curve, or why there is none; right a line a recommendation."""
    top, book = _TELL, c.book
    if c.shape.curve:
        curve(c, CURVE_CHART, (BACKTEST, f"B{top}"), (_CHART, 13 * _ROW),
              title="Churn predicted and observed, held out")  # fmt: skip
    else:
        c.section(BACKTEST, f"B{top}", "No churn probability")
        c.place("front_why", BACKTEST, f"B{top + 1}:B{top + WHY_ROOM}")
        for row in range(top + 1, top + WHY_ROOM + 1):
            ws.write_blank(f"B{row}", None, book.format(align="left"))
    if c.shape.stands_in:
        where, size = (BACKTEST, f"B{top + WHY_ROOM + 1}"), (_CHART, (12 - WHY_ROOM) * _ROW)
        auc_bars(c, DIMENSION_CHART, "DimensionBars", where, size,
                 title="Dimensions: AUC with 95% interval", along="Dimension",
                 low=True)  # fmt: skip
    c.section(BACKTEST, f"F{top}", "Changes of the model")
    heads = [("F", "What", "left"), ("G", "Recommendation", "left"), ("L", "", "left"),
             ("M", "Gain, held out", "right"), *((x, "", "left") for x in "HIJK")]  # fmt: skip
    write_heads(ws, book, top + 1, heads)
    end = top + 1 + len(KINDS)
    for row in range(top + 2, end + 1):
        ws.write_blank(f"F{row}", None, book.row(bold=True))
        ws.merge_range(f"G{row}:K{row}", "", book.row(align="left", shrink=True))
        ws.merge_range(f"L{row}:M{row}", "", book.row(align="right", shrink=True))
    c.place("front_recommendations_kind", BACKTEST, f"F{top + 2}:F{end}")
    for n, row in enumerate(range(top + 2, end + 1)):
        c.place(f"front_recommendation_{n}", BACKTEST, f"G{row}")
        c.place(f"front_gain_{n}", BACKTEST, f"L{row}")


def _next(c: Canvas, ws: Worksheet) -> None:
    top = _TELL + 3 + len(KINDS)
    c.section(BACKTEST, f"F{top}", "What to do next")
    for row in range(top + 1, top + NEXT_ROOM + 1):
        ws.write_blank(f"F{row}", None, c.book.format(align="left"))
    c.place("front_next", BACKTEST, f"F{top + 1}:F{top + NEXT_ROOM}")


def _facts(c: Canvas, ws: Worksheet) -> None:
    """What was tested: three columns of label and value."""
    c.section(BACKTEST, f"B{_FACTS}", "What was tested")
    label = c.book.format(font_size=8, font_color=MUTED)
    for n, (first, start, end) in enumerate((("B", "C", "E"), ("F", "G", "I"), ("J", "K", "M"))):
        for k in range(3):
            row = _FACTS + 1 + k
            ws.write_string(f"{first}{row}", FACTS[3 * n + k], label)
            look = c.book.format(align="left", bold=n == 0 and k == 0, shrink=True)
            ws.merge_range(f"{start}{row}:{end}{row}", "", look)
            c.place(f"front_fact_{3 * n + k}", BACKTEST, f"{start}{row}")
