"""*Data quality*: what is not known, how far scores can be trusted, what to mend."""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.worksheet import Worksheet

from scoring.rollup import STATUSES
from workbook_templates.drawing.account.canvas import heads, write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, plain_chart
from workbook_templates.drawing.portfolio.parts import Card, cards, money, page, underline
from workbook_templates.drawing.theme import ACCENT, NUMBER
from workbook_templates.portfolio.names import QUALITY, WORKINGS
from workbook_templates.portfolio.quality import BINS, CHART, CURRENCIES, TABLE

TOP = 10
"""First row of the metrics."""
_BAR = 0.8
"""Top of the bars of shares: they end before the number, but where nearly nothing is known."""


def draw(c: Canvas) -> None:
    """Draw totals, metrics, statuses and currencies over the Table of lines."""
    ws, count = page(c, QUALITY, "quality"), max(len(c.model.metrics), 1)
    below = TOP + max(count, 8) + 3
    # What stands above the Table is as high as the model has metrics.
    c.at[TABLE] = (below + len(STATUSES) + 3, 1)
    c.table(TABLE, height=34, row_height=30)
    last = c.at[TABLE][0]
    for row in range(7, last):
        ws.set_row_pixels(row - 1, 22)
    cards(c, QUALITY, 4, "I", _cards(c))
    _metrics(c, count)
    _statuses(c, below)
    _currencies(c, below)
    _chart(c)
    c.section(QUALITY, f"B{last - 1}", "To mend, most urgent first")
    ws.freeze_panes(2, 2)
    ws.repeat_rows(last - 1)
    c.workings.append(lambda sheet: _bins(c, sheet))


def _cards(c: Canvas) -> tuple[Card, ...]:
    def of(key: str) -> str:
        return c.column("Accounts", key)

    coverage = of("coverage")
    mean = f'IF(COUNT({coverage})>0,AVERAGE({coverage}),"")'
    every = f"COUNTA({of('account_id')})"
    return (
        Card("quality_coverage", "B", "Coverage", "percent", mean),
        Card("quality_none", "C", "No tier", formula=f'COUNTIF({of("tier")},"○*")'),
        Card("quality_unread", "D", "Values not read"),
        Card("quality_missing", "E", "Missing", formula=f"SUM({of('missing')})"),
        Card("quality_stale", "F", "Stale", formula=f"SUM({of('stale')})"),
        Card("quality_overrides", "G", "Overrides end"),
        Card("quality_noarr", "H", "Accounts without ARR", formula=f"{every}-COUNT({of('arr')})"),
    )


def _metrics(c: Canvas, count: int) -> None:
    ws, book = c.sheets[QUALITY], c.book
    c.section(QUALITY, f"B{TOP - 2}", "Metrics, most gaps first")
    top = [("B", "Metric", "left"), ("C", "Dimension", "left1")]
    write_heads(ws, book, TOP - 1, [*top, *heads("DEF", ("Missing", "Stale", "Share"), "right")])
    look: dict[str, dict[str, Any]] = {
        "E": {"indent": 1},
        "B": {"bold": True, "shrink": True},
        "C": {"indent": 1, "shrink": True},
    }
    forms = dict(zip("DEF", ("matrix", "matrix", "share"), strict=True))
    for row in range(TOP, TOP + count):
        for column in "BCDEF":
            align = "right" if column in forms else "left"
            form = NUMBER[forms.get(column, "text")]
            more = look.get(column, {})
            ws.write_blank(f"{column}{row}", None, book.row(num_format=form, align=align, **more))
    end = TOP + count - 1
    book.bar(ws, f"F{TOP}:F{end}", _BAR)
    c.place("quality_metrics", QUALITY, f"B{TOP}:F{end}")


def _statuses(c: Canvas, top: int) -> None:
    ws, book = c.sheets[QUALITY], c.book
    c.section(QUALITY, f"B{top - 2}", "Accounts by status")
    write_heads(ws, book, top - 1, [("B", "Status", "left"),
                                    *heads("CD", ("Accounts", "ARR"), "right")])  # fmt: skip
    status, arr = c.column("Accounts", "status"), c.column("Accounts", "arr_total")
    number = book.row(num_format=NUMBER["matrix"], align="right")
    for row, word in enumerate(STATUSES, start=top):
        ws.write_string(f"B{row}", word, book.row())
        ws.write_formula(f"C{row}", f"=COUNTIF({status},$B{row})", number)
        ws.write_formula(f"D{row}", f"=SUMIFS({arr},{status},$B{row})", number)
    end = top + len(STATUSES) - 1
    money(c, ws, f"D{top}:D{end}", dot=True)
    c.place("quality_statuses", QUALITY, f"C{top}:D{end}")


def _currencies(c: Canvas, top: int) -> None:
    """ARR by currency, each in its own."""
    ws, book = c.sheets[QUALITY], c.book
    c.section(QUALITY, f"E{top - 2}", "ARR by currency")
    write_heads(ws, book, top - 1, [("E", "Currency", "left1"),
                                    *heads("FG", ("Accounts", "ARR"), "right")])  # fmt: skip
    for row in range(top, top + CURRENCIES):
        ws.write_blank(f"E{row}", None, book.format(indent=1))
        for column in "FG":
            look = book.format(num_format=NUMBER["whole"], align="right")
            ws.write_blank(f"{column}{row}", None, look)
    end = top + CURRENCIES - 1
    underline(c, ws, f"E{top}:G{end}")
    c.place("quality_currencies", QUALITY, f"E{top}:G{end}")


def _bins(c: Canvas, ws: Worksheet) -> None:
    """How many accounts have which coverage, in HA and HB."""
    coverage = c.column("Accounts", "coverage")
    for row, (label, low, high) in enumerate(BINS):
        tests = [f'{coverage},">={low}"'] if low > -math.inf else []
        tests += [f'{coverage},"<{high}"'] if high < math.inf else []
        ws.write_string(row, 208, label)
        ws.write_formula(row, 209, f"=COUNTIFS({','.join(tests)})")
    c.place("quality_bins", WORKINGS, f"HB1:HB{len(BINS)}")


def _chart(c: Canvas) -> None:
    labels, values = (f"{WORKINGS}!${x}$1:${x}${len(BINS)}" for x in ("HA", "HB"))
    chart = plain_chart(c, CHART, "column", labels, {"Accounts": (values, ACCENT)})
    place_chart(c, chart, QUALITY, f"H{TOP - 2}", (520, 230), title="Accounts by coverage",
                across="Accounts", along="Share of the weight that is known",
                label_position="none")  # fmt: skip
