"""The forecast on *Renewals*: month by month, with a range, live over *Accounts*; and the goals."""

from __future__ import annotations

from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from scoring.judgement.forecast import MONTHS, SPREAD
from workbook_templates.drawing.account.canvas import write_heads
from workbook_templates.drawing.portfolio.canvas import Canvas
from workbook_templates.drawing.portfolio.parts import money
from workbook_templates.drawing.theme import (
    ACCENT,
    DATA_BAR,
    MUTED,
    NUMBER,
    WHITE,
    calm_axis,
    calm_chart,
    chart_font,
)
from workbook_templates.portfolio.accounts import TABLE as ACCOUNTS
from workbook_templates.portfolio.names import RENEWALS, WORKINGS
from workbook_templates.portfolio.renewal_forecast import FORECAST_CHART, GOAL_LINES

__all__ = ["draw_forecast", "draw_goals"]

_MONTH = "mmm yyyy"
_COLUMN, _CHART_TOP = "KA", 20
"""Where the chart's columns stand on *Workings*: low, range, expected."""
_AFTER = ("Later", "Passed", "Date not known")


class _Span(NamedTuple):
    """How a row finds its accounts: tests of SUMIFS, or a mask of SUMPRODUCT."""

    tests: str = ""
    mask: str = ""


def draw_forecast(c: Canvas, title: int) -> None:
    """Draw the block with its title in a row."""
    ws, book, top = c.sheets[RENEWALS], c.book, title + 3
    c.section(RENEWALS, f"B{title}", "Renewal forecast, 12 months")
    ws.write_blank(f"B{title + 1}", None, book.sheet_note())
    c.place("forecast_note", RENEWALS, f"B{title + 1}")
    write_heads(ws, book, title + 2, [
        ("B", "Renews in", "left"), ("C", "Renewing ARR", "right"), ("D", "Accounts", "right"),
        ("E", "Expected renewed", "right"), ("F", "GRR", "right"), ("G", "Expected loss", "right"),
        ("H", "Low", "right"), ("I", "High", "right"), ("J", "ARR without tier", "right"),
    ])  # fmt: skip
    ws.set_row_pixels(title + 1, 32)
    first, end = f"$B${top}", top + MONTHS + len(_AFTER)
    rows = [_month(c, top + i) for i in range(MONTHS)]
    day = c.column(ACCOUNTS, "renewal_date")
    last = f"EDATE({first},{MONTHS})"
    rows += [
        _between(day, c.as_of, last),
        _Span(f'{day},">="&{last}'),
        _Span(f'{day},"<"&{c.as_of}'),
        _Span(mask=f"--NOT(ISNUMBER({day}))"),
    ]
    _labels(c, top)
    for row, span in enumerate(rows, start=top):
        _row(c, row, span, total=row == top + MONTHS)
    for where in (f"C{top}:C{end}", f"E{top}:E{end}", f"G{top}:J{end}"):
        money(c, ws, where)
    c.place("forecast_labels", RENEWALS, f"B{top}:B{end}")
    c.place("forecast", RENEWALS, f"C{top}:J{end}")
    _chart(c, top, f"K{title + 2}")
    c.workings.append(lambda hidden: _chart_cells(c, hidden, top))


def _labels(c: Canvas, top: int) -> None:
    """First days of the months, live; words for the rest."""
    ws, book = c.sheets[RENEWALS], c.book
    look = book.row(num_format=_MONTH, align="left")
    ws.write_formula(f"B{top}", f"=DATE(YEAR({c.as_of}),MONTH({c.as_of}),1)", look)
    for row in range(top + 1, top + MONTHS):
        ws.write_formula(f"B{row}", f"=EDATE(B{row - 1},1)", look)
    ws.write_string(f"B{top + MONTHS}", f"Next {MONTHS} months", book.total())
    for row, word in enumerate(_AFTER, start=top + MONTHS + 1):
        ws.write_string(f"B{row}", word, book.row())


def _between(day: str, low: str, end: str) -> _Span:
    return _Span(f'{day},">="&{low},{day},"<"&{end}')


def _month(c: Canvas, row: int) -> _Span:
    day = c.column(ACCOUNTS, "renewal_date")
    return _between(day, f"MAX($B{row},{c.as_of})", f"EDATE($B{row},1)")


