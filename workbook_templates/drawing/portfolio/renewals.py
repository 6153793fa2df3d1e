"""*Renewals* of the portfolio workbook: score × days left × ARR, buckets, and the list."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from scoring.renewal_calendar import BUCKET_ENDS
from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import (
    chips,
    money,
    money_column,
    page,
    table_range,
)
from workbook_templates.drawing.portfolio.renewal_chart import Block, draw_points, renewal_chart
from workbook_templates.drawing.portfolio.renewal_forecast import draw_forecast, draw_goals
from workbook_templates.drawing.theme import DATA_BAR, LOSS, MUTED, NUMBER
from workbook_templates.portfolio.accounts import TABLE as ACCOUNTS
from workbook_templates.portfolio.basis import TIER_CELLS
from workbook_templates.portfolio.figures import SOON
from workbook_templates.portfolio.names import RENEWALS, WORKINGS
from workbook_templates.portfolio.renewals import BELOW, CHART, GREEN, LARGEST, TABLE
from workbook_templates.portfolio.spoken import money_formula

POINTS = Block(WORKINGS, "AE", 20, BELOW + GREEN, ranks=10)
_LARGEST_TOP = 20
"""First row of the largest amounts below Green on *Workings*, in column AA."""
_TOP, _HELD = 6, 16
"""First rows of the buckets, and of what the largest hold."""
_GOALS, _FORECAST = 21, 32
"""Rows of the titles of the 30-day goals and of the forecast."""
_ROW = 22


def draw(c: Canvas) -> None:
    """Draw the sheet."""
    ws = page(c, RENEWALS, "renewals")
    c.table(TABLE, height=34)
    row = c.at[TABLE][0]
    for number in range(4, row):
        ws.set_row_pixels(number - 1, _ROW)
    ws.write_formula("B1", f"={_title(c)}", c.book.sheet_title())
    _chart(c)
    _buckets(c)
    _concentration(c)
    draw_goals(c, _GOALS)
    draw_forecast(c, _FORECAST)
    c.section(RENEWALS, f"B{row - 1}", f"Renewals in {BUCKET_ENDS[-1]} days, the soonest first")
    _rules(c)
    ws.freeze_panes(2, 2)
    ws.repeat_rows(row - 1)
    ws.set_h_pagebreaks([_FORECAST - 1])
    ws.print_area(0, 0, _END, 11)
    c.workings.append(lambda hidden: draw_points(c, hidden, POINTS, "renewals"))
    c.workings.append(lambda hidden: _largest(c, hidden))


_END = 1048575
"""The last row there is: what is printed grows with the Table."""


def _title(c: Canvas) -> str:
    days, arr = c.column(ACCOUNTS, "days_left"), c.column(ACCOUNTS, "arr_total")
    words = c.column(ACCOUNTS, "tier")
    tests = [f'{words},{TIER_CELLS[k]},{days},">=0",{days},"<={SOON}"' for k in ("amber", "red")]
    count = "+".join(f"COUNTIFS({test})" for test in tests)
    sum_ = "(" + "+".join(f"SUMIFS({arr},{test})" for test in tests) + ")"
    worth = f'IF({sum_}>0,": "&{money_formula(sum_)}&" of ARR","")'
    green = c.cells.tier("green", "label")
    plural = f'IF(({count})=1," account below "," accounts below ")'
    verb = f'IF(({count})=1," renews"," renew")'
    some = f'({count})&{plural}&{green}&{verb}&" within {SOON} days"&{worth}'
    return f'IF(({count})=0,"Nothing below "&{green}&" renews within {SOON} days",{some})'


def _chart(c: Canvas) -> None:
    ws = c.sheets[RENEWALS]
    c.section(RENEWALS, "B4", "Score, days left and ARR")
    chart = renewal_chart(c, POINTS, CHART)
    chart.set_size({"width": 640, "height": 528})
    chart.set_plotarea({"layout": {"x": 0.08, "y": 0.03, "width": 0.84, "height": 0.85}})
    alt = {"object_position": 2, "description": "Renewals by days left and score."}
    ws.insert_chart("B5", chart, alt)
    row = c.at[TABLE][0] - 2
    ws.write_blank(f"B{row - 1}", None, c.book.format(font_size=8, font_color=MUTED))
    c.place("renewals_chart_note", RENEWALS, f"B{row - 1}")


def _buckets(c: Canvas) -> None:
    ws, book, green = c.sheets[RENEWALS], c.book, c.model.tier_label("green")
    c.section(RENEWALS, f"H{_TOP - 2}", "By days left")
    write_heads(ws, book, _TOP - 1, [
        ("H", "Days left", "left"), ("I", "Accounts", "right"), ("J", "ARR", "right"),
        ("K", f"ARR below {green}", "right"), ("L", "Its share", "right")])  # fmt: skip
    firsts = [0, *(end + 1 for end in BUCKET_ENDS[:-1])]
    row = _TOP
    for first, last in zip(firsts, BUCKET_ENDS, strict=True):
        _bucket(c, row, f"{first} to {last}", f'">={first}"', f'"<={last}"')
        row += 1
    ws.write_string(f"H{row}", "Total", book.total())
    for column in "IJK":
        look = {"indent": int(column == "K")}
        total = book.total(num_format=NUMBER["whole"], align="right", **look)
        ws.write_formula(f"{column}{row}", f"=SUM({column}{_TOP}:{column}{row - 1})", total)
    _share(c, row, book.total)
    _bucket(c, row + 1, "Passed", '"<0"', '"<0"')
    money(c, ws, f"J{_TOP}:K{row + 1}")
    book.bar(ws, f"L{_TOP}:L{row + 1}", 1.5, DATA_BAR)
    c.place("renewals_buckets", RENEWALS, f"I{_TOP}:L{row + 1}")


def _bucket(c: Canvas, row: int, label: str, low: str, high: str) -> None:
    """One span of days: all accounts, their ARR, and the ARR below Green."""
    ws, book = c.sheets[RENEWALS], c.book
    number = book.row(num_format=NUMBER["whole"], align="right")
    days, arr = c.column(ACCOUNTS, "days_left"), c.column(ACCOUNTS, "arr_total")
    tests = f"{days},{low},{days},{high}"
    below = "+".join(
        f"SUMIFS({arr},{tests},{c.column(ACCOUNTS, 'tier')},{TIER_CELLS[key]})"
        for key in ("amber", "red")
    )
    ws.write_string(f"H{row}", label, book.row())
    ws.write_formula(f"I{row}", f"=COUNTIFS({tests})", number)
    ws.write_formula(f"J{row}", f"=SUMIFS({arr},{tests})", number)
    risk = book.row(num_format=NUMBER["whole"], align="right", indent=1)
    ws.write_formula(f"K{row}", f"={below}", risk)
    _share(c, row, book.row)


def _share(c: Canvas, row: int, look: Any) -> None:
    share = look(num_format=NUMBER["percent1"], align="right")
    text = f'=IF($J{row}>0,$K{row}/$J{row},"")'
    c.sheets[RENEWALS].write_formula(f"L{row}", text, share)


def _concentration(c: Canvas) -> None:
    """How much of all ARR below Green the largest accounts hold."""
    ws, book, green = c.sheets[RENEWALS], c.book, c.model.tier_label("green")
    c.section(RENEWALS, f"H{_HELD - 2}", f"ARR below {green}: who holds it")
    write_heads(ws, book, _HELD - 1, [
        ("H", "Largest", "left"), ("I", "", "left"), ("J", "", "left"),
        ("K", "Their ARR", "right"), ("L", "Share of it", "right")])  # fmt: skip
    first = f"{WORKINGS}!$AA${_LARGEST_TOP}"
    whole = f"SUM({c.column(ACCOUNTS, 'arr_risk')})"
    for row, count in enumerate(LARGEST, start=_HELD):
        ws.write_string(f"H{row}", f"{count} account{'' if count == 1 else 's'}", book.row())
        for column in "IJ":
            ws.write_blank(f"{column}{row}", None, book.row())
        number = book.row(num_format=NUMBER["whole"], align="right", indent=1)
        held = f"=SUM({first}:$AA${_LARGEST_TOP + count - 1})"
        ws.write_formula(f"K{row}", held, number)
        share = f'=IF({whole}>0,$K{row}/{whole},"")'
        ws.write_formula(f"L{row}", share, book.row(num_format=NUMBER["percent1"], align="right"))
    end = _HELD + len(LARGEST) - 1
    money(c, ws, f"K{_HELD}:K{end}")
    book.bar(ws, f"L{_HELD}:L{end}", 1.5, DATA_BAR)
    c.place("renewals_held", RENEWALS, f"K{_HELD}:L{end}")


def _largest(c: Canvas, ws: Worksheet) -> None:
    """The largest amounts below Green; 0 where there are fewer."""
    risk = c.column(ACCOUNTS, "arr_risk")
    ws.write_string(f"AA{_LARGEST_TOP - 1}", "Largest", c.book.head())
    for k in range(1, max(LARGEST) + 1):
        text = f"=IFERROR(LARGE({risk},{k}),0)"
        ws.write_formula(f"AA{_LARGEST_TOP + k - 1}", text)
    end = _LARGEST_TOP + max(LARGEST) - 1
    c.place("renewals_largest", WORKINGS, f"AA{_LARGEST_TOP}:AA{end}")


def _rules(c: Canvas) -> None:
    ws, book = c.sheets[RENEWALS], c.book
    chips(c, ws, table_range(c, TABLE, "tier"))
    book.signed_rules(ws, table_range(c, TABLE, "change"))
    money_column(c, TABLE, "arr", "currency")
    rust = book.workbook.add_format({"font_color": LOSS, "bold": True})
    where = table_range(c, TABLE, "days_left")
    near = f"=AND(ISNUMBER({where.split(':')[0]}),{where.split(':')[0]}<=30)"
    ws.conditional_format(where, {"type": "formula", "criteria": near, "format": rust})
