"""*Score history*: one row a snapshot, and what the charts read."""

from __future__ import annotations

from typing import Any

from workbook_templates.drawing.account.canvas import HISTORY, Canvas, column_letter
from workbook_templates.drawing.theme import (
    ACCENT,
    BAND,
    INK,
    NUMBER,
    SHAPE,
    TEXT,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)

CHART = "Score history"
TABLE = "ScoreHistory"
FIXED = ("Date", "Month", "Recorded", "Score", "Tier", "Red to", "Amber to", "Green to",
         "Labelled", "Red word", "Amber word", "Green word")  # fmt: skip
ROWS = 2
"""Rows the template draws; fill grows or shrinks the Table to the account's snapshots."""


def columns(c: Canvas) -> list[str]:
    """Headers of the Table: fixed ones, then each dimension."""
    return [*FIXED, *(d.name for d in c.model.dimensions)]


def draw(c: Canvas) -> None:
    """Draw the sheet with its Table of two sample rows."""
    book, heads = c.book, columns(c)
    ws = c.sheets[HISTORY] = book.sheet(HISTORY, pages=(1, 0))
    book.columns(ws, {"A": 92, "C:D": 80, "E": 110})
    ws.set_column_pixels(len(FIXED), len(heads) - 1, 110)
    formats = {"Date": NUMBER["date"], "Recorded": "0.0", "Score": "0.0"}
    spec: list[dict[str, Any]] = []
    for i, head in enumerate(heads):
        form = formats.get(head, "@" if head in ("Month", "Tier") else "0.##")
        align = "left" if head in ("Month", "Tier") else "right"
        top = book.head(align=align, text_wrap=True, indent=int(head == "Tier"))
        spec.append({"header": head, "header_format": top})
        for r in range(ROWS):
            ws.write_blank(
                1 + r, i, None, book.row(num_format=form, align=align, indent=int(head == "Tier"))
            )
    for r in range(ROWS):
        now, day = c.step("total"), f"A{r + 2}={c.fact('as_of')}"
        recorded = f"IF(ISNUMBER(C{r + 2}),C{r + 2},NA())"
        live = f"=IF(AND({day},ISNUMBER({now})),{now},{recorded})"
        ws.write_formula(1 + r, 3, live, book.row(num_format="0.0", align="right"))
    ws.add_table(0, 0, ROWS, len(heads) - 1, {"name": TABLE, "style": None, "columns": spec})
    end = ROWS + 1
    for name, column in (("date", "A"), ("recorded", "C")):
        c.place(f"history_{name}", HISTORY, f"{column}2:{column}{end}")
    ws.set_column("B:B", None, None, {"hidden": True})
    ws.set_column("F:L", None, None, {"hidden": True})
    ws.set_row_pixels(0, 34)
    ws.freeze_panes(1, 1)
    ws.repeat_rows(0)


def span(column: int) -> list[Any]:
    """Data rows of one Table column, as XlsxWriter wants a chart's range."""
    return [HISTORY, 1, column, ROWS, column]


def sparkline_range(c: Canvas, dimension: int | None) -> str:
    """Range of a dimension's history, or of the score's."""
    column = column_letter(3 if dimension is None else len(FIXED) + dimension)
    return f"'{HISTORY}'!${column}$2:${column}${ROWS + 1}"


def chart(c: Canvas) -> Any:
    """Score line over tier bands; peak and last are labelled, bands carry shape and word."""
    book = c.book.workbook
    bands = book.add_chart({"type": "column", "subtype": "stacked", "name": CHART})
    for key, column in (("red", 5), ("amber", 6), ("green", 7)):
        fill = {"fill": {"color": BAND[key]}, "border": {"color": BAND[key], "width": 0.5}}
        bands.add_series(
            {
                "name": [HISTORY, 0, column],
                "categories": span(1),
                "values": span(column),
                "gap": 0,
                **fill,
            }
        )
    line = book.add_chart({"type": "line"})
    marker = {"type": "circle", "size": 5, "fill": {"color": ACCENT}, "border": {"color": WHITE}}
    line.add_series(
        {"name": [HISTORY, 0, 3], "categories": span(1), "values": span(3),
         "line": {"color": ACCENT, "width": 2.25}, "marker": marker}
    )  # fmt: skip
    hidden = {"line": {"none": True}, "marker": {"type": "none"}, "categories": span(1)}
    label = {
        "value": True,
        "position": "above",
        "num_format": "0",
        "font": chart_font(10, INK, bold=True),
    }
    line.add_series({"name": [HISTORY, 0, 8], "values": span(8), "data_labels": label, **hidden})
    for key, column in (("red", 9), ("amber", 10), ("green", 11)):
        tier = c.model.tier_label(key)
        word = {
            "series_name": True,
            "value": False,
            "position": "right",
            "font": chart_font(8, TEXT[key], bold=True),
        }
        line.add_series(
            {"name": f"{SHAPE[key]} {tier}", "values": span(column), "data_labels": word, **hidden}
        )
    bands.combine(line)
    calm_chart(bands)
    bands.show_hidden_data()
    bands.set_y_axis(calm_axis(min=40, max=100, major_unit=20, line={"none": True}))
    bands.set_x_axis(calm_axis())
    bands.set_plotarea(
        {"layout": {"x": 0.065, "y": 0.03, "width": 0.925, "height": 0.80}, "fill": {"none": True}}
    )
    return bands