def _row(c: Canvas, row: int, span: _Span, *, total: bool) -> None:
    """Sums over *Accounts*, and what follows from them."""
    ws, look = c.sheets[RENEWALS], c.book.total if total else c.book.row
    spread = f"{SPREAD}*SQRT({_sum(c, span, 'loss_variance')})"
    base = f"(C{row}-J{row})"
    cells = {
        "C": _sum(c, span, "arr_total"),
        "D": _count(c, span),
        "E": f"C{row}-J{row}-G{row}",
        "F": f'IF({base}>0,E{row}/{base},"")',
        "G": _sum(c, span, "renewal_loss"),
        "H": f"MAX(0,G{row}-{spread})",
        "I": f"MIN({base},G{row}+{spread})",
        "J": f"ROUND(C{row}-{_scored(c, span)},2)",
    }
    for column, text in cells.items():
        form = NUMBER["percent1"] if column == "F" else NUMBER["whole"]
        ws.write_formula(f"{column}{row}", f"={text}", look(num_format=form, align="right"))


def _sum(c: Canvas, span: _Span, key: str) -> str:
    of = c.column(ACCOUNTS, key)
    return f"SUMPRODUCT({span.mask},{of})" if span.mask else f"SUMIFS({of},{span.tests})"


def _count(c: Canvas, span: _Span) -> str:
    # The one row of an empty portfolio is no account.
    names = c.column(ACCOUNTS, "account_id")
    return f'SUMPRODUCT({span.mask},--({names}<>""))' if span.mask else f"COUNTIFS({span.tests})"


def _scored(c: Canvas, span: _Span) -> str:
    """ARR of accounts that something is forecast of."""
    arr, loss = c.column(ACCOUNTS, "arr_total"), c.column(ACCOUNTS, "renewal_loss")
    if span.mask:
        return f"SUMPRODUCT({span.mask},--ISNUMBER({loss}),{arr})"
    return f'SUMIFS({arr},{span.tests},{loss},">=0")'


def _chart_cells(c: Canvas, ws: Worksheet, top: int) -> None:
    """Low end, range and expected loss of each month."""
    for i in range(MONTHS):
        row, at = top + i, _CHART_TOP + i
        for column, text in (("KA", f"H{row}"), ("KB", f"I{row}-{RENEWALS}!H{row}"),
                             ("KC", f"G{row}")):  # fmt: skip
            ws.write_formula(f"{column}{at}", f"={RENEWALS}!{text}")
    end = _CHART_TOP + MONTHS - 1
    c.place("forecast_chart", WORKINGS, f"{_COLUMN}{_CHART_TOP}:KC{end}")


def _chart(c: Canvas, top: int, ref: str) -> None:
    """A bar from low to high each month, and a point at what is expected."""
    book = c.book.workbook
    months = f"={RENEWALS}!$B${top}:$B${top + MONTHS - 1}"

    def cells(column: str) -> str:
        end = _CHART_TOP + MONTHS - 1
        return f"={WORKINGS}!${column}${_CHART_TOP}:${column}${end}"

    bars = book.add_chart({"type": "column", "subtype": "stacked", "name": FORECAST_CHART})
    common: dict[str, Any] = {"categories": months, "border": {"none": True}, "gap": 60}
    bars.add_series({"name": "Low", "values": cells("KA"), "fill": {"none": True}, **common})
    bars.add_series({"name": "80% range", "values": cells("KB"),
                     "fill": {"color": DATA_BAR}, **common})  # fmt: skip
    line = book.add_chart({"type": "line"})
    marker = {"type": "circle", "size": 6, "fill": {"color": ACCENT}, "border": {"color": WHITE}}
    line.add_series({"name": "Expected loss", "categories": months, "values": cells("KC"),
                     "line": {"none": True}, "marker": marker})  # fmt: skip
    bars.combine(line)
    calm_chart(bars, "Expected loss by month: bar 80% range, point expected")
    bars.show_hidden_data()
    named = {"name_font": chart_font(8)}
    bars.set_x_axis(
        calm_axis(name="Month of renewal", num_format="mmm yy", text_axis=True, **named)
    )
    bars.set_y_axis(calm_axis(name="ARR", min=0, num_format=NUMBER["whole"], line={"none": True},
                              **named))  # fmt: skip
    bars.set_size({"width": 436, "height": 380})
    options = {"object_position": 3, "description": "", "x_offset": 12}
    c.sheets[RENEWALS].insert_chart(ref, bars, options)


def draw_goals(c: Canvas, title: int) -> None:
    """What the portfolio can reach in 30 days, a sentence a row."""
    ws, book = c.sheets[RENEWALS], c.book
    c.section(RENEWALS, f"H{title}", "Goals for the next 30 days")
    for row in range(title + 1, title + 1 + GOAL_LINES):
        last = row == title + GOAL_LINES
        look = book.format(font_color=MUTED, font_size=8) if last else book.row(shrink=True)
        ws.merge_range(f"H{row}:L{row}", "", look)
    c.place("portfolio_goals", RENEWALS, f"H{title + 1}:H{title + GOAL_LINES}")
