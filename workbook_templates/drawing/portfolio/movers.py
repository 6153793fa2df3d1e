"""*Movers*: whose score moved most since the last snapshot, and what moved it."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.charts import place_chart, plain_chart
from workbook_templates.drawing.portfolio.parts import (
    Card,
    cards,
    chips,
    money_column,
    page,
    table_range,
)
from workbook_templates.drawing.theme import GAIN, LOSS, SPARK
from workbook_templates.portfolio.movers import BUCKETS, CHART, FIRST_SCORE, TABLE, series_of
from workbook_templates.portfolio.names import MOVERS, WORKINGS


def draw(c: Canvas) -> None:
    """Draw totals and the spread of changes over the Table of movers."""
    ws = page(c, MOVERS, "movers")
    c.table(TABLE, height=34, row_height=24)
    cards(c, MOVERS, 4, "P", _cards(c))
    ws.set_row_pixels(6, 12)
    _chart(c)
    for key in ("tier", "previous_tier"):
        chips(c, ws, table_range(c, TABLE, key))
    for key in ("change", "moved_points"):
        c.book.signed_rules(ws, table_range(c, TABLE, key))
    money_column(c, TABLE, "arr", "currency")
    ws.freeze_panes(2, 2)
    ws.repeat_rows(c.at[TABLE][0] - 1)
    c.workings.append(lambda sheet: _spread(c, sheet))


def _cards(c: Canvas) -> tuple[Card, ...]:
    change, arr = c.column("Accounts", "change"), c.column("Accounts", "arr_total")
    return (
        Card("movers_sum_fell", "B", "Fell", formula=f'COUNTIF({change},"<0")'),
        Card("movers_sum_fell_arr", "D", "ARR that fell", "money", f'SUMIFS({arr},{change},"<0")'),
        Card("movers_sum_rose", "E", "Rose", formula=f'COUNTIF({change},">0")'),
        Card("movers_sum_rose_arr", "I", "ARR that rose", "money", f'SUMIFS({arr},{change},">0")'),
        Card("movers_sum_same", "J", "Unchanged", formula=f"COUNTIF({change},0)"),
        Card("movers_sum_mean", "L", "Mean change", "change1",
             f'IF(COUNT({change})>0,AVERAGE({change}),"")'),
    )  # fmt: skip


def _spread(c: Canvas, ws: Worksheet) -> None:
    """How many accounts moved how far: a bucket a row, a series a direction."""
    change, score = c.column("Accounts", "change"), c.column("Accounts", "score")
    # Columns GA to GD.
    for row, (label, low, high) in enumerate(BUCKETS):
        parts = [f'{change},">={low}"'] if low is not None else []
        parts += [f'{change},"<={high}"'] if high is not None else []
        ws.write_string(row, 182, label)
        column = 183 + series_of(low, high)
        ws.write_formula(row, column, f"=COUNTIFS({','.join(parts)})")
    end = len(BUCKETS)
    ws.write_string(end, 182, FIRST_SCORE)
    ws.write_formula(end, 184, f"=COUNT({score})-COUNT({change})")
    c.place("movers_spread", WORKINGS, f"GB1:GD{end + 1}")


def _chart(c: Canvas) -> None:
    end = len(BUCKETS) + 1
    series = {
        "Fell": (f"{WORKINGS}!$GB$1:$GB${end}", LOSS),
        "Same": (f"{WORKINGS}!$GC$1:$GC${end}", SPARK),
        "Rose": (f"{WORKINGS}!$GD$1:$GD${end}", GAIN),
    }
    chart = plain_chart(c, CHART, "column", f"{WORKINGS}!$GA$1:$GA${end}", series, gap=30)
    place_chart(c, chart, MOVERS, "B8", (1120, 230), title="How far scores moved",
                across="Accounts", along="Change of the score in points", visible=True,
                label_position="none")  # fmt: skip
