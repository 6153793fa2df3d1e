"""*Score history*: accounts, ARR and mean score by tier, snapshot by snapshot."""

from __future__ import annotations

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, tier_chart
from workbook_templates.drawing.portfolio.parts import money, page, table_range
from workbook_templates.drawing.theme import MUTED, SHORT_AMOUNT
from workbook_templates.portfolio.history import ARR_CHART, COUNT_CHART, MONTH_TABLE, TABLE
from workbook_templates.portfolio.names import HISTORY

_TIERS = ("green", "amber", "red")
_WIDTH, _HEIGHT = 628, 320


def draw(c: Canvas) -> None:
    """Draw two charts over the Table of snapshots."""
    ws = page(c, HISTORY, "history")
    c.table(TABLE, height=34, row_height=22)
    last = c.at[TABLE][0]
    _charts(c)
    ws.write_blank(f"B{last - 1}", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("history_below", HISTORY, f"B{last - 1}")
    ws.write_blank(f"B{last - 2}", None, c.book.format())
    c.place("history_ahead", HISTORY, f"B{last - 2}")
    c.book.signed_rules(ws, table_range(c, TABLE, "moved"))
    for key in _TIERS:
        money(c, ws, table_range(c, TABLE, f"{key}_arr"), dot=True)
    ws.freeze_panes(2, 2)
    ws.repeat_rows(last - 1)
    # What the charts read: a Table out of sight, so that it has as many rows as months.
    c.workings.append(lambda _: c.table(MONTH_TABLE, height=20, row_height=20))


def _charts(c: Canvas) -> None:
    months = c.column(MONTH_TABLE, "month")
    for name, suffix, ref, across, form in (
        (COUNT_CHART, "", "B4", "Accounts", "#,##0"),
        (ARR_CHART, "_arr", "I4", "ARR, main currency", SHORT_AMOUNT),
    ):
        values = {key: c.column(MONTH_TABLE, f"{key}{suffix}") for key in _TIERS}
        chart = tier_chart(c, name, "column", months, values, labels="", gap=25)
        place_chart(c, chart, HISTORY, ref, (_WIDTH, _HEIGHT), title=name, across=across,
                    along="Month", num_format=form)  # fmt: skip
