"""*Metrics*: what each dimension and metric foretold."""

from __future__ import annotations

from workbook_templates.backtest.metrics import DIMENSION_CHART, METRIC_CHART, TABLE, lead_key
from workbook_templates.backtest.names import METRICS
from workbook_templates.drawing.backtest.canvas import Canvas
from workbook_templates.drawing.backtest.charts import auc_bars
from workbook_templates.drawing.portfolio.parts import page, table_range
from workbook_templates.drawing.theme import ACCENT, DATA_BAR, LOSS, LOSS_BAR, MUTED, WHITE

_ROOMY = 14
"""Bars whose labels have room at ten points."""


def draw(c: Canvas) -> None:
    """Draw two charts over the Table; AUC by lead is a small heat map in it."""
    ws = page(c, METRICS, "metrics")
    c.table(TABLE, height=34, row_height=c.tall(TABLE))
    top = c.at[TABLE][0]
    for row in range(4, top):
        ws.set_row_pixels(row - 1, 21)
    if c.shape.compared:
        auc_bars(c, METRIC_CHART, "MetricBars", (METRICS, "B4"), (856, 400),
                 title="Metrics: AUC with 95% interval, best first", along="Metric",
                 text=_text(c, "MetricBars"))  # fmt: skip
        auc_bars(c, DIMENSION_CHART, "DimensionBars", (METRICS, "M4"), (860, 400),
                 title="Dimensions: AUC with 95% interval", along="Dimension",
                 text=_text(c, "DimensionBars"))  # fmt: skip
    c.section(METRICS, f"B{top - 1}", "Dimensions, then metrics")
    small = c.book.format(font_size=8, font_color=MUTED)
    ws.write_blank(f"E{top - 1}", None, small)
    c.place("metrics_common", METRICS, f"E{top - 1}")
    if c.shape.leads:
        first = table_range(c, TABLE, lead_key(c.shape.leads[0])).split(":")[0].rstrip("0123456789")
        ws.write_string(f"{first}{top - 1}", "AUC by days before the outcome", small)
    _rules(c)
    ws.freeze_panes(2, 3)


def _text(c: Canvas, table: str) -> int:
    """Points of a chart's labels: smaller where many bars leave each less room."""
    return 10 if c.rows.get(table, 2) <= _ROOMY else 8


def _rules(c: Canvas) -> None:
    ws = c.sheets[METRICS]
    if c.shape.leads:
        first, last = (table_range(c, TABLE, lead_key(c.shape.leads[k])) for k in (0, -1))
        heat = {"type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
                "min_value": 0.3, "mid_value": 0.5, "max_value": 0.9, "min_color": LOSS_BAR,
                "mid_color": WHITE, "max_color": DATA_BAR}  # fmt: skip
        ws.conditional_format(f"{first.split(':')[0]}:{last.split(':')[1]}", heat)
    verdict = table_range(c, TABLE, "verdict")
    looks = {"Predicts": {"font_color": ACCENT, "bold": True},
             "Wrong way": {"font_color": LOSS, "bold": True},
             "Too few values": {"font_color": MUTED, "italic": True}}  # fmt: skip
    for word, look in looks.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"',
                "format": c.book.workbook.add_format(look)}  # fmt: skip
        ws.conditional_format(verdict, rule)
