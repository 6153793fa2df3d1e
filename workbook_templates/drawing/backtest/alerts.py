"""*Alerts*: whether alerts and overrides were right."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from workbook_templates.backtest.alerts import CHART, OVERRIDES, TABLE
from workbook_templates.backtest.names import ALERTS
from workbook_templates.drawing.account.canvas import heads, write_heads
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, plain_chart
from workbook_templates.drawing.portfolio.parts import Card, cards, page, underline
from workbook_templates.drawing.theme import ACCENT, MUTED, NUMBER

_TOP = 10
"""First row of the overrides."""


def draw(c: Canvas) -> None:
    """Draw figures and overrides over the Table of triggers, a chart beside it."""
    ws = page(c, ALERTS, "backtest_alerts")
    c.table(TABLE, height=34, row_height=c.tall(TABLE))
    cards(c, ALERTS, 4, "L", (
        Card("backtest_fired", "B", "Alerts followed up"),
        Card("backtest_precision", "C", "Right", "percent"),
        Card("backtest_caught", "H", "Lost accounts with an alert", "percent"),
        Card("backtest_lead", "J", "Median lead"),
    ))  # fmt: skip
    if c.shape.overridden:
        _overrides(c, ws)
    top = c.at[TABLE][0]
    c.section(ALERTS, f"B{top - 1}", "Alerts by trigger")
    if c.shape.alerted:
        _chart(c, top)
    ws.freeze_panes(2, 0)


def _overrides(c: Canvas, ws: Worksheet) -> None:
    c.section(ALERTS, f"B{_TOP - 2}", "Overrides by people")
    words = ("Right", "Of", "Share", "95% from", "95% to", "Not overridden")
    write_heads(ws, c.book, _TOP - 1, [("B", "Override", "left"), *heads("CDEFGH", words, "right")])
    end = _TOP + len(OVERRIDES) - 1
    for row in range(_TOP, end + 1):
        ws.write_blank(f"B{row}", None, c.book.format())
        for letter, form in zip("CDEFGH", ("whole", "whole", *["percent"] * 4),
                                strict=True):  # fmt: skip
            look = c.book.format(num_format=NUMBER[form], align="right", bold=letter == "E")
            ws.write_blank(f"{letter}{row}", None, look)
    underline(c, ws, f"B{_TOP}:H{end}", "B")
    c.place("backtest_overrides", ALERTS, f"B{_TOP}:H{end}")
    ws.write_blank(f"B{end + 1}", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("backtest_overrides_note", ALERTS, f"B{end + 1}")


def _chart(c: Canvas, top: int) -> None:
    labels, shares = (c.column("TriggerBars", key) for key in ("label", "share"))
    chart = plain_chart(c, CHART, "bar", labels, {"Precision": (shares, ACCENT)}, labels="0%")
    c.book.columns(c.sheets[ALERTS], {"L": 24})
    place_chart(c, chart, ALERTS, f"M{_TOP - 2}", (420, 300), title=CHART,
                across="Right, share of alerts", along="Trigger", bars=True,
                num_format=";;;")  # fmt: skip
