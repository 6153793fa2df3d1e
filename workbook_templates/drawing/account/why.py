"""*Why it changed*: the waterfall between two scorecards, or from 100 to the first one."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format

from workbook_templates.drawing.account.canvas import WHY, Canvas
from workbook_templates.drawing.theme import (
    GAIN,
    INK,
    LOSS,
    MUTED,
    NUMBER,
    SOLID,
    WATERFALL,
    calm_axis,
    calm_chart,
    chart_font,
)

CHART = "Waterfall"
TABLE = "ScoreSteps"
TOP = 18
"""First data row of the Table."""
ROWS = 2
HEADS = ("Metric", "Kind", "Before → now", "Points", "Running score", "What would win it back",
         "Label", "Base", "Total", "Loss", "Gain", "Green from")  # fmt: skip
"""Headers of the Table; `account.steps.StepRow` has its fields in this order."""
START, NOW = "Start", "Now"
MOST = 9
"""Most steps shown one by one; smaller ones are added up as "Other"."""


def draw(c: Canvas) -> None:
    """Draw the chart over its Table; the chart's own columns stand beside the printed area."""
    book = c.book
    ws = c.sheets[WHY] = book.sheet(WHY)
    book.columns(ws, {"A": 12, "B": 200, "C": 130, "D": 300, "E": 90, "F": 100, "G": 320})
    book.title(ws)
    c.place("why_title", WHY, "B1")
    c.place("why_note", WHY, "B2")
    for row in range(4, 16):
        ws.set_row_pixels(row - 1, 38)
    ws.insert_chart("B4", _chart(c), {"object_position": 2, "description": ""})
    _table(c)
    end = TOP + ROWS - 1
    book.signed_rules(ws, f"E{TOP}:E{end}")
    bold = book.workbook.add_format({"bold": True})
    rule = f'=OR($C{TOP}="{START}",$C{TOP}="{NOW}")'
    where = f"B{TOP}:G{end}"
    ws.conditional_format(where, {"type": "formula", "criteria": rule, "format": bold})
    c.place("why_points", WHY, f"E{TOP}:E{end}")
    # Columns beside the printed ones feed the chart; hidden, they stay off the page.
    ws.set_column("H:M", None, None, {"hidden": True})
    ws.freeze_panes(2, 0)


def _table(c: Canvas) -> None:
    ws, book, looks = c.sheets[WHY], c.book, _looks(c)
    spec: list[dict[str, Any]] = []
    for i, head in enumerate(HEADS):
        align = "right" if head in ("Points", "Running score") else "left"
        indent = {"indent": 1} if head == "What would win it back" else {}
        spec.append({"header": head, "header_format": book.head(align=align, **indent)})
        for r in range(ROWS):
            ws.write_blank(TOP - 1 + r, 1 + i, None, looks[i])
    for r in range(ROWS):
        ws.set_row_pixels(TOP - 1 + r, 26)
    options = {"name": TABLE, "style": None, "columns": spec, "autofilter": False}
    ws.add_table(TOP - 2, 1, TOP + ROWS - 2, len(HEADS), options)


def _looks(c: Canvas) -> list[Format]:
    """Formats of the columns, in the order of `HEADS`."""
    book = c.book
    change = book.row(num_format="+0.0;−0.0;", align="right")
    running = book.row(num_format=NUMBER["points"], align="right")
    words = [book.row(shrink=True), book.row(), book.row(shrink=True)]
    plumbing = [book.format(font_color=MUTED, font_size=8, num_format="0.##")] * 6
    return [*words, change, running, book.row(indent=1, shrink=True), *plumbing]


def _span(head: str) -> list[Any]:
    column = 1 + HEADS.index(head)
    return [WHY, TOP - 1, column, TOP + ROWS - 2, column]


def _chart(c: Canvas) -> Any:
    """Stacked columns: an invisible base, then a total, a loss or a gain."""
    bars = c.book.workbook.add_chart({"type": "column", "subtype": "stacked", "name": CHART})
    labels, plain = {"categories": _span("Label")}, {"border": {"none": True}}
    base = {"gap": 45, "fill": {"none": True}, **plain}
    bars.add_series({"name": "Base", **labels, "values": _span("Base"), **base})
    for name, colour in (("Total", WATERFALL), ("Loss", LOSS), ("Gain", GAIN)):
        look = {"fill": {"color": colour}, **plain}
        bars.add_series({"name": name, **labels, "values": _span(name), **look})
    line = c.book.workbook.add_chart({"type": "line"})
    edge = {"color": SOLID["green"], "width": 1.25, "dash_type": "dash"}
    line.add_series({"name": "Green from", "values": _span("Green from"), "line": edge, **labels})
    bars.combine(line)
    calm_chart(bars)
    bars.show_hidden_data()
    title = {"name": "Score", "name_font": chart_font(8)}
    bars.set_y_axis(calm_axis(min=0, max=100, major_unit=10, line={"none": True}, **title))
    bars.set_x_axis(calm_axis(num_font=chart_font(9, INK, bold=True)))
    bars.set_size({"width": 1136, "height": 448})
    return bars
