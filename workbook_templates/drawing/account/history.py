"""*Score history*: one row a snapshot, and what the charts read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from scoring.rollup import TIERS
from workbook_templates.drawing.account.canvas import HISTORY, Canvas
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
from workbook_templates.formulas import known

CHART = "Score history"
TABLE = "ScoreHistory"
FIXED = ("Date", "Month", "Recorded", "Score", "Tier", "Red to", "Amber to", "Green to",
         "Labelled", "Red word", "Amber word", "Green word")  # fmt: skip
"""Headers before those of the dimensions; `account.snapshots` fills them in this order."""
ROWS = 2
"""Rows the template draws; fill grows or shrinks the Table to the account's snapshots."""


def draw(c: Canvas) -> None:
    """Draw the sheet with its Table of two sample rows."""
    book, heads = c.book, [*FIXED, *(d.name for d in c.model.dimensions)]
    ws = c.sheets[HISTORY] = book.sheet(HISTORY, pages=(1, 0))
    book.columns(ws, {"A": 92, "C:D": 80, "E": 110})
    ws.set_column_pixels(len(FIXED), len(heads) - 1, 110)
    spec = [_column(c, i, head) for i, head in enumerate(heads)]
    for row in range(2, 2 + ROWS):
        live = f"={_live(c, row)}"
        ws.write_formula(f"D{row}", live, book.row(num_format="0.0", align="right"))
    ws.add_table(0, 0, ROWS, len(heads) - 1, {"name": TABLE, "style": None, "columns": spec})
    for name, column in (("date", "A"), ("recorded", "C")):
        c.place(f"history_{name}", HISTORY, f"{column}2:{column}{ROWS + 1}")
    ws.set_column("B:B", None, None, {"hidden": True})
    ws.set_column("F:L", None, None, {"hidden": True})
    ws.set_row_pixels(0, 34)
    ws.freeze_panes(1, 1)
    ws.repeat_rows(0)


def _column(c: Canvas, i: int, head: str) -> dict[str, Any]:
    """Draw one column's cells; returns what the Table says of it."""
    formats = {"Date": NUMBER["date"], "Month": "@", "Recorded": "0.0", "Score": "0.0", "Tier": "@"}
    look = {
        "align": "left" if head in ("Month", "Tier") else "right",
        "indent": int(head == "Tier"),
    }
    top = c.book.head(text_wrap=True, **look)
    for r in range(ROWS):
        body = c.book.row(num_format=formats.get(head, "0.##"), **look)
        c.sheets[HISTORY].write_blank(1 + r, i, None, body)
    return {"header": head, "header_format": top}


def _live(c: Canvas, row: int) -> str:
    """Today's row follows the live score; what was recorded earlier stays."""
    now, today = c.step("total"), f"A{row}={c.fact('as_of')}"
    recorded = f"IF({known(f'C{row}')},C{row},NA())"
    return f"IF(AND({today},ISNUMBER({now})),{now},{recorded})"


def _span(head: str) -> list[Any]:
    """Data rows of one Table column, as XlsxWriter wants a chart's range."""
    column = FIXED.index(head)
    return [HISTORY, 1, column, ROWS, column]


def _head(head: str) -> list[Any]:
    return [HISTORY, 0, FIXED.index(head)]


def sparkline_range(dimension: int | None) -> str:
    """Range of a dimension's history, or of the score's."""
    column = FIXED.index("Score") if dimension is None else len(FIXED) + dimension
    letter = xl_col_to_name(column)
    return f"'{HISTORY}'!${letter}$2:${letter}${ROWS + 1}"


def chart(c: Canvas) -> Any:
    """Score line over tier bands; peak and last are labelled, bands carry shape and word."""
    bands = c.book.workbook.add_chart({"type": "column", "subtype": "stacked", "name": CHART})
    months = {"categories": _span("Month")}
    for key in TIERS:
        head = f"{key.title()} to"
        look = {"fill": {"color": BAND[key]}, "border": {"color": BAND[key], "width": 0.5}}
        bands.add_series({"name": _head(head), **months, "values": _span(head), "gap": 0, **look})
    line = c.book.workbook.add_chart({"type": "line"})
    marker = {"type": "circle", "size": 5, "fill": {"color": ACCENT}, "border": {"color": WHITE}}
    look = {"line": {"color": ACCENT, "width": 2.25}, "marker": marker}
    line.add_series({"name": _head("Score"), **months, "values": _span("Score"), **look})
    for series in _labels(c):
        line.add_series(series)
    bands.combine(line)
    calm_chart(bands)
    bands.show_hidden_data()
    bands.set_y_axis(calm_axis(min=40, max=100, major_unit=20, line={"none": True}))
    bands.set_x_axis(calm_axis())
    layout = {"x": 0.065, "y": 0.03, "width": 0.925, "height": 0.80}
    bands.set_plotarea({"layout": layout, "fill": {"none": True}})
    return bands


def _labels(c: Canvas) -> Iterator[dict[str, Any]]:
    """Invisible lines that carry the labels: numbers of the score, and the tiers' words."""
    hidden = {"line": {"none": True}, "marker": {"type": "none"}, "categories": _span("Month")}
    number = {"value": True, "position": "above", "num_format": "0"}
    number["font"] = chart_font(10, INK, bold=True)
    values = _span("Labelled")
    yield {"name": _head("Labelled"), "values": values, "data_labels": number, **hidden}
    for key in TIERS:
        word = {"series_name": True, "value": False, "position": "right"}
        word["font"] = chart_font(8, TEXT[key], bold=True)
        name, values = f"{SHAPE[key]} {c.model.tier_label(key)}", _span(f"{key.title()} word")
        yield {"name": name, "values": values, "data_labels": word, **hidden}
