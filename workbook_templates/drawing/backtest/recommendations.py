"""*Recommendations*: what to change in the model, with what it gains."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from workbook_templates.backtest.names import RECOMMENDATIONS
from workbook_templates.backtest.recommendations import KINDS, TABLE, VERDICTS, WEIGHT_CHART
from workbook_templates.drawing.account.canvas import Head, write_heads
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.charts import legend
from workbook_templates.drawing.portfolio.charts import place_chart
from workbook_templates.drawing.portfolio.parts import page, table_range
from workbook_templates.drawing.theme import ACCENT, INK, MUTED, NUMBER, SPARK, chart_font

_TOP, _ROW = 6, 50
"""First row of the recommendations, pixels of one where nothing is known of it."""
_HEADS: tuple[Head, ...] = (
    ("B", "What", "left"),
    ("C", "Verdict", "left"),
    ("D", "Recommendation", "left"),
    *((letter, "", "left") for letter in "EFGHI"),
    ("J", "Gain in", "left1"),
    ("K", "Gain, held out", "right"),
    ("L", "95% from", "right"),
    ("M", "95% to", "right"),
    ("N", "Churned cases needed", "right"),
)


def draw(c: Canvas) -> None:
    """Draw a line a recommendation, how to apply them, numbers and a chart."""
    ws = page(c, RECOMMENDATIONS, "recommendations")
    c.table(TABLE, height=22, row_height=22)
    c.book.columns(ws, {"H": 240, "I": 120, "J": 110, "K:N": 76})
    _lines(c, ws)
    top = c.at[TABLE][0]
    c.section(RECOMMENDATIONS, f"B{top - 1}", "Every number, now and proposed")
    c.book.signed_rules(ws, table_range(c, TABLE, "difference"))
    if c.shape.changed:
        chart = _bars(c)
        place_chart(c, chart, RECOMMENDATIONS, f"H{top}", (520, 320), title=WEIGHT_CHART,
                    across=f"Weight, share of the {c.shape.changed}", along="Weight", bars=True,
                    num_format="0%")  # fmt: skip
        legend(chart)
    ws.freeze_panes(2, 0)


def _bars(c: Canvas) -> Any:
    """Two bars a weight, one under the other."""
    chart = c.book.workbook.add_chart({"type": "bar", "name": WEIGHT_CHART})
    for key, label, colour in (("current", "Now", SPARK), ("proposed", "Proposed", ACCENT)):
        chart.add_series({
            "name": label, "categories": f"={c.column('WeightBars', 'label')}",
            "values": f"={c.column('WeightBars', key)}", "fill": {"color": colour},
            "border": {"none": True}, "gap": 60, "overlap": 0,
            "data_labels": {"value": True, "num_format": "0%", "position": "outside_end",
                            "font": chart_font(8, INK)},
        })  # fmt: skip
    return chart


def _lines(c: Canvas, ws: Worksheet) -> None:
    """Kind, verdict, sentence and reason, gain with its interval; then how to apply them."""
    book, end = c.book, _TOP + len(KINDS) - 1
    c.section(RECOMMENDATIONS, f"B{_TOP - 2}", "What to change")
    write_heads(ws, book, _TOP - 1, _HEADS)
    ws.set_row_pixels(_TOP - 2, 30)
    heights = [*c.tall("Told"), *[_ROW] * len(KINDS)]
    for row in range(_TOP, end + 1):
        ws.set_row_pixels(row - 1, heights[row - _TOP])
        ws.write_blank(f"B{row}", None, book.row(bold=True))
        ws.write_blank(f"C{row}", None, book.row(bold=True))
        ws.merge_range(f"D{row}:I{row}", "", book.row(align="left", text_wrap=True))
        ws.write_blank(f"J{row}", None, book.row(align="left", indent=1, text_wrap=True))
        for letter in "KLM":
            look = book.row(num_format=NUMBER["gain"], align="right", bold=letter == "K")
            ws.write_blank(f"{letter}{row}", None, look)
        ws.write_blank(f"N{row}", None, book.row(num_format=NUMBER["whole"], align="right"))
        c.place(f"recommendations_told_{row - _TOP}", RECOMMENDATIONS, f"D{row}")
    c.place("recommendations_verdicts", RECOMMENDATIONS, f"B{_TOP}:C{end}")
    c.place("recommendations_gains", RECOMMENDATIONS, f"J{_TOP}:N{end}")
    for row in range(end + 1, end + 3):
        ws.write_blank(f"B{row}", None, book.format(align="left", font_color=MUTED))
    c.place("recommendations_apply", RECOMMENDATIONS, f"B{end + 1}:B{end + 2}")
    for word, look in ((VERDICTS["recommended"], {"font_color": ACCENT}),
                       (VERDICTS["not enough evidence"], {"font_color": MUTED})):  # fmt: skip
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"',
                "format": book.workbook.add_format(look)}  # fmt: skip
        ws.conditional_format(f"C{_TOP}:C{end}", rule)
